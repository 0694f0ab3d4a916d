#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/base/rng.hpp"
#include "search/strategy/strategy.hpp"
#include "tools/simulate/full/advertised_words.hpp"
#include "tools/simulate/full/coverage.hpp"
#include "tools/simulate/full/full_network.hpp"
#include "tools/simulate/full/full_options.hpp"
#include "tools/simulate/full/query_rounds.hpp"
#include "tools/simulate/world/network_model.hpp"
#include "tools/simulate/world/node_set.hpp"
#include "tools/simulate/world/outcome.hpp"

namespace praline::simulate::full {

/// Searches at full scale: what `GraphHost` is at graph scale, with the node's own objects at work. On the same graph,
/// for the same query and model, both count the same messages, reach, duplicates, hops, checks and hits.
///
/// Conventions. A message is a copy of a query that leaves a node. A node is reached when its overlay takes a
/// query for a new one. A walker asks wherever its rules say; an answer takes no time, unless the options say so. A node
/// that is dead takes bytes and does nothing; one that drops, the same, but it has been reached; one that lies answers
/// every query. What the network does to a message follows from query, round or walker's step, and link, as there.
/// Who is away when a query begins, and who comes or goes meanwhile, follows from the model, as there; a node that comes
/// back has forgotten what it had learnt.
/// One object a thread; graph and model are shared.
class FullHost final : public FullObserver, public search::LocalContent {
public:
    /// @pre graph and model outlive it.
    FullHost(world::Graph const& graph, world::NetworkModel const& model, FullOptions const& options);

    /// The number of the query that comes next: what the network does to it follows from that.
    void number_query(std::uint64_t number) { query_ = number; }
    /// What further queries ask for: key requests and routing tables go by it.
    /// @param text   one word. @param again  others will ask for it too, when something else has been asked for: tables keep
    /// it, and nodes what key requests have taught them. Otherwise each query begins with nothing learnt.
    void set_query_text(std::string text, bool again) { wanted_ = std::move(text), again_ = again; }
    /// @param holders  nodes with a match; not the source. @param rng  the query's GUID is drawn from it.
    world::Outcome ask(world::Node source, search::strategy::Parameters const& parameters,
                       world::NodeSet const& holders, Rng& rng);
    /// @param chance  what further names of the query are drawn from; empty: the node's own.
    world::Outcome ask(world::Node source, search::strategy::Parameters const& parameters,
                       world::NodeSet const& holders, Guid const& name, std::optional<Rng> chance = std::nullopt);
    /// Of the last query: nodes that were reached, in the order in which they were.
    [[nodiscard]] std::vector<world::Node> const& reached() const { return coverage_.reached(); }

private:
    void query_sent(world::Node from, FullEnvelope const& message) override;
    void answer_sent(FullEnvelope const& message) override;
    [[nodiscard]] bool arrives(world::Node to, bool query) override;
    void came_to_nobody() override { ++outcome_.lost; }
    void fetch(world::Node to) override { coverage_.prefetch(to); }
    [[nodiscard]] bool awaits(world::Node node) const override { return !coverage_.has_reached(node); }
    void query_taken(world::Node at, overlay::QueryArrived const& query) override;
    void search_said(world::Node at, search::EngineOutput const& output) override;
    [[nodiscard]] world::Passage passage(world::Node from, world::Node to, FullEnvelope const& message) override;
    [[nodiscard]] std::vector<wire::QueryHit> answer(wire::Query const& query) override;

    void begin(world::Node source, search::strategy::Parameters const& parameters, world::NodeSet const& holders,
               Guid const& name);
    void set_changes(world::Node source);
    void begin_round(Guid const& name, unsigned ttl);
    void reach(world::Node node);
    void run(Guid const& name);
    [[nodiscard]] std::uint64_t elapsed_ms() const;
    [[nodiscard]] world::Outcome close();

    world::NetworkModel const& model_;
    std::uint64_t query_ = 0;
    std::string wanted_ = "whatisbeinglookedfor";
    bool again_ = false;
    std::optional<AdvertisedWords> tables_;  // empty: no tables are exchanged
    world::Graph const& graph_;
    bool two_tier_;
    // Of the query being asked:
    search::strategy::Parameters parameters_;
    world::NodeSet const* holders_ = nullptr;
    world::Node source_ = 0;
    world::QueryNetwork network_;
    Instant began_{};
    bool walks_ = false, finished_ = false, flooded_ = false;
    world::Outcome outcome_;
    std::uint64_t answers_turn_ = 0;
    QueryRounds rounds_;
    Coverage coverage_;  // of its ring, or of the whole if it has none
    std::unique_ptr<FullNetwork> network_of_nodes_;
};

}  // namespace praline::simulate::full
