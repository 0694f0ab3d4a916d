#pragma once

#include <memory>
#include <vector>

#include "search/strategy/strategy.hpp"

/// What the tests of strategies have in common.
namespace praline::search::strategy {

inline Guid named(std::uint8_t name) {
    Guid guid;
    guid.bytes[0] = name;
    return guid;
}

/// A query of ours, for nothing that a table could rule out.
inline QueryContext query_as(std::uint8_t name, std::uint8_t ttl = 0) {
    return QueryContext{named(name), Ttl{ttl}, Hops{0}, std::nullopt, nullptr, std::make_shared<qrp::QueryTerms>()};
}

/// Neighbours of ours that take TTLs up to 4, named from 1 on.
inline std::vector<Neighbour> neighbours_of_ours(std::uint32_t count) {
    std::vector<Neighbour> neighbours;
    for (std::uint32_t peer = 1; peer <= count; ++peer) neighbours.push_back(Neighbour{PeerId{peer}, 4, nullptr, true});
    return neighbours;
}

}  // namespace praline::search::strategy
