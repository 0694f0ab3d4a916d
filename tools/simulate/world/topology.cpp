#include "tools/simulate/world/topology.hpp"

#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "tools/simulate/world/chance.hpp"
#include "tools/simulate/world/edge_list.hpp"
#include "tools/simulate/world/generators.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::world {
namespace {

/// What stands behind `name:`, divided at `separator`.
class Fields {
public:
    Fields(std::string_view text, char separator, std::size_t wanted) {
        for (;;) {
            auto const end = text.find(separator);
            fields_.push_back(text.substr(0, end));
            if (end == std::string_view::npos) break;
            text.remove_prefix(end + 1);
        }
        if (fields_.size() != wanted) refuse("has the wrong number of fields");
    }
    [[nodiscard]] std::uint64_t count(std::size_t at, std::uint64_t least, std::uint64_t most) const {
        std::uint64_t value = 0;
        if (!parse(at, value) || value < least || value > most)
            refuse("wants a whole number from " + std::to_string(least) + " to " + std::to_string(most) + " in field " +
                   std::to_string(at + 1));
        return value;
    }
    [[nodiscard]] Node nodes(std::size_t at) const { return static_cast<Node>(count(at, 2, nodes_max)); }
    [[nodiscard]] double real(std::size_t at, double least, double most) const {
        double value = 0;
        if (!parse(at, value) || !(value >= least) || !(value <= most))
            refuse("has an impossible number in field " + std::to_string(at + 1));
        return value;
    }
    [[noreturn]] static void refuse(std::string const& why) { throw BadInput{why + "; it may be " + topology_forms}; }

private:
    template <class Number>
    [[nodiscard]] bool parse(std::size_t at, Number& value) const {
        std::string_view const text = fields_[at];
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc{} && end == text.data() + text.size();
    }
    std::vector<std::string_view> fields_;
};

/// Makes the graph when called. That the text makes sense, and the graph can be, is known before.
using Plan = std::function<Graph(Rng)>;

Plan grid(Fields const& fields) {
    std::uint64_t const width = fields.count(0, 1, nodes_max), height = fields.count(1, 1, nodes_max);
    if (width * height > nodes_max) fields.refuse("has more nodes than " + std::to_string(nodes_max));
    if (width * height < 2) fields.refuse("has no two nodes that are linked");
    return [=](Rng) { return grid_graph(static_cast<Node>(width), static_cast<Node>(height)); };
}

Plan two_tier(Fields const& fields) {
    Node const ultrapeers = fields.nodes(0);
    std::uint64_t const degree = fields.count(1, 1, nodes_max), leaves = fields.count(2, 0, nodes_max);
    if (ultrapeers * (leaves + 1) > nodes_max) fields.refuse("has more nodes than " + std::to_string(nodes_max));
    return [=](Rng rng) {
        return two_tier_graph(ultrapeers, static_cast<std::uint32_t>(degree), static_cast<std::uint32_t>(leaves), rng);
    };
}

Plan random(Fields const& fields) {
    Node const nodes = fields.nodes(0);
    std::uint64_t const links = fields.count(1, 1, links_max), pairs = std::uint64_t{nodes} * (nodes - 1) / 2;
    if (links > pairs) fields.refuse("has more links than the " + std::to_string(pairs) + " pairs of its nodes");
    return [=](Rng rng) { return random_graph(nodes, links, rng); };
}

Plan power_law(Fields const& fields) {
    Node const nodes = fields.nodes(0);
    double const omega = fields.real(1, 1, 1e9), alpha = fields.real(2, 0, 100);
    return [=](Rng rng) { return power_law_graph(nodes, omega, alpha, rng); };
}

Plan barabasi_albert(Fields const& fields) {
    Node const nodes = fields.nodes(0);
    std::uint64_t const links = fields.count(1, 1, nodes_max);
    if (links >= nodes) fields.refuse("has fewer nodes than the " + std::to_string(links + 1) + " it begins with");
    if (links > links_each_max) fields.refuse("has more links a node than " + std::to_string(links_each_max));
    if (links * nodes > links_max) fields.refuse("has more links than " + std::to_string(links_max));
    return [=](Rng rng) { return barabasi_albert_graph(nodes, static_cast<std::uint32_t>(links), rng); };
}

Plan small_world(Fields const& fields) {
    Node const nodes = fields.nodes(0);
    std::uint64_t const degree = fields.count(1, 2, nodes_max);
    double const beta = fields.real(2, 0, 1);
    if (degree % 2 != 0) fields.refuse("has an odd degree: as many links go to either side");
    if (degree >= nodes) fields.refuse("has a degree that is no less than its number of nodes");
    if (degree / 2 * nodes > links_max) fields.refuse("has more links than " + std::to_string(links_max));
    return [=](Rng rng) { return small_world_graph(nodes, static_cast<std::uint32_t>(degree), beta, rng); };
}

Plan plan_of(std::string const& specification) {
    auto const colon = specification.find(':');
    std::string_view const name = std::string_view{specification}.substr(0, colon);
    std::string const rest = colon == std::string::npos ? "" : specification.substr(colon + 1);
    if (name == "file") return [rest](Rng) { return read_edge_list(rest); };
    if (name == "names") return [rest](Rng) { return read_edge_list(rest, NodeIds::names); };
    if (name == "grid") return grid(Fields{rest, 'x', 2});
    if (name == "two-tier") return two_tier(Fields{rest, ':', 3});
    if (name == "random") return random(Fields{rest, ':', 2});
    if (name == "power-law") return power_law(Fields{rest, ':', 3});
    if (name == "barabasi-albert") return barabasi_albert(Fields{rest, ':', 2});
    if (name == "small-world") return small_world(Fields{rest, ':', 3});
    throw BadInput{"is not known; it may be " + std::string{topology_forms}};
}

/// Complaints begin with what they are about.
std::string about(std::string const& specification, std::string const& complaint) {
    return "topology " + specification + ' ' + complaint;
}

Graph whole(std::string const& specification, Rng rng) {
    try {
        return plan_of(specification)(rng);
    } catch (BadInput const& error) {
        throw BadInput{about(specification, error.what())};
    }
}

}  // namespace

bool is_of_file(std::string const& specification) {
    return specification.starts_with("file:") || specification.starts_with("names:");
}

std::string why_no_topology(std::string const& specification) {
    try {
        (void)plan_of(specification);
        return "";
    } catch (BadInput const& error) {
        return about(specification, error.what());
    }
}

std::string Topology::what_is_left_out() const {
    if (nodes_left_out == 0) return {};
    return std::to_string(components) + " components; " + std::to_string(nodes_left_out) + " of " +
           std::to_string(nodes_left_out + graph.nodes()) + " nodes are outside the largest and are left out";
}

Topology make_whole_topology(std::string const& specification, std::uint64_t seed) {
    auto [graph, components, nodes] = whole(specification, stream_of(seed, Purpose::topology)).largest();
    if (graph.nodes() < 2) throw BadInput{about(specification, "has no two nodes that are linked")};
    Node const left_out = nodes - graph.nodes();
    return {std::move(graph), components, left_out};
}

Graph make_topology(std::string const& specification, std::uint64_t seed) {
    return make_whole_topology(specification, seed).graph;
}

}  // namespace praline::simulate::world
