#pragma once

#include <cstdint>

namespace praline::simulate::full {

/// How the nodes of the full scale are set up.
struct FullOptions {
    /// Hops and TTL that nodes trim a query at. The real node's default is 4; the largest allows floods of any TTL.
    std::uint8_t hops_and_ttl_max = 255;
    /// Hits, checks and their answers take as long as queries do. Otherwise they arrive in the unit of time in which
    /// they are sent, after its queries: the convention of the graph scale.
    bool answers_travel = false;
    /// Neighbours exchange routing tables of what they share, and the last hop is saved where one rules a match out.
    bool query_routing = false;
    /// Leaves of the graph are leaves: they pass nothing on, and get what their table matches. Wants `query_routing`.
    bool two_tier = false;
    /// Dynamic querying goes on until nobody is left, however many were asked and however long it takes.
    bool wide_to_the_end = false;
    /// Every message is written as bytes by its sender and read by whoever it comes to. Otherwise those of a search are
    /// handed over as values: the counts are the same, bytes too.
    bool codec = true;
    std::uint64_t seed = 1;
};

}  // namespace praline::simulate::full
