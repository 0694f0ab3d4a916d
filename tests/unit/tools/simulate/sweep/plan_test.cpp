#include "tools/simulate/sweep/plan.hpp"

#include <catch2/catch.hpp>

#include "tools/simulate/world/graph.hpp"

namespace plan_test {
using namespace praline::simulate;
using namespace praline::simulate::sweep;

namespace {

Job job_with(std::vector<std::string> const& varied) {
    Job job{"sweep", "csv", {{"topology", "random:100:200", ""}, {"strategies", "flood,random-walk", ""}}, {}};
    for (auto const& text : varied) job.varied.push_back(parse_varied(text));
    return job;
}

}  // namespace

TEST_CASE("a sweep has a cell for each combination and strategy, the first key slowest") {
    auto const cells = cells_of(job_with({"ttl=3,4", "max-steps=10,20,30"}));
    REQUIRE(cells.size() == 2 * 3 * 2);
    CHECK(cells[0].options.ttl == 3);
    CHECK(cells[5].options.ttl == 3);
    CHECK(cells[6].options.ttl == 4);
    CHECK(cells[2].options.steps_max == 20);
    CHECK(cells[2].varied == std::vector<std::pair<std::string, std::string>>{{"ttl", "3"}, {"max_steps", "20"}});
    CHECK(cells[0].options.strategy != cells[1].options.strategy);
    CHECK(cells[0].options.log_events);
}

TEST_CASE("lists of any length keep their values") {
    auto const varied = parse_varied("topology=random:100:200,random:200:400,random:300:600");
    CHECK(varied.values == std::vector<std::string>{"random:100:200", "random:200:400", "random:300:600"});
}

TEST_CASE("without varied keys a job is its strategies") {
    CHECK(cells_of(job_with({})).size() == 2);
    CHECK_FALSE(defaults_of("run").options.log_events);
}

TEST_CASE("what cannot be varied is refused with a sentence") {
    for (char const* const text : {"ttl", "ttl=", "nonsense=1", "threads=1,2", "strategies=flood", "=3"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(parse_varied(text), world::BadInput);
    }
    CHECK_THROWS_AS(cells_of(job_with({"ttl=3", "ttl=4"})), world::BadInput);
    CHECK_THROWS_AS(cells_of(job_with({"ttl=3,far"})), world::BadInput);
    std::string many = "seed=0";
    for (int seed = 1; seed < 400; ++seed) many += ',' + std::to_string(seed);
    CHECK_THROWS_AS(cells_of(job_with({many, "queries" + many.substr(4)})), world::BadInput);
    CHECK_THROWS_AS(cells_of(Job{"compare", "json", {}, {}}), world::BadInput);
}

}  // namespace plan_test
