#include "tools/simulate/graph/key_host.hpp"

#include <algorithm>

#include "search/strategy/key.hpp"

namespace praline::simulate::graph {

using search::strategy::KeyLimits;
using search::strategy::KeyReferences;
using search::strategy::KeyRouting;

namespace {

constexpr std::uint64_t key_item_bytes = 4 + 10, return_bytes = world::MessageSizes::header + 8 + 1;
constexpr auto key_wait_ms_per_hop = static_cast<std::uint64_t>(KeyLimits{}.wait_per_hop.count());

}  // namespace

KeyHost::KeyHost(world::Graph const& graph)
    : graph_{graph}, references_(graph.nodes(), KeyReferences<PeerId>{KeyLimits{}.references_max}) {}

void KeyHost::forget() {
    for (world::Node const node : learnt_) references_[node] = KeyReferences<PeerId>{KeyLimits{}.references_max};
    learnt_.clear();
}

std::optional<world::Node> KeyHost::next_of(Visit& here, std::uint64_t key, QueryTransit const& query) {
    world::Node const before = way_.size() > 1 ? way_[way_.size() - 2].node : here.node;
    open_.clear();
    auto const neighbours = graph_.neighbours(here.node);
    for (std::size_t at = 0; at < neighbours.size(); ++at) {
        PeerId const peer = peer_at(at);
        bool const there = query.there(neighbours[at]);
        if (there && neighbours[at] != before && !std::binary_search(here.tried.begin(), here.tried.end(), peer))
            open_.push_back(peer);
    }
    auto const to =
        nearest_of(std::span<PeerId const>{open_}, key, references_[here.node], KeyRouting::start_key, scratch_);
    if (!to) return std::nullopt;
    here.tried.insert(std::lower_bound(here.tried.begin(), here.tried.end(), *to), *to);
    return neighbours[to->value() - 1];
}

PeerId KeyHost::peer_of(world::Node at, world::Node neighbour) const {
    auto const neighbours = graph_.neighbours(at);
    return peer_at(static_cast<std::size_t>(std::lower_bound(neighbours.begin(), neighbours.end(), neighbour) -
                                            neighbours.begin()));
}

bool KeyHost::pass(world::Node from, world::Node to, std::uint64_t bytes, QueryTransit& query) {
    ++steps_;
    auto const delay = query.delay_of(from, to, steps_, bytes);
    if (!delay) return false;
    query.calendar().put(WalkCopy{to, steps_, 0}.pack(), *delay);
    query.calendar().advance();
    query.calendar().take([](std::span<PackedEvent const>) {});  // nothing else is on its way
    return query.arrives(to);
}

KeyHost::Stand KeyHost::go_on(world::Node to, world::NodeSet const& holders, QueryTransit& query) {
    world::Node const from = way_.back().node;
    ++query.counts().messages;
    if (!pass(from, to, world::MessageSizes::query + key_item_bytes, query)) return Stand::lost;
    world::Fate const fate = query.fate(to);
    bool const fresh = query.reach(to, from);
    if (fate == world::Fate::dropper) return Stand::lost;
    if (!fresh) return pass(to, from, return_bytes, query) ? Stand::goes_on : Stand::lost;
    way_.push_back(Visit{to, {}});
    bool const has_it = holders.has(to);
    if (!has_it && fate != world::Fate::liar) return Stand::goes_on;
    query.answer(to, has_it, static_cast<std::uint32_t>(way_.size() - 1));
    return Stand::ended;
}

KeyHost::Stand KeyHost::go_back(QueryTransit& query) {
    world::Node const from = way_.back().node;
    way_.pop_back();
    if (way_.empty()) return Stand::ended;
    world::Node const to = way_.back().node;
    if (!pass(from, to, return_bytes, query)) return Stand::lost;
    return query.fate(to) == world::Fate::dropper ? Stand::lost : Stand::goes_on;
}

void KeyHost::learn(world::Node at, std::uint64_t key, world::Node from) {
    auto& known = references_[at];
    if (known.size() == 0) learnt_.push_back(at);
    known.learn(key, peer_of(at, from));
}

/// As a probe, since that remembers whom each node heard it from. @return the neighbour by which the last hit came back.
std::optional<world::Node> KeyHost::flood(unsigned ttl, world::NodeSet const& holders, GraphHost& host) {
    QueryTransit& query = host.query();
    Probes& probes = host.probes();
    world::Node const source = query.source();
    probes.begin(query);
    for (world::Node const node : graph_.neighbours(source)) query.send(source, node, ttl);
    probes.carry(query, holders);
    if (query.answers() == 0) return std::nullopt;
    world::Node by = query.last_finder();
    while (probes.heard_from(by) != source) by = probes.heard_from(by);
    return by;
}

world::Outcome KeyHost::request(world::Node source, std::uint64_t key, unsigned hops_to_live, unsigned flood_ttl,
                                world::NodeSet const& holders, GraphHost& host) {
    QueryTransit& query = host.query();
    query.begin(source);
    way_.assign(1, Visit{source, {}});
    steps_ = 0;
    std::uint64_t given_up_ms = 0;
    Stand stand = Stand::goes_on;
    for (unsigned left = hops_to_live; stand == Stand::goes_on;) {
        auto const next = left > 0 ? next_of(way_.back(), key, query) : std::nullopt;
        if (next) {
            --left;
            if (way_.size() == 1) given_up_ms = query.now() + key_wait_ms_per_hop * (left + 1);
        }
        stand = next ? go_on(*next, holders, query) : go_back(query);
    }
    world::Outcome trip = query.outcome();
    if (query.answers() > 0) {
        for (std::size_t at = 0; at + 1 < way_.size(); ++at) learn(way_[at].node, key, way_[at + 1].node);
        trip.waited_hops = trip.found ? steps_ : 0;
        return trip;
    }
    if (flood_ttl == 0) return trip;
    // It came back to the source, or the source has waited in vain.
    std::uint64_t const after_ms = way_.empty() ? query.now() : given_up_ms;
    world::NodeBits const asked = query.reached();
    query.restart(std::uint64_t{1} << 32, 1, after_ms);
    if (auto const by = flood(flood_ttl, holders, host)) learn(source, key, *by);
    world::Outcome outcome = query.outcome();
    outcome.messages += trip.messages;
    outcome.reach += trip.reach - (asked.common(query.reached()) - 1);  // each node counts once; both know the source
    outcome.waited_hops = outcome.found ? steps_ + outcome.hops : 0;
    return outcome;
}

}  // namespace praline::simulate::graph
