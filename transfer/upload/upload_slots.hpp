#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "node/base/time.hpp"
#include "transfer/upload/limits.hpp"

namespace praline::upload {

struct Granted {};
struct Queued {
    std::size_t position = 0;            ///< from 1; 0: the queue is full, no place was given
    std::size_t length = 0;
    std::chrono::seconds retry_after{0};
};
using SlotAnswer = std::variant<Granted, Queued>;

/// Who may be sent a file now, and in which order the others come. A connection keeps its slot until `release`. Waiting
/// peers are known by address and the ID we gave them; one that does not ask again in time loses its place.
/// @threads one at a time: pure. @source 04-transfer section 4.2 of our protocol notes (PARQ, passive).
class UploadSlots {
public:
    explicit UploadSlots(Limits const& limits) : limits_{limits}, slots_{limits.slots} {}

    /// `connection` wants to be sent a file. `ticket` is the ID it came with, or a fresh one of the caller's; it names
    /// the place when the answer is `Queued`. @pre `now` never goes backwards.
    [[nodiscard]] SlotAnswer ask(std::uint64_t connection, std::uint32_t address, std::string const& ticket, Instant now);
    void release(std::uint64_t connection);
    void set_slots(std::size_t slots) { slots_ = slots; }
    [[nodiscard]] std::size_t in_use() const { return holders_.size(); }
    [[nodiscard]] bool has_free() const { return holders_.size() < slots_ && waiting_.empty(); }
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

private:
    struct Waiting {
        std::uint32_t address;
        std::string ticket;
        Instant lost_at;
    };
    void forget_the_lost(Instant now);
    [[nodiscard]] std::size_t held_by(std::uint32_t address) const;
    [[nodiscard]] std::size_t places_of(std::uint32_t address) const;
    [[nodiscard]] std::size_t place_of(std::uint32_t address, std::string const& ticket) const;

    Limits limits_;
    std::size_t slots_;
    std::map<std::uint64_t, std::uint32_t> holders_;  ///< connection, address
    std::vector<Waiting> waiting_;                    ///< the first is next
};

}  // namespace praline::upload
