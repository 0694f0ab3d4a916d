#include "index/volunteer/controller.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace praline::index::volunteer::controller_test {

namespace {

/// Clients that all wait as long.
Report report(PeerId server, double delay_ms, std::uint64_t clients) {
    return {server, delay_ms * static_cast<double>(clients), clients, clients};
}

Options options(double requirement_ms) {
    Options options;
    options.requirement_ms = requirement_ms;
    return options;
}

Decision after(Controller& controller, unsigned rounds, std::vector<Report> const& reports) {
    Decision decision;
    for (unsigned round = 0; round < rounds; ++round) decision = controller.round(1, reports);
    return decision;
}

}  // namespace

TEST_CASE(
    "once the mean of all is too long, each server whose own is too long invites, and then nobody until it shows") {
    Controller controller{options(120)};
    std::vector<Report> const reports{report(1, 110, 10), report(2, 150, 10), report(3, 125, 10)};
    CHECK(after(controller, 2, reports) == Decision{});
    CHECK(after(controller, 1, reports).inviting == std::vector<PeerId>{2, 3});
    CHECK(controller.delay_ms() == Approx(385.0 / 3));
    CHECK(after(controller, 2, reports) == Decision{});
    CHECK(after(controller, 1, reports).inviting == std::vector<PeerId>{2, 3});
}

TEST_CASE("a server with long ways alone is no reason for another one") {
    Controller controller{options(120)};
    CHECK(after(controller, 9, {report(1, 108, 90), report(2, 200, 10)}) == Decision{});
}

TEST_CASE("alone, each server judges by its own clients, and nobody retires") {
    auto alone = options(120);
    alone.each_for_itself = true;
    Controller controller{alone};
    CHECK(after(controller, 3, {report(1, 105, 90), report(2, 200, 10)}).inviting == std::vector<PeerId>{2});
    CHECK(after(controller, 9, {report(1, 101, 90), report(2, 101, 10)}) == Decision{});
}

TEST_CASE(
    "when the delay is far below, the server with the fewest clients retires, if they are few and it is not the root") {
    Controller controller{options(120)};
    CHECK(after(controller, 3, {report(1, 105, 5), report(2, 105, 40), report(3, 105, 8)}).retiring == PeerId{3});
    CHECK(after(controller, 9, {report(1, 105, 5), report(2, 105, 40), report(3, 105, 30)}) == Decision{});
    // Below, but not far.
    Controller content{options(120)};
    CHECK(after(content, 9, {report(1, 118, 40), report(2, 118, 40), report(3, 118, 1)}) == Decision{});
    Controller lone{options(120)};
    CHECK(after(lone, 9, {report(1, 101, 40)}) == Decision{});
}

TEST_CASE("rounds without a report decide nothing, and what was long ago is forgotten") {
    Controller controller{options(120)};
    CHECK(after(controller, 5, {}) == Decision{});
    CHECK_FALSE(controller.delay_ms());
    static_cast<void>(after(controller, 3, {report(1, 300, 10)}));
    static_cast<void>(after(controller, 3, {report(1, 100, 10)}));
    CHECK(controller.delay_ms() == Approx(100));
}

TEST_CASE("each round in which a server was up is credited to it") {
    Controller controller{options(120)};
    static_cast<void>(after(controller, 4, {report(1, 110, 10), report(2, 110, 10)}));
    static_cast<void>(after(controller, 2, {report(2, 110, 10)}));
    CHECK(controller.credit() == std::map<PeerId, std::uint64_t>{{1, 4}, {2, 6}});
}

TEST_CASE("of too many servers the credit of those that are down and earned least is forgotten") {
    Controller controller{options(120)};
    std::vector<Report> all;
    for (PeerId server = 1; server <= servers_max; ++server) all.push_back(report(server, 110, 1));
    static_cast<void>(controller.round(1, all));
    static_cast<void>(controller.round(1, std::vector{report(1, 110, 1), report(7, 110, 1)}));
    static_cast<void>(controller.round(1, std::vector{report(1, 110, 1), report(servers_max + 1, 110, 1)}));
    CHECK(controller.credit().size() == servers_max);
    CHECK(controller.credit().at(1) == 3);
    CHECK(controller.credit().at(7) == 2);
    CHECK(controller.credit().at(servers_max + 1) == 1);
    CHECK_FALSE(controller.credit().contains(2));
}

}  // namespace praline::index::volunteer::controller_test
