#include "search/strategy/dynamic_rules.hpp"

#include <tuple>

namespace praline::search::strategy {
namespace {

/// Of those that `worth` says come first, one by chance. @param rank  less is better; none: not at all.
template <class Rank>
std::optional<std::size_t> first_of(std::size_t count, Rank rank, Rng& rng) {
    using Value = typename decltype(rank(std::size_t{0}))::value_type;
    std::optional<Value> best;
    std::vector<std::size_t> equals;
    for (std::size_t at = 0; at < count; ++at) {
        auto const here = rank(at);
        if (!here || (best && *best < *here)) continue;
        if (!best || *here < *best) equals.clear();
        best = here;
        equals.push_back(at);
    }
    if (equals.empty()) return std::nullopt;
    return equals.size() == 1 ? equals.front() : equals[static_cast<std::size_t>(rng.below(equals.size()))];
}

constexpr unsigned load_step = 32;  // queues that differ by less count as equally full

}  // namespace

std::uint8_t DynamicRules::probe_ttl_for(Connection const& connection) const {
    unsigned const most = ttl_to(connection);
    if (connection.likely) return 1;
    unsigned ttl = std::min<unsigned>(probe_ttl, most);
    if (gain(connection, ttl) > probe_hosts_max) ttl = 1;
    return static_cast<std::uint8_t>(std::max(ttl, ttl_from(connection)));
}

std::vector<Reach> DynamicRules::probe(std::span<Connection const> connections, Rng& rng) const {
    std::size_t once = 0;  // who may be asked once only, by a probe or later
    for (Connection const& one : connections) once += may_ask(one) && !one.again ? 1U : 0U;
    std::size_t spare = once / 2;
    std::vector<bool> taken(connections.size(), false);
    std::vector<Reach> reaches;
    using Rank = std::tuple<bool, bool, unsigned>;
    while (reaches.size() < probes) {
        auto const chosen = first_of(
            connections.size(),
            [&](std::size_t at) -> std::optional<Rank> {
                Connection const& one = connections[at];
                if (taken[at] || !may_ask(one) || (!one.again && spare == 0)) return std::nullopt;
                return Rank{!one.likely, !one.again, one.load / load_step};
            },
            rng);
        if (!chosen) break;
        taken[*chosen] = true;
        if (!connections[*chosen].again) --spare;
        reaches.push_back(Reach{*chosen, probe_ttl_for(connections[*chosen])});
    }
    return reaches;
}

std::optional<Reach> DynamicRules::next(std::span<Connection const> connections, std::size_t found, std::uint64_t hosts,
                                        Rng& rng) const {
    if (found >= results_wanted || hosts >= hosts_max) return std::nullopt;
    using Rank = std::tuple<unsigned, unsigned, bool>;
    auto const chosen = first_of(
        connections.size(),
        [&](std::size_t at) -> std::optional<Rank> {
            Connection const& one = connections[at];
            if (!may_ask(one)) return std::nullopt;
            return Rank{one.ttl_sent, one.load / load_step, !one.likely};
        },
        rng);
    if (!chosen) return std::nullopt;
    Connection const& connection = connections[*chosen];
    std::uint64_t left = 0;
    for (Connection const& one : connections) left += may_ask(one) ? 1U : 0U;
    // Nothing found yet counts as one result: the item may be just beyond, and the reach grows step by step.
    constexpr std::uint64_t bound = std::numeric_limits<std::uint32_t>::max();
    std::uint64_t const missing = std::min<std::uint64_t>(results_wanted - found, bound);
    std::uint64_t const needed = missing * std::clamp<std::uint64_t>(hosts, 1, bound) / std::max<std::size_t>(found, 1);
    unsigned ttl = ttl_from(connection);
    unsigned const most = ttl_to(connection);
    while (ttl < most && gain(connection, ttl + 1) <= needed / left) ++ttl;
    // After the last of all there is no other way to what is missing.
    if (left == 1 && !connection.again)
        while (ttl < most && gain(connection, ttl) < needed) ++ttl;
    return Reach{*chosen, static_cast<std::uint8_t>(ttl)};
}

}  // namespace praline::search::strategy
