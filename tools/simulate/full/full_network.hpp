#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/time.hpp"
#include "node/overlay/overlay.hpp"
#include "search/engine/engine.hpp"
#include "tools/simulate/full/full_message.hpp"
#include "tools/simulate/full/full_options.hpp"
#include "tools/simulate/full/full_settings.hpp"
#include "tools/simulate/full/message_pool.hpp"
#include "tools/simulate/full/presence.hpp"
#include "tools/simulate/world/calendar.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/network_model.hpp"

/// The simulator at full scale: every node runs the objects that the real one runs, overlay::Overlay and
/// search::SearchEngine, over links that carry their bytes in virtual time.
namespace praline::simulate::full {

/// What happens in a network, as its owner is told, and what the network asks its owner.
class FullObserver {
public:
    virtual ~FullObserver() = default;
    /// A copy of a query leaves; it may get lost on its way.
    virtual void query_sent(world::Node from, FullEnvelope const& message) = 0;
    /// Any other message leaves.
    virtual void answer_sent(FullEnvelope const& message) = 0;
    /// A query has come that its overlay took for a new one, or for a further step of a walker or key request.
    virtual void query_taken(world::Node at, overlay::QueryArrived const& query) = 0;
    /// What a search of ours says of itself.
    virtual void search_said(world::Node at, search::EngineOutput const& output) = 0;
    /// What lies between two neighbours for a message that leaves now.
    [[nodiscard]] virtual world::Passage passage(world::Node from, world::Node to, FullEnvelope const& message) = 0;
    /// A message has come. @return whether the node takes it in.
    [[nodiscard]] virtual bool arrives(world::Node to, bool query) = 0;
    /// A message has come to no node: its sender or its receiver has left meanwhile, and the link with it.
    virtual void came_to_nobody() = 0;
    /// A message will come soon: a hint to fetch from memory what `arrives` looks at.
    virtual void fetch(world::Node to) = 0;
    /// Whether a query that comes soon will probably be new there: a hint too.
    [[nodiscard]] virtual bool awaits(world::Node node) const = 0;
};

/// All nodes of a graph, linked. In a link the end in node n that leads to its i-th neighbour is PeerId{i + 1} there,
/// so a node's links are in the order of its neighbours, as at graph scale.
/// Bytes are carried message by message: what a socket would carry in one piece may be several. Without the codec what
/// a search sends is handed over as it is; links are made of bytes in either case.
/// Time is in milliseconds, and never goes backwards, however many searches are made.
/// Memory at rest: what the node's objects take and 5 bytes a link end.
/// @threads one.
class FullNetwork {
public:
    /// Makes the nodes and has every pair of neighbours shake hands. The graph outlives it.
    /// @param delay_max_ms  no passage takes longer.
    FullNetwork(world::Graph const& graph, FullOptions const& options, std::uint32_t delay_max_ms,
                FullObserver& observer, search::LocalContent& content);

    [[nodiscard]] world::Node nodes() const { return graph_.nodes(); }
    [[nodiscard]] Instant now() const { return began_ + std::chrono::milliseconds{calendar_.now()}; }

    /// @param chance  of what the search draws, if it is to be the same again.
    void launch(world::Node at, search::Launch launch, std::optional<Rng> chance = std::nullopt);
    void stop(world::Node at, Guid const& search);
    /// What key requests have taught this node.
    void forget_keys(world::Node node) { nodes_[node].engine.forget_keys(); }
    /// Whoever is asked for content while an event is handled: `content` learns it from here.
    [[nodiscard]] world::Node at_work() const { return at_work_; }

    /// What a node has to find, by words: its neighbours' routing tables of it are up to date afterwards. Nothing is counted.
    /// @pre nothing is on its way.
    void share(world::Node node, std::vector<std::string> const& words);

    /// Neighbours see their links to it closed. What is on its way to it or from it will be lost.
    void leave(world::Node node);
    /// A node that left comes back as a new one, and makes links to those of its neighbours that are there.
    void come(world::Node node);
    [[nodiscard]] bool there(world::Node node) const { return presence_.there(node); }
    /// Who will come and go, in place of what was planned before.
    void plan(std::vector<Presence::Change> changes) { presence_.plan(std::move(changes)); }

    /// Goes on to the next moment at which something arrives, and has all of it handled. @return false: nothing is
    /// on its way.
    bool advance();
    /// With nothing on its way: goes on to the first moment at which a node wants a tick. @return false: none does.
    bool wait();
    /// Walkers of `source` are searching. What arrives in the same unit of time does so in order of the walkers'
    /// numbers, not in that in which it was sent, and at the source itself after the hits of that unit, since a walker
    /// there is told at once whether to go on. So it is at graph scale. Empty: nobody's are.
    void walkers_of(std::optional<world::Node> source) { walkers_of_ = source; }

private:
    struct Host {
        overlay::Overlay core;
        search::SearchEngine engine;
    };
    /// Bytes on their way to an end of a link.
    struct Arrival {
        std::uint32_t message;  // in messages_
        world::Node to;
        PeerId end;
        std::uint32_t walker;  // its number; 0 if it is none
        Guid name;             // of the message, so that nobody has to look at it for that
    };
    struct Deadline {
        Instant at;
        world::Node node;
    };

    static constexpr UnixSeconds unix_now = 1'800'000'000;  // kept in host records only
    [[nodiscard]] Host made(world::Node node, std::uint32_t life);
    void connect(world::Node caller, world::Node called);
    void call(world::Node at, overlay::Connect const& action);
    void tell_words(world::Node node);
    void change();
    void feed(world::Node at, overlay::Event const& event);
    void work_off(world::Node at);
    void take(world::Node at, search::EngineOutput& output);
    void perform(world::Node at, overlay::Action& action);
    void transmit(world::Node at, overlay::Transmit const& action);
    void carry(world::Node from, PeerId through, FullMessage message);
    void deliver(Arrival const& arrival);
    void fetch_ahead(std::size_t at, std::size_t end);
    void deliver_hits();
    void deliver_answers();
    void note_deadline(world::Node at);
    [[nodiscard]] std::size_t first_end(world::Node node) const;

    world::Graph const& graph_;
    FullSettings settings_;
    FullObserver& observer_;
    search::LocalContent& content_;
    std::vector<Host> nodes_;
    std::vector<std::uint32_t> far_end_;  // of each link end, in the order of the graph: which end the other side's is
    world::Calendar<Arrival> calendar_;
    MessagePool messages_;                     // on their way
    std::vector<Arrival> due_, hits_, notes_;  // of this moment
    std::vector<Deadline> deadlines_;          // a heap, the earliest first; one may have gone by
    Instant began_{};
    bool setting_up_ = true;  // what is sent arrives at once and is not counted
    Presence presence_;
    std::map<world::Node, std::vector<std::string>> words_;  // what nodes share
    std::optional<world::Node> walkers_of_;
    world::Node at_work_ = 0;
    std::vector<overlay::Action> actions_;  // scratch
    search::EngineOutput output_;           // scratch
};

}  // namespace praline::simulate::full
