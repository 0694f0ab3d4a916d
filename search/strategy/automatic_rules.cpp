#include "search/strategy/automatic_rules.hpp"

namespace praline::search::strategy {

std::vector<Stage> AutomaticRules::plan(AutomaticFacts const& facts) const {
    bool const alone = facts.walking == 0 || facts.walking * 4 < facts.neighbours;
    if (alone || facts.results_wanted > results_walked_max) return {Stage::wide};
    if (facts.matching > 0) return {Stage::near, Stage::few, Stage::many, Stage::wide};
    return {Stage::few, Stage::many, Stage::wide};
}

}  // namespace praline::search::strategy
