#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "node/base/time.hpp"
#include "transfer/swarm/byte_range.hpp"
#include "transfer/swarm/range_set.hpp"

namespace praline::swarm {

using SourceId = std::uint32_t;

/// A source as the choice of ranges sees it.
struct Supplier {
    SourceId id = 0;
    RangeSet const* offered = nullptr;  ///< of a partial file; null: it has the whole
    std::optional<double> rate{};       ///< bytes a second; empty: not measured yet
    std::optional<Duration> latency{};  ///< from a request to its first byte; empty: not measured yet
    std::uint64_t sent_bytes = 0;       ///< so far: the less, the less its rate says
    bool is_silent = false;             ///< nothing came for seconds, although something is due
    bool is_stalled = false;            ///< for longer than its way explains
};

/// What is asked of whom: which bytes are missing and nobody's, and what each source still has to send.
///
/// A source takes first what partial files alone would bring last, else in the order of the file, and as much as it sends in some seconds;
/// the less is left, the less at once, so that all end together. When nothing is left to give away, the range of the source
/// that would end last is split in the ratio of the two rates.   @threads one at a time: pure.
class Assignments {
public:
    struct Limits {
        std::uint64_t first_request_bytes = 512 * 1024;  ///< of a source whose rate is not known
        std::uint64_t request_bytes_max = 64 * 1024 * 1024;
        std::uint64_t grain_bytes = 64 * 1024;                  ///< ranges end at multiples of it
        Duration horizon = std::chrono::seconds{20};            ///< what one request is to last at most
        Duration horizon_min = std::chrono::milliseconds{250};  ///< and at least; more with a long way
        Duration gain_min = std::chrono::milliseconds{150};     ///< for less a range is not split
    };
    /// @param missing  what is to be fetched
    Assignments(std::uint64_t piece_bytes, RangeSet missing, Limits limits);

    struct Choice {
        ByteRange range;
        /// Had it until now, and keeps what is in front of it; one that was stalled keeps nothing.
        std::optional<SourceId> victim;
    };
    /// What `taker` is to be asked for; it has it from then on. Empty: nothing that it could do sooner than others.
    /// @param all  every source that could be asked, `taker` among them; for those with a range their rate counts
    /// @pre `taker` has no range
    [[nodiscard]] std::optional<Choice> take(Supplier const& taker, std::span<Supplier const> all);
    /// The next bytes of its range came. @pre not more than it had to send
    void arrived(SourceId source, std::uint64_t bytes);
    /// It sends less than it was asked for. @pre `end` is within its range
    void shorten(SourceId source, std::uint64_t end);
    /// What it has not sent is nobody's again.
    void release(SourceId source);
    /// Bytes that came turned out to be wrong: to be fetched again.
    void missing_again(ByteRange range);
    /// A piece, at its first and last byte: one source is to send all of it, or none.
    void forbid_sharing(ByteRange piece) { unshared_.add(piece); }
    void allow_sharing(ByteRange piece) { unshared_.remove(piece); }
    /// Whether some of the range is of such a piece.
    [[nodiscard]] bool is_unshared(ByteRange range) const { return unshared_.first_in(range).has_value(); }
    /// From here on bytes are wanted first: somebody reads the file.
    void wanted_from(std::uint64_t position) { cursor_ = position, is_read_ = true; }

    [[nodiscard]] std::optional<ByteRange> held_by(SourceId source) const;
    [[nodiscard]] bool any_held() const { return !held_.empty(); }
    [[nodiscard]] RangeSet const& free() const { return free_; }
    /// Whether some of these bytes are free, or held by anybody.
    [[nodiscard]] bool is_wanted(RangeSet const& bytes) const;
    /// Until all that is asked for is here, as the rates are now; empty: never.
    [[nodiscard]] std::optional<Duration> time_left(std::span<Supplier const> all) const;

private:
    [[nodiscard]] std::optional<ByteRange> choose(Supplier const& taker, std::span<Supplier const> all) const;
    [[nodiscard]] std::optional<SourceId> silent_holder(Supplier const& taker, std::span<Supplier const> all,
                                                        bool Supplier::*is_silent) const;
    [[nodiscard]] std::optional<ByteRange> first_free(RangeSet const* offered, ByteRange within) const;
    [[nodiscard]] ByteRange usable(RangeSet const* offered, ByteRange stretch) const;
    [[nodiscard]] std::optional<ByteRange> rarest(Supplier const& taker, std::span<Supplier const> all) const;
    [[nodiscard]] std::uint64_t request_size(Supplier const& taker, std::span<Supplier const> all) const;
    [[nodiscard]] std::optional<Choice> split(Supplier const& taker, std::span<Supplier const> all) const;

    std::uint64_t piece_bytes_;
    RangeSet free_;
    RangeSet unshared_;  // whole pieces
    Limits limits_;
    std::map<SourceId, ByteRange> held_;
    std::uint64_t cursor_ = 0;
    bool is_read_ = false;  // from the cursor on
};

}  // namespace praline::swarm
