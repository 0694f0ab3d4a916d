#include "tools/praline/search_reach.hpp"

namespace praline {
namespace {

std::string why_no_neighbour(Reach const& reach, std::size_t links) {
    if (links == 0) return "This node has no link to another node.";
    if (reach.links_at_start == 0) return "This node had no link to another node when the search began.";
    return links == 1 ? "The only node that this node is linked to accepts no queries at the moment."
                      : "None of the " + std::to_string(links) +
                            " nodes that this node is linked to accepts queries at the moment.";
}

}  // namespace

std::string why_unasked(search::SearchCost const& price, search::strategy::Kind kind, Reach const& reach,
                        std::size_t links) {
    if (price.messages > 0 || price.origins > 0 || reach.tables_answered) return {};
    if (!search::strategy::asks_index(kind)) return why_no_neighbour(reach, links);
    bool const failed = price.index && !price.index->answered && !price.index->problem.empty();
    if (!failed) return {};  // it has answered, or may still
    auto sentence = "No index server could be asked: " + price.index->problem;
    if (kind == search::strategy::Kind::hybrid) sentence += ' ' + why_no_neighbour(reach, links);
    return sentence;
}

}  // namespace praline
