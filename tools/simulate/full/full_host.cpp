#include "tools/simulate/full/full_host.hpp"

#include <algorithm>

#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"
#include "tools/simulate/full/full_settings.hpp"

namespace praline::simulate::full {
namespace {

using search::strategy::Kind;

bool only_walks(Kind kind) { return kind == Kind::random_walk || kind == Kind::biased_walk; }
/// What it sends after a wait is a further stage of the same query.
bool has_stages(Kind kind) { return kind == Kind::dynamic || kind == Kind::automatic; }

/// What is drawn for answers has nothing in common with what is drawn for copies of the query.
constexpr std::uint64_t answers_from_turn = std::uint64_t{1} << 63;

}  // namespace

FullHost::FullHost(world::Graph const& graph, world::NetworkModel const& model, FullOptions const& options)
    : model_{model}, graph_{graph}, two_tier_{options.two_tier}, coverage_{graph.nodes()} {
    if (options.query_routing) tables_.emplace(graph.nodes());
    network_of_nodes_ = std::make_unique<FullNetwork>(graph, options, model.delay_max_ms(), *this, *this);
}

world::Outcome FullHost::ask(world::Node source, search::strategy::Parameters const& parameters,
                             world::NodeSet const& holders, Rng& rng) {
    Guid const name = Guid::random(rng);
    Rng const further = rng;
    rng = Rng{rng.next()};  // no other query is to bear a name of this one
    return ask(source, parameters, holders, name, further);
}

world::Outcome FullHost::ask(world::Node source, search::strategy::Parameters const& parameters,
                             world::NodeSet const& holders, Guid const& name, std::optional<Rng> chance) {
    begin(source, parameters, holders, name);
    search::Launch launch{name, {}, parameters};
    launch.query.text = wanted_;
    network_of_nodes_->launch(source, std::move(launch), chance);
    run(name);
    network_of_nodes_->stop(source, name);
    if (!again_ && parameters.kind == Kind::key) {
        network_of_nodes_->forget_keys(source);
        for (world::Node const node : coverage_.reached()) network_of_nodes_->forget_keys(node);
    }
    return close();
}

/// Who is there now, and who comes or goes before the query is over.
void FullHost::set_changes(world::Node source) {
    std::vector<Presence::Change> changes;
    network_of_nodes_->come(source);
    std::vector<world::Node> come;
    for (world::Node node = 0; node < network_of_nodes_->nodes(); ++node) {
        if (node == source) continue;
        auto const [there, until] = network_.stay(node);
        bool const at_once = until == std::uint64_t{0};
        if (there != at_once)
            come.push_back(node);
        else
            network_of_nodes_->leave(node);
        if (until && !at_once) changes.push_back({began_ + std::chrono::milliseconds{*until}, node});
    }
    for (world::Node const node : come) network_of_nodes_->come(node);
    network_of_nodes_->plan(std::move(changes));
}

void FullHost::begin(world::Node source, search::strategy::Parameters const& parameters, world::NodeSet const& holders,
                     Guid const& name) {
    parameters_ = parameters;
    holders_ = &holders;
    source_ = source;
    network_ = model_.query(query_);
    began_ = network_of_nodes_->now();
    walks_ = only_walks(parameters.kind) || parameters.kind == Kind::automatic;
    finished_ = false;
    outcome_ = {};
    answers_turn_ = 0;
    flooded_ = false;
    rounds_.begin(name);
    coverage_.begin(source);
    network_of_nodes_->walkers_of(walks_ ? std::optional{source} : std::nullopt);
    if (model_.options().away > 0) set_changes(source);
    if (tables_) tables_->advertise(wanted_, again_, holders, *network_of_nodes_);
}

void FullHost::run(Guid const& name) {
    // Where tables spare copies, that no TTL ran out says nothing.
    bool const may_give_up = model_.options().faultless() && !tables_;
    for (;;) {
        if (network_of_nodes_->advance()) continue;
        // Walkers that still wait, wait for an answer that was lost; floods for nothing.
        if (finished_ || only_walks(parameters_.kind)) return;
        // Every node reached: a further ring cannot find more. A real node cannot know that and stops at its limit.
        if (parameters_.kind == Kind::expanding_ring && may_give_up && rounds_.cut() == 0)
            return network_of_nodes_->stop(source_, name);
        rounds_.end_stage();
        if (!network_of_nodes_->wait()) return;
    }
}

/// From scratch, but for what was paid for the rings before.
void FullHost::begin_round(Guid const& name, unsigned ttl) {
    rounds_.begin_round(name, ttl);
    network_ = network_.turn(rounds_.number());
    outcome_.reach = outcome_.hops = 0;
    outcome_.results = outcome_.false_hits = 0;
    coverage_.begin_round(source_);
}

void FullHost::query_sent(world::Node from, FullEnvelope const& message) {
    if (from == source_) {
        unsigned const ttl = message.ttl.value();
        if (parameters_.kind == Kind::expanding_ring && message.guid != rounds_.name()) begin_round(message.guid, ttl);
        if (has_stages(parameters_.kind))
            rounds_.sent_in_stage(message.walker ? message.walker->steps_max : ttl, outcome_.results > 0);
        else
            rounds_.sent(ttl);
        flooded_ = flooded_ || (parameters_.kind == Kind::key && message.guid != rounds_.name());
    }
    if (parameters_.kind == Kind::key && message.guid == rounds_.name() && outcome_.hops == 0) rounds_.step();
    ++outcome_.messages;
    outcome_.bytes += message.bytes;
}

void FullHost::answer_sent(FullEnvelope const& message) {
    if (message.is_hit())
        ++outcome_.hit_messages;
    else if (parameters_.kind == Kind::key)
        rounds_.step();  // a request goes back
    outcome_.bytes += message.bytes;
}

world::Passage FullHost::passage(world::Node from, world::Node to, FullEnvelope const& message) {
    world::Passage passage{};
    if (!message.is_query()) {
        passage = network_.turn(answers_from_turn | answers_turn_++).passage(from, to);
    } else if (message.walker) {
        passage = network_.turn(std::uint64_t{message.walker->number} << 32 | message.walker->step).passage(from, to);
    } else {
        passage = network_.passage(from, to);
    }
    outcome_.lost += passage.lost ? 1 : 0;
    return passage;
}

bool FullHost::arrives(world::Node to, bool query) {
    if (to == source_) return true;
    world::Fate const fate = model_.fate(to);
    if (fate == world::Fate::failed) return ++outcome_.lost, false;
    outcome_.busiest = std::max<std::uint64_t>(outcome_.busiest, coverage_.message_to(to));
    if (fate != world::Fate::dropper) return true;
    if (query) reach(to);
    return false;
}

void FullHost::reach(world::Node node) {
    if (coverage_.reach(node)) ++outcome_.reach;
}

void FullHost::query_taken(world::Node at, overlay::QueryArrived const& query) {
    reach(at);
    auto const item = walks_ ? wire::walker_of(query.query->query) : std::nullopt;
    auto const walker = item.value_or(wire::WalkerItem{});
    bool const has_it = holders_->has(at);
    if (has_it && outcome_.hops == 0) outcome_.hops = item ? walker.step : query.hops.value();
    if (!item) {
        bool const passes = !two_tier_ || !graph_.is_leaf(at);
        if (passes && query.ttl == Ttl{0} && !query.again) rounds_.cut_off();
        return;
    }
    bool const ends =
        has_it || (model_.fate(at) == world::Fate::liar && at != source_) || walker.step >= walker.steps_max;
    if (!ends && walker.check_every != 0 && walker.step % walker.check_every == 0) ++outcome_.checks;
}

void FullHost::search_said(world::Node, search::EngineOutput const& output) {
    for (search::Found const& found : output.found) {
        bool const has_it = holders_->has(found.hit.records.at(0).index);
        ++(has_it ? outcome_.results : outcome_.false_hits);
        if (has_it && !outcome_.first_ms) outcome_.first_ms = elapsed_ms();
        if (has_it && outcome_.results == model_.options().results_enough) outcome_.enough_ms = elapsed_ms();
    }
    finished_ = finished_ || !output.query_phase_done.empty();
}

std::uint64_t FullHost::elapsed_ms() const {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(network_of_nodes_->now() - began_).count());
}

std::vector<wire::QueryHit> FullHost::answer(wire::Query const& query) {
    world::Node const at = network_of_nodes_->at_work();
    bool const lies = at != source_ && model_.fate(at) == world::Fate::liar;
    if (!holders_->has(at) && !lies) return {};
    wire::QueryHit hit;
    hit.endpoint = FullSettings::endpoint(at);
    hit.vendor = "PRLN";
    hit.servent = FullSettings::servent(at);
    wire::HitRecord record;
    record.index = at;
    record.name = query.text;
    hit.records.push_back(std::move(record));
    return {std::move(hit)};
}

world::Outcome FullHost::close() {
    outcome_.found = outcome_.results > 0;
    if (!outcome_.found) outcome_.hops = 0;
    // A key request's own hops are among its steps; those of the flood that may follow it are not.
    bool const by_steps = parameters_.kind == Kind::key && !flooded_;
    outcome_.waited_hops = !outcome_.found ? 0 : by_steps ? rounds_.waited() : rounds_.waited() + outcome_.hops;
    return outcome_;
}

}  // namespace praline::simulate::full
