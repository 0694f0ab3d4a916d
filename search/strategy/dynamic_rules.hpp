#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "node/base/rng.hpp"

/// How a dynamic query widens. The node's strategy and the simulator's graph host share it.
namespace praline::search::strategy {

/// Hosts that a query with `ttl` reaches through one connection in a tree where each has `degree` links: the sum of
/// (degree - 1)^i for i below ttl. Exact; stays at its maximum where it would not fit.
/// @source Dynamic Query: 19,531 for degree 6 and TTL 7, 993 for 32 and 3.
[[nodiscard]] constexpr std::uint64_t horizon(std::uint32_t degree, unsigned ttl) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t const fan = degree > 0 ? degree - 1 : 0;
    std::uint64_t hosts = 0, level = 1;
    for (unsigned i = 0; i < ttl && level > 0; ++i) {
        if (hosts > most - level) return most;
        hosts += level;
        level = fan != 0 && level > most / fan ? most : level * fan;
    }
    return hosts;
}

/// A neighbour as these rules see it.
struct Connection {
    std::uint32_t degree = 0;   ///< 0: unknown
    std::uint8_t ttl_sent = 0;  ///< the highest that this query went to it with; 0: it has not been asked
    std::uint8_t ttl_max = 4;   ///< it takes no more
    std::uint8_t load = 0;      ///< how full our queue to it is
    bool again = false;         ///< it takes a query again with a higher TTL
    bool likely = false;        ///< its routing table matches: it or a leaf of it has something
    bool ruled_out = false;     ///< its routing table does not match: only what lies behind it is worth asking
};

/// One copy of the query: to which connection, how far.
struct Reach {
    std::size_t connection = 0;
    std::uint8_t ttl = 0;
    friend bool operator==(Reach const&, Reach const&) = default;
};

/// First a probe: a few connections, not far. Then one connection after the other, as far as the popularity seen so far
/// says that is needed. Whoever has not been asked yet comes first; when all have been, those who take it again.
struct DynamicRules {
    std::size_t results_wanted = 150;
    std::size_t probes = 3;
    std::uint8_t probe_ttl = 2;           ///< 1 where a routing table matches
    std::uint64_t probe_hosts_max = 100;  ///< a probe that would reach more through one connection goes one hop only
    std::uint8_t ttl_max = 4;
    std::uint64_t hosts_max = 200'000;    ///< theoretical hosts asked: with so many it ends
    std::uint32_t hops_waited_max = 250;  ///< it ends when it has waited as long as so many hops take
    std::uint32_t degree_usual = 32;      ///< of a neighbour that does not say
    std::uint32_t degree_max = 50;        ///< behind a better connected neighbour most are asked by others already

    /// Theoretical hosts that hear of it by `reach` and had not before by that connection.
    [[nodiscard]] constexpr std::uint64_t gain(Connection const& connection, unsigned ttl) const {
        std::uint32_t const degree = std::min(connection.degree == 0 ? degree_usual : connection.degree, degree_max);
        return horizon(degree, ttl) - horizon(degree, connection.ttl_sent);
    }
    /// The least and the most it could be asked with next; none if the first is more.
    [[nodiscard]] constexpr unsigned ttl_from(Connection const& connection) const {
        return std::max(connection.ttl_sent + 1U, connection.ruled_out ? 2U : 1U);
    }
    [[nodiscard]] constexpr unsigned ttl_to(Connection const& connection) const {
        if (connection.ttl_sent != 0 && !connection.again) return 0;
        return std::min(ttl_max, connection.ttl_max);
    }
    [[nodiscard]] constexpr bool may_ask(Connection const& connection) const {
        return ttl_from(connection) <= ttl_to(connection);
    }
    [[nodiscard]] bool any_left(std::span<Connection const> connections) const {
        return std::any_of(connections.begin(), connections.end(), [&](Connection const& one) { return may_ask(one); });
    }

    /// Whom to ask at once at the start: likely ones first. Of those that could not be asked again at least half are
    /// kept for later.
    [[nodiscard]] std::vector<Reach> probe(std::span<Connection const> connections, Rng& rng) const;
    /// Whom to ask next when the connections asked so far could reach `hosts` and brought `found` results. Empty: it is
    /// enough, or no neighbour is left.
    [[nodiscard]] std::optional<Reach> next(std::span<Connection const> connections, std::size_t found,
                                            std::uint64_t hosts, Rng& rng) const;

private:
    [[nodiscard]] std::uint8_t probe_ttl_for(Connection const& connection) const;
};

}  // namespace praline::search::strategy
