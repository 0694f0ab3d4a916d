#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "node/base/time.hpp"

namespace praline {

/// Shares so many bytes a second among those who ask for some: a token bucket with a line in front of it. Who cannot be
/// served at once waits, and all who wait are served in turn, a small part of what they want at a time: nobody starves,
/// and equal demands get equal shares.
/// Over ten seconds the bytes granted to takers that always want more are the rate's, within 5 %: the burst is a fifth
/// of a second's bytes, and a bucket begins empty.
/// Memory: 16 bytes for each that waits; the owner bounds how many there are.
/// @threads one at a time: a value, pure.   @source RFC 2697
class RateLimit {
public:
    using Taker = std::uint64_t;  ///< the owner's name for who asks
    struct Grant {
        Taker taker;
        std::size_t bytes;
    };

    static constexpr std::uint64_t rate_max = std::uint64_t{1} << 40;  ///< bytes a second; more counts as this
    static constexpr std::uint64_t burst_part = 5;                     ///< of a second's bytes a fifth is kept unused
    static constexpr std::uint64_t grant_part = 64;             ///< one grant is this part of a second's bytes ...
    static constexpr std::size_t grant_bytes_min = 256;         ///< ... but so much ...
    static constexpr std::size_t grant_bytes_max = 256 * 1024;  ///< ... and no more

    /// @param bytes_per_second  0, as at first: no limit; then `next` serves all who wait.
    void set_rate(std::uint64_t bytes_per_second, Instant now);
    [[nodiscard]] std::uint64_t rate() const { return rate_; }
    [[nodiscard]] bool is_limited() const { return rate_ != 0; }
    /// Bytes of one grant at most, with a limit.
    [[nodiscard]] std::size_t grant_bytes() const;

    /// What is granted at once, from 1 byte to `bytes`. 0: the taker waits now, and `next` will name it.
    /// @pre `bytes` > 0; the taker does not wait. `now` never goes backwards, here and below.
    [[nodiscard]] std::size_t take(Taker taker, std::size_t bytes, Instant now);
    /// The next grant to one who waits; it waits no more. Empty: nothing is due.
    [[nodiscard]] std::optional<Grant> next(Instant now);
    /// It waits no more. Does nothing if it does not wait.
    void leave(Taker taker);
    /// Bytes that go without having been granted, since they cannot wait; the others wait for them, but not longer than
    /// for a second's bytes.
    void charge(std::size_t bytes, Instant now);
    /// Whether the others really wait for so many bytes that are charged, as they owe less than a second's. Else these would
    /// go beyond the rate, and had better wait too.
    [[nodiscard]] bool may_charge(std::size_t bytes, Instant now);
    /// Granted bytes that were not used.
    void give_back(std::size_t bytes, Instant now);

    /// When `next` has something to grant. Empty: nobody waits. Ask again after every other call.
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    [[nodiscard]] std::size_t waiting() const { return line_.size(); }

private:
    struct Wish {
        Taker taker;
        std::size_t bytes;
    };
    void settle(Instant now);
    [[nodiscard]] std::int64_t burst() const;
    [[nodiscard]] std::size_t share_of(std::size_t bytes) const;
    [[nodiscard]] bool spend(std::size_t bytes);

    std::uint64_t rate_ = 0;
    std::int64_t credit_ = 0;  ///< in millionths of a byte, so that no time is lost to rounding; below 0: a debt
    Instant settled_at_{};
    std::deque<Wish> line_;
};

}  // namespace praline
