#include "tools/simulate/topology.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "tools/simulate/chance.hpp"
#include "tools/simulate/edge_list.hpp"
#include "tools/simulate/generators.hpp"
#include "tools/simulate/limits.hpp"

namespace praline::simulate {
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
        if (!parse(at, value) || !(value >= least) || !(value <= most)) refuse("has an impossible number in field " + std::to_string(at + 1));
        return value;
    }
    [[noreturn]] static void refuse(std::string const& why) {
        throw BadInput{why + "; it may be " + topology_forms};
    }

private:
    template <class Number>
    [[nodiscard]] bool parse(std::size_t at, Number& value) const {
        std::string_view const text = fields_[at];
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc{} && end == text.data() + text.size();
    }
    std::vector<std::string_view> fields_;
};

Graph grid(Fields const& fields) {
    std::uint64_t const width = fields.count(0, 1, nodes_max), height = fields.count(1, 1, nodes_max);
    if (width * height > nodes_max) fields.refuse("has more nodes than " + std::to_string(nodes_max));
    return grid_graph(static_cast<Node>(width), static_cast<Node>(height));
}

Graph two_tier(Fields const& fields, Rng rng) {
    Node const ultrapeers = fields.nodes(0);
    std::uint64_t const degree = fields.count(1, 1, nodes_max), leaves = fields.count(2, 0, nodes_max);
    if (ultrapeers * (leaves + 1) > nodes_max) fields.refuse("has more nodes than " + std::to_string(nodes_max));
    return two_tier_graph(ultrapeers, static_cast<std::uint32_t>(degree), static_cast<std::uint32_t>(leaves), rng);
}

Graph whole(std::string const& specification, Rng rng) {
    auto const colon = specification.find(':');
    std::string_view const name = std::string_view{specification}.substr(0, colon);
    std::string const rest = colon == std::string::npos ? "" : specification.substr(colon + 1);
    if (name == "file") return read_edge_list(rest);
    if (name == "grid") return grid(Fields{rest, 'x', 2});
    if (name == "two-tier") return two_tier(Fields{rest, ':', 3}, rng);
    if (name == "random") {
        Fields const fields{rest, ':', 2};
        return random_graph(fields.nodes(0), fields.count(1, 1, links_max), rng);
    }
    if (name == "power-law") {
        Fields const fields{rest, ':', 3};
        return power_law_graph(fields.nodes(0), fields.real(1, 1, 1e9), fields.real(2, 0, 100), rng);
    }
    throw BadInput{"is not known; it may be " + std::string{topology_forms}};
}

/// Complaints begin with what they are about.
Graph whole_or_refused(std::string const& specification, Rng rng) {
    try {
        return whole(specification, rng);
    } catch (BadInput const& error) {
        throw BadInput{"topology " + specification + ' ' + error.what()};
    }
}

}  // namespace

Graph make_topology(std::string const& specification, std::uint64_t seed) {
    Graph graph = whole_or_refused(specification, stream_of(seed, Purpose::topology)).largest_component();
    if (graph.nodes() < 2) throw BadInput{"topology " + specification + " has no two nodes that are linked"};
    return graph;
}

}  // namespace praline::simulate
