#include "tools/usage/closest.hpp"

#include <algorithm>

namespace praline::usage {
namespace {

constexpr std::size_t mistakes_max = 2;

/// Letters to change, add, remove or swap with their neighbour (optimal string alignment).
std::size_t mistakes_between(std::string_view left, std::string_view right) {
    std::vector<std::vector<std::size_t>> cost(left.size() + 1, std::vector<std::size_t>(right.size() + 1));
    for (std::size_t i = 0; i <= left.size(); ++i) cost[i][0] = i;
    for (std::size_t j = 0; j <= right.size(); ++j) cost[0][j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        for (std::size_t j = 1; j <= right.size(); ++j) {
            std::size_t const change = left[i - 1] == right[j - 1] ? 0 : 1;
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
            bool const swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[left.size()][right.size()];
}

}  // namespace

std::optional<std::string> closest_word(std::string_view word, std::vector<std::string> const& candidates) {
    std::optional<std::string> best;
    auto least = std::min(mistakes_max, (std::max<std::size_t>(word.size(), 1) - 1) / 2) + 1;
    for (auto const& candidate : candidates) {
        // A long word cannot be near, and is not worth the table.
        if (word.size() > candidate.size() + mistakes_max) continue;
        auto const mistakes = mistakes_between(word, candidate);
        if (mistakes >= least) continue;
        least = mistakes;
        best = candidate;
    }
    return best;
}

}  // namespace praline::usage
