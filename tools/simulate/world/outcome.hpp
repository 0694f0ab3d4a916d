#pragma once

#include <cstdint>
#include <optional>

namespace praline::simulate::world {

/// What one query did and cost.
struct Outcome {
    bool found = false;             ///< a node that has a match was reached, and with a network model its hit came back
    std::uint32_t hops = 0;         ///< made by the copy that was first to find a match; 0 when none did
    std::uint32_t waited_hops = 0;  ///< the same, and those of the rings before
    std::uint64_t messages = 0;     ///< copies of the query sent, duplicates and lost ones too; checks and hits not
    std::uint64_t reach = 0;        ///< nodes other than the source that got a copy, each counted once
    std::uint64_t checks = 0;       ///< questions of walkers whether to go on
    std::uint64_t results = 0;  ///< nodes with a match that were reached, and with a network model whose hit came back

    // Of a host with a network model and an event log; 0 or empty otherwise.
    std::uint64_t false_hits = 0;    ///< that came back from nodes which lied
    std::uint64_t hit_messages = 0;  ///< sent by nodes on the way back of hits
    std::uint64_t lost = 0;          ///< messages of either kind that did not arrive, or at a node that had just left
    std::uint64_t bytes = 0;         ///< of queries and hits sent, by `MessageSizes`
    std::uint64_t busiest = 0;  ///< messages of either kind that came to the node to which most came; not the source
    std::optional<std::uint64_t> first_ms{};   ///< when the source got the first result
    std::optional<std::uint64_t> enough_ms{};  ///< when it got as many as `NetworkOptions::results_enough`

    friend bool operator==(Outcome const&, Outcome const&) = default;
};

}  // namespace praline::simulate::world
