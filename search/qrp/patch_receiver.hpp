#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "node/base/result.hpp"
#include "node/wire/message.hpp"
#include "search/qrp/routing_table.hpp"

namespace praline::search::qrp {

/// Builds a neighbour's table from its RESET and PATCH messages. The size announced by RESET is also the limit of what a
/// patch may inflate to, so a bomb ends where the table ends; an inflater lives only while a sequence is under way.
/// @threads any, one at a time.   @source QRP; node/wire/protocol/query-routing.md
class PatchReceiver {
public:
    PatchReceiver();
    ~PatchReceiver();
    PatchReceiver(PatchReceiver&&) noexcept;
    PatchReceiver& operator=(PatchReceiver&&) noexcept;

    struct Progress {
        bool finished;  ///< a RESET, or the last PATCH of a sequence
        bool changed;   ///< some slot differs from what it was when the sequence began
    };
    /// Only the sign of a delta counts: negative sets, positive clears. Entries of 8, 4 and 2 bits are signed, those of
    /// 1 bit flip. After an error the table is of no use and further messages give errors until a RESET.
    /// @errors bad_value: no power of two, infinity 0, PATCH without RESET or out of order, changed compressor or entry
    /// bits, or data zlib cannot read; unknown_type: other entry bits; limit_exceeded: more slots than allowed, or more
    /// data than slots; bad_length: a sequence that ends before the last slot.
    [[nodiscard]] Result<Progress> apply(wire::Qrp const& message);

    /// Empty before the first RESET and after an error.
    [[nodiscard]] QueryRoutingTable const* table() const { return table_ ? &*table_ : nullptr; }
    [[nodiscard]] std::size_t memory_bytes() const;

private:
    class Inflater;
    using Fault = std::optional<WireError>;
    [[nodiscard]] Result<Progress> apply_reset(wire::QrpReset const& reset);
    [[nodiscard]] Result<Progress> apply_patch(wire::QrpPatch const& patch);
    [[nodiscard]] Fault begin_or_go_on(wire::QrpPatch const& patch);
    [[nodiscard]] Fault take_data(wire::QrpPatch const& patch);
    [[nodiscard]] Fault take_entries(ByteView entries);
    void take_byte(std::uint8_t byte);
    [[nodiscard]] WireError fail(WireError error);

    std::optional<QueryRoutingTable> table_;
    std::unique_ptr<Inflater> inflater_;
    std::uint32_t next_slot_ = 0;
    std::uint8_t next_number_ = 1;  // of the PATCH we wait for
    std::uint8_t count_ = 0;
    std::uint8_t entry_bits_ = 0;
    bool deflated_ = false;
    bool changed_ = false;
};

}  // namespace praline::search::qrp
