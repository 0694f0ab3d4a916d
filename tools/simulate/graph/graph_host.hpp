#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "node/base/rng.hpp"
#include "search/strategy/automatic_rules.hpp"
#include "search/strategy/dynamic_rules.hpp"
#include "search/strategy/ring_schedule.hpp"
#include "search/strategy/walk_rules.hpp"
#include "tools/simulate/graph/copies.hpp"
#include "tools/simulate/graph/event_log.hpp"
#include "tools/simulate/world/calendar.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/network_model.hpp"
#include "tools/simulate/world/node_set.hpp"
#include "tools/simulate/world/outcome.hpp"

namespace praline::simulate::graph {

/// Walkers of one query.
struct Walk {
    std::uint32_t walkers = 32;
    search::strategy::WalkRules rules;
    bool keep_state = false;
    bool biased = false;  ///< towards neighbours with many links; nothing else is known of them here
};

/// What a host with a network model is to find out.
enum class Detail : std::uint8_t {
    counts,  ///< what a host without one does, at the model's latencies; the model has no faults then
    events,  ///< all of `Outcome`
};

/// Hosts the strategies of search/strategy on one adjacency instead of on a node each. Every copy of a query is an event
/// of its own in a calendar, in order of time and sequence; nothing is counted by a formula. What a node decides comes
/// from the functions that the node's strategies call too: `flood_to`, `RingSchedule`, `WalkRules`, `WalkChances`,
/// `any_link`, `unused_link`, `biased_link`, `weighted_link` and `DynamicRules`. What the host replaces is what a strategy
/// keeps between events (which nodes have heard the query, which walker stands where, which links are used), as arrays
/// over all nodes: a bit a node and 8 bytes a copy on its way; 8 bytes a node more with state, with an event log and with
/// dynamic querying. A unit test carries the messages of one strategy
/// object a node on the same graphs and finds the same counts.
///
/// Conventions. Flood: the source sends on every link; who hears the query for the first time with TTL left sends it on
/// every link but the one it came by; it does not stop at a match. The first copy to come counts: one that comes later is
/// a duplicate, though it may have more TTL left. Ring: floods from scratch until one finds a match. Walk: a walker that
/// comes to a match ends, the others when a check tells them so; a check takes no time.
/// Without a model each hop takes one unit of time. With one: a ring waits as the node's strategy does before the next one
/// begins; the asker cannot tell a lie from a result, so rings and walkers stop for either, but only a true one is found.
/// One object a thread; graph and model are shared. @source Lv, Cao, Cohen, Li, Shenker 2002.
class GraphHost {
public:
    explicit GraphHost(world::Graph const& graph);
    /// @pre detail is events, or the model's options are faultless. The model outlives the host.
    GraphHost(world::Graph const& graph, world::NetworkModel const& model, Detail detail = Detail::events);

    /// The number of the query that comes next: what the network does to it follows from that.
    void number_query(std::uint64_t number) { query_ = number; }

    /// @param ttl  at most `ttl_max`. @param holders  nodes with a match; not the source.
    world::Outcome flood(world::Node source, unsigned ttl, world::NodeSet const& holders);
    world::Outcome expanding_ring(world::Node source, search::strategy::RingSchedule const& schedule,
                                  world::NodeSet const& holders);
    /// The query's GUID is drawn from `rng`, and what walkers choose follows from it.
    world::Outcome random_walk(world::Node source, Walk const& walk, world::NodeSet const& holders, Rng& rng);

    /// Every node takes a query from the same neighbour again with a higher TTL: it passes it on and does not answer again.
    /// No connection allows less than the rules. @param give_up  a connection behind which no copy was held up by its TTL is
    /// not asked again: a real node cannot know that it would find nothing. Not where the network has faults.
    world::Outcome dynamic(world::Node source, search::strategy::DynamicRules const& rules,
                           world::NodeSet const& holders, Rng& rng, bool give_up = true);

    /// Each neighbour takes walkers; none has a routing table. One result is enough. @param wide  of its last stage.
    world::Outcome automatic(world::Node source, search::strategy::AutomaticRules const& rules,
                             search::strategy::DynamicRules const& wide, world::NodeSet const& holders, Rng& rng,
                             bool give_up = true);

    // With an event log, of the last query; for copies of what was found.
    /// From the node whose match was found first to the last before the source; empty: nothing was found.
    [[nodiscard]] std::vector<world::Node> way_of_find() const;
    /// Nodes to which a message of it came, in the order in which the first did.
    [[nodiscard]] std::span<world::Node const> visited() const { return log_->busy(); }

