#include "search/session/search_parameters.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "node/base/check.hpp"
#include "search/session/limits.hpp"

namespace praline::search {
namespace {

using strategy::Kind;

constexpr std::string_view walking = "walkers check_every max_steps state results_wanted";

constexpr std::array<StrategyName, 9> names{{
    {Kind::automatic, "auto", "Picks one of the others by how rare the words seem and what the neighbours understand.",
     "ttl walkers check_every max_steps state results_wanted"},
    {Kind::flood, "flood",
     "Asks everybody within a few hops at once: the fastest, and the one that costs the network the most messages.",
     "ttl"},
    {Kind::dynamic, "dynamic",
     "Probes a few neighbours, guesses how common the file is, and widens until there is enough.",
     "ttl results_wanted"},
    {Kind::expanding_ring, "expanding-ring", "Floods near by first, and further out only while results are too few.",
     "ttl results_wanted"},
    {Kind::random_walk, "random-walk", "Walkers wander from node to node and ask whether to go on: cheap, but slower.",
     walking},
    {Kind::biased_walk, "biased-walk", "Walkers that prefer well-connected and capable nodes.", walking},
    {Kind::key, "key", "Follows the way to where such words were found before: the cheapest for what is often asked.",
     "ttl results_wanted"},
    {Kind::index, "index", "Asks the index server this node is signed in to: one question, one answer.",
     "results_wanted"},
    {Kind::hybrid, "hybrid", "Asks the index server first, and the overlay when the index knows too little.",
     "ttl results_wanted"},
}};

struct Bound {
    std::string_view name;
    std::optional<std::uint64_t> value;
    std::uint64_t least, most;
};

}  // namespace

std::span<StrategyName const> strategy_names() { return names; }

std::string_view name_of(Kind kind) {
    auto const at = std::find_if(names.begin(), names.end(), [&](StrategyName const& one) { return one.kind == kind; });
    return at == names.end() ? std::string_view{} : at->name;
}

std::optional<Kind> strategy_named(std::string_view name) {
    auto const at = std::find_if(names.begin(), names.end(), [&](StrategyName const& one) { return one.name == name; });
    return at == names.end() ? std::nullopt : std::optional{at->kind};
}

std::string problem_of(ParameterWish const& p) {
    std::array const bounds{
        Bound{"ttl", p.ttl, 1, p.kind == Kind::key ? ParameterLimits::key_hops_max : ParameterLimits::ttl_max},
        Bound{"walkers", p.walkers, 1, ParameterLimits::walkers_max},
        Bound{"check_every", p.check_every, 0, ParameterLimits::steps_max},
        Bound{"max_steps", p.max_steps, 1, ParameterLimits::steps_max},
        Bound{"results_wanted", p.results_wanted, 1, ParameterLimits::results_wanted_max},
    };
    for (Bound const& bound : bounds) {
        if (!bound.value || (*bound.value >= bound.least && *bound.value <= bound.most)) continue;
        return std::string{bound.name} + " must be from " + std::to_string(bound.least) + " to " +
               std::to_string(bound.most) + ", not " + std::to_string(*bound.value) + ".";
    }
    return {};
}

strategy::Parameters parameters_of(ParameterWish const& wish) {
    check(problem_of(wish).empty());
    auto const narrow = [](std::optional<std::uint64_t> const& value) {
        return value ? std::optional{static_cast<std::uint32_t>(*value)} : std::nullopt;
    };
    strategy::Parameters parameters;
    parameters.kind = wish.kind;
    if (wish.ttl) parameters.ttl = static_cast<std::uint8_t>(*wish.ttl);
    parameters.walkers = narrow(wish.walkers);
    parameters.check_every = narrow(wish.check_every);
    parameters.steps_max = narrow(wish.max_steps);
    parameters.keep_state = wish.state;
    parameters.results_wanted = narrow(wish.results_wanted);
    return parameters;
}

ParameterValues values_of(strategy::Parameters const& p) {
    return {p.ttl, p.walkers, p.check_every, p.steps_max, p.results_wanted, p.keep_state};
}

}  // namespace praline::search
