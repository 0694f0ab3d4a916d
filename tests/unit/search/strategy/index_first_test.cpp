#include "search/strategy/index_first.hpp"

#include <catch2/catch.hpp>

namespace index_first_test {
using namespace praline;
using namespace praline::search::strategy;
using namespace std::chrono_literals;

namespace {

constexpr Instant start{};

IndexFirst first(Kind kind, std::optional<std::uint32_t> wanted = std::nullopt) {
    Parameters parameters;
    parameters.kind = kind;
    parameters.results_wanted = wanted;
    return IndexFirst{parameters, IndexFirstLimits{}, start};
}

}  // namespace

TEST_CASE("a search of the index alone is over with its answer, whatever it is") {
    auto some = first(Kind::index);
    CHECK(some.tick(start + 1h) == IndexFirst::Next::wait);
    CHECK(some.answered(1) == IndexFirst::Next::finished);
    CHECK_FALSE(some.asked_overlay());
    auto none = first(Kind::index);
    CHECK(none.failed() == IndexFirst::Next::finished);
    CHECK_FALSE(none.asked_overlay());
}

TEST_CASE("hybrid leaves the overlay alone when the index knows enough") {
    auto one = first(Kind::hybrid, 5);
    CHECK(one.answered(5) == IndexFirst::Next::finished);
    CHECK(one.tick(start + 1h) == IndexFirst::Next::wait);
    CHECK_FALSE(one.asked_overlay());
}

TEST_CASE("hybrid asks the overlay for what the index lacks, and is over with both") {
    auto one = first(Kind::hybrid, 5);
    CHECK(one.answered(3) == IndexFirst::Next::ask_overlay);
    CHECK(one.overlay_parameters().kind == Kind::dynamic);
    CHECK(one.overlay_parameters().results_wanted == 2U);
    CHECK(one.tick(start + 1h) == IndexFirst::Next::wait);
    CHECK(one.overlay_query_phase_done() == IndexFirst::Next::finished);
    CHECK(one.overlay_query_phase_done() == IndexFirst::Next::wait);
}

TEST_CASE("hybrid asks the overlay at once when no index server answers") {
    auto one = first(Kind::hybrid);
    CHECK(one.failed() == IndexFirst::Next::ask_overlay);
    CHECK_FALSE(one.overlay_parameters().results_wanted.has_value());
}

TEST_CASE("hybrid waits a second for the index, then asks the overlay beside it, once") {
    auto one = first(Kind::hybrid, 5);
    CHECK(one.tick(start + 999ms) == IndexFirst::Next::wait);
    CHECK(one.tick(start + 1s) == IndexFirst::Next::ask_overlay);
    CHECK(one.tick(start + 2s) == IndexFirst::Next::wait);
    CHECK(one.overlay_query_phase_done() == IndexFirst::Next::wait);
    CHECK(one.answered(2) == IndexFirst::Next::finished);
    CHECK(one.answered(2) == IndexFirst::Next::wait);
}

}  // namespace index_first_test
