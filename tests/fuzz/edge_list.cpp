#include <algorithm>
#include <optional>
#include <string>

#include "fuzz/fuzz.hpp"
#include "node/base/bytes.hpp"
#include "tools/simulate/exact.hpp"
#include "tools/simulate/report/csv.hpp"
#include "tools/simulate/world/edge_list.hpp"
#include "tools/simulate/world/graphml.hpp"

namespace {

using namespace praline;

/// The graph of some bytes fed in pieces; empty: they are no edge list.
std::optional<simulate::world::Graph> graph_of(std::string_view text, std::size_t piece,
                                               simulate::world::NodeIds ids = simulate::world::NodeIds::numbers) {
    simulate::world::EdgeListParser parser{ids};
    try {
        for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) parser.feed(text.substr(0, piece));
        return parser.finish();
    } catch (simulate::world::BadInput const&) {
        return std::nullopt;
    }
}

bool same(simulate::world::Graph const& one, simulate::world::Graph const& other) {
    if (one.nodes() != other.nodes() || one.links() != other.links()) return false;
    for (simulate::world::Node node = 0; node < one.nodes(); ++node) {
        auto const left = one.neighbours(node), right = other.neighbours(node);
        if (!std::equal(left.begin(), left.end(), right.begin(), right.end())) return false;
    }
    return true;
}

}  // namespace

/// Any bytes as an edge list of numbers or names, whole and in pieces, as GraphML, and as a table of known results: a value or a sentence.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = as_text(fuzz::view(data, size));
    auto const whole = graph_of(text, std::string_view::npos), pieces = graph_of(text, 3);
    fuzz::require(whole.has_value() == pieces.has_value() && (!whole || same(*whole, *pieces)));
    using enum simulate::world::NodeIds;
    auto const named = graph_of(text, std::string_view::npos, names), named_pieces = graph_of(text, 3, names);
    fuzz::require(named.has_value() == named_pieces.has_value() && (!named || same(*named, *named_pieces)));
    try {
        (void)simulate::world::parse_graphml(text);
    } catch (simulate::world::BadInput const&) {}
    if (whole) {
        auto const largest = whole->largest();
        fuzz::require(largest.nodes_of_whole == whole->nodes() && largest.graph.nodes() <= whole->nodes());
        fuzz::require((largest.components <= 1) == (largest.graph.nodes() == whole->nodes()));
    }
    for (auto const& row : simulate::report::parse_csv(text)) {
        // Behind another field, as what a file begins with may mean something else.
        std::string line = "first";
        for (auto const& field : row.fields) line += ',' + simulate::report::csv_field(field);
        auto again = simulate::report::parse_csv(line);
        fuzz::require(again.size() == 1 && again.front().fields.front() == "first");
        again.front().fields.erase(again.front().fields.begin());
        fuzz::require(again.front().fields == row.fields);
    }
    try {
        static_cast<void>(simulate::parse_known_floods(std::string{text}));
    } catch (simulate::world::BadInput const&) {}
    return 0;
}
