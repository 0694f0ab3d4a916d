#include "search/engine/own_searches.hpp"

#include "node/wire/codec.hpp"
#include "unit/search/engine/router_fixture.hpp"

namespace own_searches_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;

namespace {

Guid called(std::uint8_t name) {
    Guid guid;
    guid.bytes[0] = name;
    return guid;
}

Launch launch(std::uint8_t name, std::string text = "linux", strategy::Kind kind = strategy::Kind::flood) {
    Launch one{called(name), {}, {}};
    one.query.text = std::move(text);
    one.parameters.kind = kind;
    return one;
}

wire::QueryHit hit(std::vector<std::string> const& names, std::uint8_t servent = 1) {
    wire::QueryHit one;
    one.servent = called(servent);
    for (auto const& name : names) {
        wire::HitRecord record;
        record.name = name;
        one.records.push_back(std::move(record));
    }
    return one;
}

}  // namespace

TEST_CASE("a search is found by each of its names, and has so many at most") {
    RouterParts parts;
    parts.options.limits.names_max = 2;
    OwnSearches& searches = parts.searches;
    searches.open(launch(1), parts.now);
    CHECK(searches.add_name(called(1), called(11)));
    CHECK(searches.add_name(called(11), called(12)));
    CHECK_FALSE(searches.add_name(called(1), called(13)));
    CHECK_FALSE(searches.add_name(called(2), called(21)));
    CHECK(searches.find(called(12))->guid() == called(1));
    CHECK(searches.find(called(13)) == nullptr);
    auto const closed = searches.close(called(11));
    REQUIRE(closed);
    CHECK(closed->names().size() == 2);
    CHECK(searches.find(called(1)) == nullptr);
    CHECK_FALSE(searches.close(called(1)));
}

TEST_CASE("where there are too many searches the oldest is the one to be closed") {
    RouterParts parts;
    parts.options.limits.searches_max = 2;
    CHECK_FALSE(parts.searches.victim());
    parts.searches.open(launch(1), parts.now);
    CHECK_FALSE(parts.searches.victim());
    parts.searches.open(launch(2), parts.now);
    CHECK(bool{parts.searches.victim() == called(1)});
}

TEST_CASE("a result counts once, and only what answers the query is one") {
    RouterParts parts;
    OwnSearch& search = parts.searches.open(launch(1), parts.now);
    EngineLimits& limits = parts.options.limits;
    CHECK(search.count_new_results(hit({"linux one", "windows"}), limits) == 1);
    CHECK(search.count_new_results(hit({"linux one", "linux two"}), limits) == 1);
    CHECK(search.count_new_results(hit({"linux one"}, 2), limits) == 1);  // of another node
    limits.results_known_max = 0;
    CHECK(search.count_new_results(hit({"linux one"}), limits) == 1);
}

TEST_CASE("the cost of a search is reported with each turn, and nothing twice") {
    RouterParts parts;
    parts.up(ultra(1));
    parts.up(leaf(2));
    OwnSearch& search = parts.searches.open(launch(1), parts.now);
    parts.searches.count_copies(called(1), std::vector{peer(1), peer(2)}, strategy::Hop{peer(1), Ttl{1}}, 27);
    parts.searches.count_message(search, 10, 3);
    parts.searches.settle(search, parts.turn());
    parts.searches.settle(search, parts.turn());
    REQUIRE(parts.output.costs.size() == 1);
    CHECK(parts.output.costs[0].search == called(1));
    CHECK(parts.output.costs[0].messages == 3);
    CHECK(parts.output.costs[0].bytes == 2 * (wire::header_bytes + 27) + 10);
    CHECK(parts.output.costs[0].reach == 5);  // TTL 1 reaches the neighbour itself
    CHECK(search.sent_anything());
}

TEST_CASE("the query phase is done, said once, when the strategy has no further query") {
    RouterParts parts;
    parts.up(ultra(1));
    OwnSearch& ring = parts.searches.open(launch(1, "linux", strategy::Kind::expanding_ring), parts.now);
    parts.router.start(ring, parts.turn());
    parts.searches.settle(ring, parts.turn());
    CHECK(parts.output.query_phase_done.empty());
    parts.strategies.stop_querying(called(1));
    parts.searches.settle_all(parts.turn());
    parts.searches.settle_all(parts.turn());
    CHECK(parts.output.query_phase_done == std::vector{called(1)});
    CHECK(ring.is_query_phase_done());
}

TEST_CASE("walkers that give no sign of life for long are taken for ended") {
    RouterParts parts;
    parts.up(ours(1));
    OwnSearch& walk = parts.searches.open(launch(1, "linux", strategy::Kind::random_walk), parts.now);
    parts.router.start(walk, parts.turn());
    parts.searches.settle(walk, parts.turn());
    CHECK(parts.output.query_phase_done.empty());
    CHECK((parts.searches.next_deadline() == parts.now + EngineLimits{}.walk_quiet_for));
    parts.now += 10s;
    walk.on_sign_of_life(parts.now);
    CHECK((parts.searches.next_deadline() == parts.now + EngineLimits{}.walk_quiet_for));
    parts.now = *parts.searches.next_deadline();
    parts.searches.settle_all(parts.turn());
    CHECK(parts.output.query_phase_done == std::vector{called(1)});
    CHECK_FALSE(parts.searches.next_deadline());
}

TEST_CASE("a search takes newcomers while it is young and not stopped") {
    RouterParts parts;
    OwnSearch& search = parts.searches.open(launch(1), parts.now);
    EngineLimits const& limits = parts.options.limits;
    CHECK(search.takes_newcomers(parts.now + limits.newcomers_for - 1s, limits));
    CHECK_FALSE(search.takes_newcomers(parts.now + limits.newcomers_for, limits));
    search.stop_querying();
    CHECK_FALSE(search.takes_newcomers(parts.now, limits));
}

}  // namespace own_searches_test
