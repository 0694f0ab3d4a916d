#pragma once

#include <cstdint>
#include <memory>

#include "node/base/endpoint.hpp"
#include "node/overlay/overlay.hpp"
#include "search/engine/limits.hpp"
#include "tools/simulate/full/full_options.hpp"
#include "tools/simulate/world/graph.hpp"

namespace praline::simulate::full {

/// How the nodes of a simulation are set up, where that differs from a real node's defaults: the links are those of the
/// graph and no others and a node says how many it has, nothing is dropped for its rate, no node pings of its own
/// accord, what a node remembers of past queries is little, since one search is made at a time, tables are advertised at
/// once, and neighbours that come while a search is young are not asked.
class FullSettings {
public:
    FullSettings(world::Graph const& graph, FullOptions const& options);

    [[nodiscard]] FullOptions const& options() const { return options_; }
    [[nodiscard]] overlay::Settings overlay(world::Node node) const;
    [[nodiscard]] std::shared_ptr<overlay::Limits const> const& limits() const { return limits_; }
    [[nodiscard]] std::shared_ptr<search::EngineOptions const> const& engine() const { return engine_; }

    /// Node n is at the n-th address of 10/8. @pre below `full_nodes_max`.
    [[nodiscard]] static Endpoint endpoint(world::Node node);
    [[nodiscard]] static Guid servent(world::Node node);
    [[nodiscard]] static world::Node node_at(Endpoint endpoint);

private:
    world::Graph const& graph_;
    FullOptions options_;
    overlay::Settings overlay_;
    std::shared_ptr<overlay::Limits const> limits_;
    std::shared_ptr<search::EngineOptions const> engine_;
};

}  // namespace praline::simulate::full
