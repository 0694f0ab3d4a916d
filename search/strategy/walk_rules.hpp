#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "node/base/ids.hpp"
#include "node/base/rng.hpp"

/// What a walker does at one step. The node's strategy and the simulator's graph host share it.
namespace praline::search::strategy {

/// How long a walker goes on.
struct WalkRules {
    std::uint32_t check_every = 4;  ///< 0: never
    std::uint32_t steps_max = 1024;

    /// It ends here whatever the answer would be.
    [[nodiscard]] constexpr bool ends_after(std::uint32_t step) const { return step >= steps_max; }
    /// It asks the requester before it goes on.
    [[nodiscard]] constexpr bool checks_after(std::uint32_t step) const {
        return check_every != 0 && step % check_every == 0;
    }
};

/// The chance of every walker of one query: a generator for each step, made from the names of query, walker and step
/// alone. So a walk is the same in the node, in the simulator at either scale and in whatever order walkers move; and
/// anyone that knows the query's GUID and the links knows it beforehand, which is no loss: the sender of a walker may
/// send it anywhere.
class WalkChances {
public:
    explicit constexpr WalkChances(Guid const& query) {
        for (std::size_t at = 0; at < query.bytes.size(); at += 8) {
            std::uint64_t word = 0;
            for (std::size_t byte = 0; byte < 8; ++byte) word |= std::uint64_t{query.bytes[at + byte]} << (8 * byte);
            mixed_ = Rng{mixed_ ^ word}.next();
        }
    }
    /// @param step  the one that is made now: the first is 1.
    [[nodiscard]] constexpr Rng of(std::uint32_t walker, std::uint32_t step) const {
        return Rng{Rng{mixed_ ^ (std::uint64_t{walker} << 32 | step)}.next()};
    }

private:
    std::uint64_t mixed_ = 0;
};

/// Without state: any of the links, the one it came by among them. @pre links > 0.
[[nodiscard]] constexpr std::size_t any_link(std::size_t links, Rng& rng) {
    return static_cast<std::size_t>(rng.below(links));
}

/// Words of 64 bits that hold a bit for each of so many links.
[[nodiscard]] constexpr std::size_t words_for(std::size_t links) { return (links + 63) / 64; }

[[nodiscard]] constexpr bool is_marked(std::span<std::uint64_t const> used, std::size_t link) {
    return (used[link / 64] >> (link % 64) & 1U) != 0;
}
constexpr void mark_link(std::span<std::uint64_t> used, std::size_t link) {
    used[link / 64] |= std::uint64_t{1} << (link % 64);
}

/// With state: one of those that no walker of this query has left by, and marks it. When all are used it starts over.
/// @param used  words_for(links) words, a bit for each link, none set beyond them. @pre links > 0.
[[nodiscard]] constexpr std::size_t unused_link(std::size_t links, std::span<std::uint64_t> used, Rng& rng) {
    std::size_t taken = 0;
    for (std::uint64_t const word : used) taken += static_cast<std::size_t>(std::popcount(word));
    if (taken >= links) {
        for (std::uint64_t& word : used) word = 0;
        taken = 0;
    }
    std::uint64_t skip = rng.below(links - taken);
    for (std::size_t at = 0; at < used.size(); ++at) {
        std::uint64_t free = ~used[at];
        auto const here = static_cast<std::uint64_t>(std::popcount(free));
        if (skip >= here) {
            skip -= here;
            continue;
        }
        while (skip-- > 0) free &= free - 1;
        auto const bit = static_cast<std::size_t>(std::countr_zero(free));
        mark_link(used, at * 64 + bit);
        return at * 64 + bit;
    }
    return 0;  // not reached: links - taken bits are free
}

}  // namespace praline::search::strategy
