#include "tools/simulate/graph/key_host.hpp"

#include <algorithm>

#include "search/strategy/key.hpp"

namespace praline::simulate::graph {

using search::strategy::KeyLimits;
using search::strategy::KeyReferences;
using search::strategy::KeyRouting;

namespace {

constexpr std::uint64_t key_item_octets = 4 + 10, return_octets = world::MessageSizes::header + 8 + 1;
constexpr auto key_wait_ms_per_hop = static_cast<std::uint64_t>(KeyLimits{}.wait_per_hop.count());

}  // namespace

KeyHost::KeyHost(world::Graph const& graph)
    : graph_{graph}, references_(graph.nodes(), KeyReferences<PeerId>{KeyLimits{}.references_max}) {}

void KeyHost::forget() {
    for (world::Node const node : learnt_) references_[node] = KeyReferences<PeerId>{KeyLimits{}.references_max};
    learnt_.clear();
}

std::optional<world::Node> KeyHost::next_of(Visit& here, std::uint64_t key, GraphHost const& host) {
    world::Node const before = way_.size() > 1 ? way_[way_.size() - 2].node : here.node;
    open_.clear();
    auto const neighbours = graph_.neighbours(here.node);
    for (std::size_t at = 0; at < neighbours.size(); ++at) {
        PeerId const peer = peer_at(at);
        bool const there = !host.logs_events() || host.log_->there(neighbours[at], host.calendar_.now());
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

bool KeyHost::pass(world::Node from, world::Node to, std::uint64_t octets, GraphHost& host) {
    ++steps_;
    std::optional<std::uint32_t> delay{1};
    if (host.model_ != nullptr) {
        world::QueryNetwork const network = host.network_.turn(steps_);
        delay = host.logs_events() ? host.log_->send(from, to, network, octets) : network.passage(from, to).delay_ms;
    }
    if (!delay) return false;
    host.calendar_.put(WalkCopy{to, steps_, 0}.pack(), *delay);
    host.calendar_.advance();
    host.calendar_.take([](std::span<PackedEvent const>) {});  // nothing else is on its way
    return !host.logs_events() || host.log_->arrive(to, host.calendar_.now());
}

KeyHost::Stand KeyHost::go_on(world::Node to, world::NodeSet const& holders, GraphHost& host) {
    world::Node const from = way_.back().node;
    ++host.outcome_.messages;
    if (!pass(from, to, world::MessageSizes::query + key_item_octets, host)) return Stand::lost;
    world::Fate const fate = host.logs_events() ? host.log_->fate(to) : world::Fate::honest;
    bool const fresh = host.seen_.add(to);
    if (fresh) {
        ++host.outcome_.reach;
        if (host.logs_events()) host.log_->heard(to, from);
    }
    if (fate == world::Fate::dropper) return Stand::lost;
    if (!fresh) return pass(to, from, return_octets, host) ? Stand::goes_on : Stand::lost;
    way_.push_back(Visit{to, {}});
    bool const has_it = holders.has(to);
    if (!has_it && fate != world::Fate::liar) return Stand::goes_on;
    host.answer(to, has_it, static_cast<std::uint32_t>(way_.size() - 1));
    return Stand::ended;
}

KeyHost::Stand KeyHost::go_back(GraphHost& host) {
    world::Node const from = way_.back().node;
    way_.pop_back();
    if (way_.empty()) return Stand::ended;
    world::Node const to = way_.back().node;
    if (!pass(from, to, return_octets, host)) return Stand::lost;
    bool const drops = host.logs_events() && host.log_->fate(to) == world::Fate::dropper;
    return drops ? Stand::lost : Stand::goes_on;
}

void KeyHost::learn(world::Node at, std::uint64_t key, world::Node from) {
    auto& known = references_[at];
    if (known.size() == 0) learnt_.push_back(at);
    known.learn(key, peer_of(at, from));
}

/// As a probe, since that remembers whom each node heard it from. @return the neighbour by which the last hit came back.
std::optional<world::Node> KeyHost::flood(unsigned ttl, world::NodeSet const& holders, GraphHost& host) {
    world::Node const source = host.source_;
    host.heard_.resize(graph_.nodes());
    host.heard_[source] = {source, 0, 0};
    for (world::Node const node : graph_.neighbours(source)) host.send_probe(source, node, ttl);
    while (host.calendar_.advance())
        host.calendar_.take([&](std::span<PackedEvent const> events) {
            for (PackedEvent const event : events) host.probe_came(FloodCopy::unpack(event), holders);
        });
    if (host.answers_ == 0) return std::nullopt;
    world::Node by = host.last_finder_;
    while (host.heard_[by].from != source) by = host.heard_[by].from;
    return by;
}

world::Outcome KeyHost::request(world::Node source, std::uint64_t key, unsigned hops_to_live, unsigned flood_ttl,
                                world::NodeSet const& holders, GraphHost& host) {
    host.begin(source);
    way_.assign(1, Visit{source, {}});
    steps_ = 0;
    std::uint64_t given_up_ms = 0;
    Stand stand = Stand::goes_on;
    for (unsigned left = hops_to_live; stand == Stand::goes_on;) {
        auto const next = left > 0 ? next_of(way_.back(), key, host) : std::nullopt;
        if (next) {
            --left;
            if (way_.size() == 1) given_up_ms = host.calendar_.now() + key_wait_ms_per_hop * (left + 1);
        }
        stand = next ? go_on(*next, holders, host) : go_back(host);
    }
    world::Outcome trip = host.outcome();
    if (host.answers_ > 0) {
        for (std::size_t at = 0; at + 1 < way_.size(); ++at) learn(way_[at].node, key, way_[at + 1].node);
        trip.waited_hops = trip.found ? steps_ : 0;
        return trip;
    }
    if (flood_ttl == 0) return trip;
    // It came back to the source, or the source has waited in vain.
    std::uint64_t const after_ms = way_.empty() ? host.calendar_.now() : given_up_ms;
    host.outcome_ = world::Outcome{};
    host.cut_ = 0;
    world::NodeBits const asked = host.seen_;
    host.seen_.clear();
    host.seen_.add(source);
    host.calendar_.clear();
    if (host.model_ != nullptr) host.network_ = host.network_.turn(std::uint64_t{1} << 32);
    if (host.logs_events()) host.log_->begin_round(1, after_ms);
    if (auto const by = flood(flood_ttl, holders, host)) learn(source, key, *by);
    world::Outcome outcome = host.outcome();
    outcome.messages += trip.messages;
    outcome.reach += trip.reach - (asked.common(host.seen_) - 1);  // each node counts once; both know the source
    outcome.waited_hops = outcome.found ? steps_ + outcome.hops : 0;
    return outcome;
}

}  // namespace praline::simulate::graph
