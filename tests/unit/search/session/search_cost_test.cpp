#include "search/session/search_cost.hpp"

#include <array>

#include <catch2/catch.hpp>

#include "search/session/limits.hpp"
#include "search/session/search_session.hpp"

namespace search_cost_test {
using namespace praline;
using namespace praline::search;
using namespace std::chrono_literals;

namespace {

Guid guid(std::uint8_t number) { return Guid{{number}}; }
Endpoint endpoint(std::uint16_t port) { return Endpoint{0x7F000001, port}; }
Instant at(Duration since) { return Instant{} + since; }

wire::QueryHit hit(std::uint8_t servent, std::string name) {
    wire::QueryHit one;
    one.servent = guid(servent);
    one.endpoint = endpoint(servent);
    one.records.push_back({});
    one.records.back().name = std::move(name);
    return one;
}

}  // namespace

TEST_CASE("what was sent adds up") {
    CostLedger ledger;
    ledger.spent(3, 120, 9);
    ledger.spent(1, 40, 5);
    CHECK(ledger.cost().messages == 4);
    CHECK(ledger.cost().bytes == 160);
    CHECK(ledger.cost().reach_about == 14);
}

TEST_CASE("hits are told apart by hops, origins by servent and address") {
    CostLedger ledger;
    ledger.found(2, false, 1, 1s);
    ledger.found(2, true, 2, 2s);
    ledger.found(255, false, 3, 3s);
    for (std::uint16_t const node : std::array<std::uint16_t, 3>{1, 1, 2}) ledger.answered(guid(1), endpoint(node));
    CHECK(ledger.cost().hits_by_hops[2] == 2);
    CHECK(ledger.cost().hits_by_hops[255] == 1);
    CHECK(ledger.cost().cached_hits == 1);
    CHECK(ledger.cost().origins == 2);
    CHECK_FALSE(ledger.cost().origins_at_least);
}

TEST_CASE("the estimate of the reach is never below those who answered") {
    CostLedger ledger;
    ledger.spent(1, 40, 1);
    for (std::uint8_t i = 1; i <= 3; ++i) ledger.answered(guid(i), endpoint(i));
    CHECK(ledger.cost().reach_about == 3);
}

TEST_CASE("the first and the tenth file have their times, and keep them") {
    CostLedger ledger;
    for (std::size_t row = 1; row <= 12; ++row) ledger.found(1, false, row, std::chrono::milliseconds{100 * row});
    CHECK(bool{ledger.cost().first_result == 100ms});
    CHECK(bool{ledger.cost().tenth_result == 1000ms});
}

TEST_CASE("a flood of origins is counted up to a limit, and said to be more") {
    CostLedger ledger;
    for (std::size_t i = 0; i <= origins_max; ++i) ledger.answered(guid(1), Endpoint{static_cast<std::uint32_t>(i), 1});
    CHECK(ledger.cost().origins == origins_max);
    CHECK(ledger.cost().origins_at_least);
}

TEST_CASE("the cost of a search follows its hits, what was sent, and its states") {
    SearchSessions sessions;
    strategy::Parameters parameters;
    parameters.kind = strategy::Kind::random_walk;
    parameters.walkers = 4;
    auto const id = sessions.open("linux", {}, guid(1), at(10s), parameters)->id;
    CHECK(sessions.info(id)->state == SearchState::asking);
    CHECK(bool{sessions.spent(guid(1), 4, 400, 4) == id});
    CHECK_FALSE(sessions.spent(guid(9), 4, 400, 4));
    sessions.add_hit(guid(1), PeerId{1}, Hops{3}, hit(1, "linux one"), at(12s));
    sessions.add_hit(guid(1), PeerId{1}, Hops{3}, hit(1, "linux one"), at(13s));
    sessions.add_hit(guid(1), PeerId{1}, Hops{5}, hit(2, "linux two"), at(14s), 60);
    auto const cost = sessions.info(id)->cost;
    CHECK(cost.messages == 4);
    CHECK(cost.hits_by_hops[3] == 1);
    CHECK(cost.hits_by_hops[5] == 1);
    CHECK(cost.cached_hits == 1);
    CHECK(bool{cost.first_result == 2s});
    CHECK_FALSE(cost.tenth_result);
    CHECK(bool{sessions.info(id)->parameters.walkers == 4U});
    CHECK(bool{sessions.query_phase_done(guid(1)) == id});
    CHECK(sessions.info(id)->state == SearchState::listening);
    sessions.close(id, at(40s));
    CHECK(sessions.info(id)->state == SearchState::closed);
    CHECK(sessions.info(id)->lasted == 30s);
    CHECK_FALSE(sessions.spent(guid(1), 1, 1, 1));
    CHECK_FALSE(sessions.query_phase_done(guid(1)));
    CHECK(sessions.info(id)->cost.messages == 4);
}

TEST_CASE("what a cache says gives way to the source itself, and never the other way") {
    SearchSessions sessions;
    auto const id = sessions.open("linux", {}, guid(1), at(0s))->id;
    sessions.add_hit(guid(1), PeerId{1}, Hops{1}, hit(1, "linux"), at(1s), 600);
    CHECK(sessions.row(id, 1)->is_cached());
    CHECK(bool{sessions.row(id, 1)->sources.at(0).cached_seconds == 600U});
    CHECK(sessions.add_hit(guid(1), PeerId{1}, Hops{4}, hit(1, "linux"), at(2s)));
    CHECK_FALSE(sessions.row(id, 1)->is_cached());
    CHECK(sessions.row(id, 1)->sources.at(0).hops == 4);
    CHECK_FALSE(sessions.add_hit(guid(1), PeerId{2}, Hops{1}, hit(1, "linux"), at(3s), 600));
    CHECK_FALSE(sessions.row(id, 1)->is_cached());
}

TEST_CASE("whom an index server names has not answered, until it does") {
    SearchSessions sessions;
    auto const id = sessions.open("linux", {}, guid(1), at(0s))->id;
    sessions.add_indexed(guid(1), hit(1, "linux"), at(1s));
    sessions.add_indexed(guid(1), hit(2, "linux"), at(1s));
    CHECK(sessions.info(id)->cost.hits_by_hops[0] == 2);
    CHECK(sessions.info(id)->cost.origins == 0);
    CHECK(sessions.info(id)->cost.reach_about == 0);
    sessions.add_hit(guid(1), PeerId{1}, Hops{3}, hit(1, "linux"), at(2s));
    CHECK(sessions.info(id)->cost.origins == 1);
}

}  // namespace search_cost_test