    // For strategies that flood in steps, each beginning when the last has come to rest.
    /// A query of `source` begins. What is known of the last one is forgotten.
    void begin(world::Node source);
    /// The source sends it to some of its neighbours, and all copies are carried until none is on its way.
    void carry(std::span<world::Node const> to, unsigned ttl, world::NodeSet const& holders);
    /// Of the query as it is now.
    [[nodiscard]] world::Outcome outcome();

    /// Octets of what it keeps beyond the graph. The most so far: nothing is given back.
    [[nodiscard]] std::size_t octets() const;

private:
    friend class KeyHost;  // its requests are carried in this calendar and written down in this log
    struct Even;
    struct Drawn;
    template <class Delays>
    void flood_by(Delays const& delays, unsigned ttl, world::NodeSet const& holders);
    template <class Delays>
    void pass_on(std::span<PackedEvent const> fresh, Delays const& delays, unsigned ttl, world::NodeSet const& holders);
    void flood_logged(unsigned ttl, world::NodeSet const& holders);
    void send_logged(world::Node from, world::Node to, unsigned ttl);
    void copy_came(FloodCopy copy, unsigned ttl, world::NodeSet const& holders);

    void step_on(world::Node at, std::uint32_t number, std::uint32_t step, Walk const& walk,
                 search::strategy::WalkChances const& chances);
    void walker_came(WalkCopy copy, world::NodeSet const& holders);
    void walk_on(world::Node source, Walk const& walk, std::uint32_t first,
                 search::strategy::WalkChances const& chances, world::NodeSet const& holders);
    [[nodiscard]] std::optional<world::Node> next_of(world::Node at, bool keep_state, Rng& rng);
    [[nodiscard]] std::optional<world::Node> biased_next_of(world::Node at, world::Node came_from, bool keep_state,
                                                            Rng& rng);
    [[nodiscard]] std::span<std::uint64_t> trail_of(world::Node node);
    void forget_trails();

    struct Heard {
        world::Node from;
        std::uint8_t ttl;   // the highest that came from there
        std::uint8_t hops;  // made by the first copy
    };
    struct Widening;
    void widen(world::Node source, search::strategy::DynamicRules const& rules,
               search::strategy::WalkChances const& chances, bool give_up, world::NodeSet const& holders);
    void ask(Widening& widening, std::span<search::strategy::Reach const> reaches, world::NodeSet const& holders);
    void begin_next_stage(std::uint32_t hops, std::uint64_t wait_ms);
    void send_probe(world::Node from, world::Node to, unsigned ttl);
    void probe_came(FloodCopy copy, world::NodeSet const& holders);

    /// `node` has a match, or lies. @return whether the walker that came ends there.
    bool answer(world::Node node, bool has_it, std::uint32_t hops);
    [[nodiscard]] bool logs_events() const { return log_.has_value(); }

    world::Graph const& graph_;
    world::NetworkModel const* model_ = nullptr;
    std::uint64_t query_ = 0;
    world::Node source_ = 0;
    world::Node finder_ = 0;       // whose match was found first
    world::Node last_finder_ = 0;  // who answered last
    world::QueryNetwork network_;  // of this query
    world::Calendar<PackedEvent> calendar_;
    world::NodeBits seen_;
    std::optional<EventLog> log_;
    world::Outcome outcome_;
    std::uint64_t answers_ = 0;              // true or not, that come back
    std::uint64_t cut_ = 0;                  // nodes that would have sent it on but for the TTL
    std::vector<world::Node> stands_;        // where each walker is, or was last
    std::vector<WalkCopy> arrived_;          // walkers that go on, of this moment
    std::vector<world::Node> links_;         // scratch
    std::vector<Heard> heard_;               // of each node; made when a query widens
    std::uint64_t round_ = 0;                // of a query that is asked in several
    std::uint64_t waited_hops_ = 0;          // by what was asked before what is asked now
    std::uint64_t after_ms_ = 0;             // so long after the query began what is asked now began
    std::vector<std::uint32_t> bits_begin_;  // of each node in used_bits_; made when a walk keeps state
    std::vector<std::uint64_t> used_bits_;
    std::vector<world::Node> trails_;  // nodes with bits set
    world::NodeBits has_trail_{0};
};

}  // namespace praline::simulate::graph
