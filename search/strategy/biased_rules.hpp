#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "node/base/rng.hpp"
#include "search/strategy/walk_rules.hpp"

/// Which link a biased walker takes. The node's strategy and the simulator's graph host share it.
namespace praline::search::strategy {

inline constexpr std::uint64_t chance_one_in = 16;  ///< so often any unused link will do: so no walker is caught
inline constexpr std::uint8_t busy_load = 192;      ///< a neighbour that is so full is passed over
inline constexpr std::uint32_t usual_kbits = 1000;  ///< of a neighbour that does not say

/// How much a neighbour draws walkers: its links, times the order of magnitude of what it can send, times the room
/// that is left in our queue to it. 0: only if there is no other. Fits 48 bits.
/// @param degree  0: unknown, counts as 1.
[[nodiscard]] constexpr std::uint64_t attraction(std::uint32_t degree, std::uint32_t capacity_kbits,
                                                 std::uint8_t load) {
    if (load >= busy_load) return 0;
    auto const magnitude =
        static_cast<std::uint64_t>(std::bit_width(capacity_kbits == 0 ? usual_kbits : capacity_kbits));
    return std::max<std::uint64_t>(degree, 1) * magnitude * (256U - load);
}

/// With state: the most attractive of the links that no walker of this query has used in either direction, and marks it.
/// Among equals chance decides, and once in a while among all. When all are used it starts over; a walker goes straight
/// back only where there is nowhere else to go.
/// @param attraction_of  called with the number of a link.
/// @param used           words_for(links) words, a bit for each link, none set beyond them. @pre links > 0.
template <class Attraction>
[[nodiscard]] constexpr std::size_t biased_link(std::size_t links, Attraction attraction_of,
                                                std::span<std::uint64_t> used, std::optional<std::size_t> came_by,
                                                Rng& rng) {
    if (came_by) mark_link(used, *came_by);
    std::size_t taken = 0;
    for (std::uint64_t const word : used) taken += static_cast<std::size_t>(std::popcount(word));
    if (taken >= links) {
        std::fill(used.begin(), used.end(), 0);
        if (came_by && links > 1) mark_link(used, *came_by);
    }
    if (rng.below(chance_one_in) == 0) return unused_link(links, used, rng);
    std::uint64_t most = 0;
    std::size_t equals = 0;
    for (std::size_t link = 0; link < links; ++link) {
        if (is_marked(used, link)) continue;
        std::uint64_t const here = attraction_of(link);
        if (equals == 0 || here > most) most = here, equals = 0;
        if (here == most) ++equals;
    }
    std::uint64_t skip = equals > 1 ? rng.below(equals) : 0;
    for (std::size_t link = 0; link < links; ++link) {
        if (is_marked(used, link) || attraction_of(link) != most || skip-- != 0) continue;
        mark_link(used, link);
        return link;
    }
    return 0;  // not reached: one of the links is unused
}

/// Without state: any link, each as likely as it is attractive; if none is, each as likely as any other. @pre links > 0.
template <class Attraction>
[[nodiscard]] constexpr std::size_t weighted_link(std::size_t links, Attraction attraction_of, Rng& rng) {
    std::uint64_t all = 0;
    for (std::size_t link = 0; link < links; ++link) all += attraction_of(link);
    if (all == 0) return any_link(links, rng);
    std::uint64_t draw = rng.below(all);
    for (std::size_t link = 0;; ++link) {
        std::uint64_t const here = attraction_of(link);
        if (draw < here) return link;
        draw -= here;
    }
}

}  // namespace praline::search::strategy
