#pragma once

#include <cstddef>
#include <vector>

#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"
#include "node/overlay/limits.hpp"
#include "node/wire/message.hpp"

namespace praline::overlay {

/// Whether two nodes are of the same class of capacity; one that did not say is of any. So fast nodes meet fast ones.
[[nodiscard]] bool capacities_match(std::uint32_t kbits, std::uint32_t other_kbits) noexcept;

/// Pongs of others, given to whoever looks for hosts, so that pings need not be forwarded. One for each host; a link over
/// its share loses its own oldest, a full cache the oldest; none is given once it is too old, nor to the link it came by.
/// @threads any, one at a time: a value.   @source Pong caching; node/wire/protocol/routing.md
class PongCache {
public:
    struct Cached {
        wire::Pong pong;
        std::uint32_t capacity_kbits = 0;  ///< 0: unknown
        Hops hops{};
        PeerId from{};
        Instant at{};
    };
    /// `limits` outlive it.
    explicit PongCache(Limits const& limits) : limits_{&limits} {}

    void insert(Cached pong);
    struct Wanted {
        std::size_t count, per_level;
        PeerId not_from{};
        std::uint32_t capacity_kbits = 0;  ///< of whoever asks
    };
    /// Up to `count`, first those of its capacity, first at most `per_level` of each hop count; chosen by `rng`.
    [[nodiscard]] std::vector<Cached const*> choose(Wanted const& wanted, Instant now, Rng& rng) const;
    void forget(PeerId from);
    [[nodiscard]] std::size_t size() const { return pongs_.size(); }

private:
    Limits const* limits_;
    std::vector<Cached> pongs_;  // oldest first
};

}  // namespace praline::overlay
