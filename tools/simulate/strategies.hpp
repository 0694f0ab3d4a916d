#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "tools/simulate/full/full_host.hpp"
#include "tools/simulate/graph/graph_host.hpp"
#include "tools/simulate/graph/key_host.hpp"
#include "tools/simulate/world/run_options.hpp"

/// Where the name of a strategy becomes a call.
namespace praline::simulate {

/// What hosts the strategies of one thread.
struct Hosts {
    /// @param network  may be null: then no events are logged.
    Hosts(world::Graph const& links, world::NetworkModel const* network)
        : topology{links},
          model{network},
          graph{network == nullptr ? graph::GraphHost{links} : graph::GraphHost{links, *network}} {}
    void number_query(std::uint64_t of_next) {
        number = of_next;
        graph.number_query(of_next);
    }

    /// What nodes have learnt of earlier queries is forgotten.
    void forget() {
        if (keys) keys->forget();
        if (std::exchange(full_has_learnt, false)) full.reset();
    }

    world::Graph const& topology;
    world::NetworkModel const* model;
    std::uint64_t number = 0;  ///< of the next query
    graph::GraphHost graph;
    std::unique_ptr<graph::KeyHost> keys;            ///< made when it is needed: it is large
    std::unique_ptr<world::NetworkModel> faultless;  ///< of the full scale, where there is no other
    std::unique_ptr<full::FullHost> full;            ///< the same
    bool full_has_learnt = false;                    ///< its nodes have: they are made anew to forget
};

/// One query.
struct QueryRun {
    Hosts& hosts;
    world::RunOptions const& options;
    world::Node source;
    world::NodeSet const& holders;
    Rng& rng;
    std::optional<std::uint32_t> item{};  ///< what is asked for, where that has a name
};

/// Asks at graph scale, as the strategy in its options does.
[[nodiscard]] world::Outcome ask_graph(QueryRun const& run);

/// A word for what is asked for. All are as long as one another, so that none begins like another whole one.
[[nodiscard]] std::string word_for(std::uint64_t item);

}  // namespace praline::simulate
