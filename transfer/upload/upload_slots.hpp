#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "node/base/address.hpp"
#include "node/base/time.hpp"
#include "transfer/upload/limits.hpp"

namespace praline::upload {

struct Granted {};
struct Queued {
    std::size_t position = 0;  ///< from 1; 0: the queue is full, no place was given
    std::size_t length = 0;
    std::chrono::seconds retry_after{0};
};
using SlotAnswer = std::variant<Granted, Queued>;

/// Who may be sent a file now, and in which order the others come. A slot is taken for one body: when that is sent, the
/// connection keeps the slot for a moment only, in which it may ask for the next piece. No address holds more than a
/// share of the slots. Waiting peers are known by address and the ID we gave them; one that does not ask again in time
/// loses its place.
/// @threads one at a time: pure. @source PARQ (passive); node/wire/protocol/transfer.md
class UploadSlots {
public:
    explicit UploadSlots(Limits const& limits) : limits_{limits}, slots_{limits.slots} {}

    /// `connection` wants to be sent a file. `ticket` is the ID it came with, or a fresh one of the caller's; it names
    /// the place when the answer is `Queued`. @pre `now` never goes backwards.
    [[nodiscard]] SlotAnswer ask(std::uint64_t connection, AddressPrefix address, std::string const& ticket,
                                 Instant now);
    /// The body is sent: without another `ask`, the slot is free after `Limits::slot_grace`.
    void sent(std::uint64_t connection, Instant now);
    /// The slot is free now; nothing happens if the connection holds none.
    void release(std::uint64_t connection);
    void set_slots(std::size_t slots) { slots_ = slots; }
    [[nodiscard]] bool holds(std::uint64_t connection, Instant now) const;
    [[nodiscard]] std::size_t in_use(Instant now) const;
    [[nodiscard]] bool has_free(Instant now) const { return in_use(now) < slots_ && waiting_.empty(); }
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    /// Whether somebody would be served if the connection gave its slot back: a peer that waits, or one that was refused
    /// a moment ago since its address, which is the connection's, holds its share.
    [[nodiscard]] bool is_wanted(std::uint64_t connection, Instant now) const;

private:
    struct Holder {
        AddressPrefix address;
        std::optional<Instant> free_at;       ///< its body is sent; the slot is free then
        std::optional<Instant> wanted_until;  ///< another connection of the address was refused
    };
    struct Waiting {
        AddressPrefix address;
        std::string ticket;
        Instant lost_at;
    };
    void forget_the_lost(Instant now);
    /// How many slots one address may hold, and how many places in the queue.
    [[nodiscard]] std::size_t share() const;
    [[nodiscard]] std::size_t held_by(AddressPrefix address) const;
    [[nodiscard]] std::size_t places_of(AddressPrefix address) const;
    [[nodiscard]] std::size_t place_of(AddressPrefix address, std::string const& ticket) const;

    Limits limits_;
    std::size_t slots_;
    std::map<std::uint64_t, Holder> holders_;  ///< by connection
    std::vector<Waiting> waiting_;             ///< the first is next
};

}  // namespace praline::upload
