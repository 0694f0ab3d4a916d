#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/reproduce/target.hpp"
#include "tools/simulate/graph/graph_host.hpp"
#include "tools/simulate/report/tally.hpp"
#include "tools/simulate/world/graph.hpp"

/// The overlays that floods and walks were measured on, and questions asked there.
namespace praline::reproduce {

/// Graphs of one kind: where chance makes them, several.
struct Overlay {
    std::string name;
    std::vector<simulate::world::Graph> graphs;
};

/// "random", "power law" and "grid" are made; any other name is that of a crawl. Without graphs: the crawl is not there.
[[nodiscard]] Overlay overlay_named(std::string const& name, Options const& options);
/// The largest component of a crawl, "Gnutella04". Empty: it is not in the folder, or there is none.
[[nodiscard]] std::optional<simulate::world::Graph> crawl(std::string const& name, Options const& options);

enum class How : std::uint8_t { flood, ring, walk };

struct Questions {
    How how = How::flood;
    simulate::graph::Walk walk{};
    std::vector<unsigned> ttls{7};  ///< of a flood, rising: one for each, and what it finds is said of the last
    double replication = 0.01;
    std::uint64_t count = 1000;  ///< over all graphs of the overlay
};

struct Answers {
    simulate::report::Tally tally;
    simulate::world::Node nodes = 0;                    ///< mean over the graphs
    std::vector<simulate::report::Sum> flood_messages;  ///< of floods, for each TTL
    std::vector<std::uint64_t> found_within;  ///< floods of the last TTL that found a match within 1, 2, … hops
    void add(Answers const& other);
};

/// Matches on so many distinct uniform nodes and a source that has none, drawn afresh for each question.
[[nodiscard]] Answers ask(simulate::world::Graph const& graph, Questions const& questions, Rng rng);

}  // namespace praline::reproduce
