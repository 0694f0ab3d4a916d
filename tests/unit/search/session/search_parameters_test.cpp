#include "search/session/search_parameters.hpp"

#include <catch2/catch.hpp>
#include <set>

namespace search_parameters_test {
using namespace praline::search;
using strategy::Kind;

TEST_CASE("every strategy has one name and a line that explains it") {
    std::set<std::string_view> seen;
    for (auto const& one : strategy_names()) {
        CHECK(seen.insert(one.name).second);
        CHECK(bool{strategy_named(one.name) == one.kind});
        CHECK(name_of(one.kind) == one.name);
        CHECK_FALSE(one.explanation.empty());
        CHECK_FALSE(one.heeds.empty());
    }
    CHECK(seen.size() == 9);
    CHECK_FALSE(strategy_named("Flood"));
    CHECK_FALSE(strategy_named(""));
}

TEST_CASE("parameters out of bounds get a sentence that names them and their bounds") {
    ParameterWish p;
    CHECK(problem_of(p).empty());
    p.ttl = 7;
    CHECK(problem_of(p).empty());
    p.ttl = 8;
    CHECK(problem_of(p) == "ttl must be from 1 to 7, not 8.");
    p.ttl = 0;
    CHECK_FALSE(problem_of(p).empty());
    p = {};
    p.walkers = 257;
    CHECK(problem_of(p).starts_with("walkers"));
    p = {};
    p.max_steps = 0;
    CHECK(problem_of(p).starts_with("max_steps"));
    p = {};
    p.check_every = UINT64_MAX;
    CHECK(problem_of(p).starts_with("check_every"));
    p.check_every = 0;
    CHECK(problem_of(p).empty());
    p.results_wanted = 0;
    CHECK(problem_of(p).starts_with("results_wanted"));
}

TEST_CASE("a request for a key may go further than what spreads") {
    ParameterWish p;
    p.kind = Kind::key;
    p.ttl = 64;
    CHECK(problem_of(p).empty());
    p.ttl = 65;
    CHECK_FALSE(problem_of(p).empty());
}

TEST_CASE("what was wished for is what the strategy gets, and the rest is left to it") {
    ParameterWish wish;
    wish.kind = Kind::random_walk;
    wish.walkers = 16;
    wish.max_steps = 64;
    wish.state = false;
    auto const p = parameters_of(wish);
    CHECK(p.kind == Kind::random_walk);
    CHECK(bool{p.walkers == 16U});
    CHECK(bool{p.steps_max == 64U});
    CHECK(bool{p.keep_state == false});
    CHECK_FALSE(p.ttl);
    CHECK_FALSE(p.check_every);
    CHECK_FALSE(p.results_wanted);
}

}  // namespace search_parameters_test
