#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "search/strategy/walk_rules.hpp"

/// How an automatic search is spread. The node's strategy and the simulator's graph host share it.
namespace praline::search::strategy {

/// What is tried one after the other while there are too few results.
enum class Stage : std::uint8_t {
    near,  ///< one hop, to the few neighbours whose routing tables match
    few,   ///< few walkers, not far: most queries are for what is common
    many,  ///< many walkers, far
    wide,  ///< dynamic querying, until enough is found or no neighbour is left
};

/// What the asker knows.
struct AutomaticFacts {
    std::size_t neighbours = 0;
    std::size_t walking = 0;   ///< of these: nodes of ours, who take walkers
    std::size_t matching = 0;  ///< of these: whose routing table matches the query
    std::size_t results_wanted = 1;
    /// Of the asker and its neighbours; 0: one of them is unknown.
    std::uint32_t degree_least = 0, degree_most = 0;
};

/// One walk of it.
struct StageWalk {
    std::uint32_t walkers = 0;
    WalkRules rules;
};

/// The rule.
/// 1. Where fewer than a quarter of the neighbours take walkers, or more results are wanted than walkers would bring,
///    it is dynamic querying from the start: walkers only see nodes of ours, and each ends at its first match.
/// 2. Otherwise: if a neighbour's routing table matches, those who match are asked, one hop far.
/// 3. Then 8 walkers make 64 steps at most; then 64 more make up to 1,024. They keep state, so that the second walk begins
///    where the first has not been.
///    They are biased where the overlay looks even: of three neighbours or more, and us, none has more than 3 times the
///    links of another.
/// 4. What is still missing is sought by dynamic querying, under a new name.
/// Why walks first: a walker with state comes to a new node with four steps of five, or of two where hubs rule, so finding
/// one of r copies among n nodes takes 1.2 to 2 n/r messages. Floods and rings send one for each link they meet,
/// links/nodes times as many, and stop late; only in the first hops, and where everybody has to be asked, they are as
/// good. Why few first: what 1 node in 100 has, 8 walkers find with half the messages of 32 or 64, which overshoot. Why
/// biased in an even overlay: never using a link twice saves a fifth of the steps. In an uneven one biased walkers crowd
/// at the same hubs and take twice as many.
/// What it does not do well: it is slow for what is rare, and a walker's questions go back all its way, which counts of
/// query messages do not show; the node therefore ends a walk after a minute. What no node has costs the walks and a flood.
/// Where the searches of a workload are so rare that a walk of its own fails now and then, a single walk that gives up
/// is cheaper per find than going wide.
struct AutomaticRules {
    StageWalk few{8, {4, 64}};
    StageWalk many{64, {4, 1024}};
    std::size_t results_walked_max = 8;   ///< with more wanted no walkers are sent
    std::uint32_t uneven_from = 3;        ///< times the least degree
    std::size_t even_neighbours_min = 3;  ///< fewer say nothing about the rest

    [[nodiscard]] std::vector<Stage> plan(AutomaticFacts const& facts) const;
    [[nodiscard]] constexpr bool biased(AutomaticFacts const& facts) const {
        return facts.neighbours >= even_neighbours_min && facts.degree_least > 0 &&
               facts.degree_most <= std::uint64_t{uneven_from} * facts.degree_least;
    }
    [[nodiscard]] StageWalk const& walk(Stage stage) const { return stage == Stage::few ? few : many; }
};

}  // namespace praline::search::strategy
