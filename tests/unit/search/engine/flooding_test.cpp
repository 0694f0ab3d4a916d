// Queries through the router that go as floods: neighbours, leaves, tables, limits.
#include "unit/search/engine/router_fixture.hpp"

namespace flooding_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;

TEST_CASE("a query that passes goes to every other ultrapeer, and to leaves whose table matches with TTL 1") {
    Fixture f;
    f.give_table(11, {"linux", "music"});
    f.give_table(12, {"network"});
    CHECK(f.arrive(1, 2, "linux music") == "2:2 3:2 11:1");
    CHECK(f.arrive(2, 3, "network") == "1:3 3:3 12:1");
    CHECK(f.arrive(1, 2, "nothing here") == "2:2 3:2");
}

TEST_CASE("a leaf without a table gets no query") {
    Fixture f;
    CHECK(f.arrive(1, 2, "linux") == "2:2 3:2");
}

TEST_CASE("on its last hop a query goes only to ultrapeers whose table matches or who have none") {
    Fixture f;
    f.give_table(1, {"linux"});
    f.give_table(2, {"network"});
    CHECK(f.arrive(11, 1, "linux") == "1:1 3:1");
    CHECK(f.arrive(3, 1, "linux", 3) == "1:1");
    CHECK(f.arrive(3, 2, "linux", 2) == "1:2 2:2");
}

TEST_CASE("a query whose TTL has run out still reaches leaves that match, as their last hop is ours") {
    Fixture f;
    f.give_table(11, {"linux"});
    CHECK(f.arrive(1, 0, "linux", 4) == "11:1");
    CHECK(f.arrive(12, 0, "linux") == "11:1");
}

TEST_CASE("a leaf's query starts here: to ultrapeers and leaves that match, not back to it") {
    Fixture f;
    f.give_table(11, {"linux"});
    f.give_table(12, {"linux"});
    CHECK(f.arrive(11, 3, "linux") == "1:3 2:3 3:3 12:1");
}

TEST_CASE("the TTL of a passing query is trimmed, and one that came too far is not passed") {
    Fixture f;
    CHECK(f.arrive(1, 100, "linux", 2) == "2:2 3:2");
    CHECK(f.arrive(1, 3, "linux", 5).empty());
    CHECK(f.arrive(1, 255, "linux", 255).empty());
}

TEST_CASE("a query goes to nobody whose hops flow is not above its hops") {
    Fixture f;
    f.give_table(11, {"linux"});
    auto one = ultra(1), quiet = leaf(11);
    one.hops_flow = 2;
    quiet.hops_flow = 0;
    f.change(one);
    f.change(quiet);
    CHECK(f.arrive(2, 2, "linux", 1) == "1:2 3:2");
    CHECK(f.arrive(2, 2, "linux", 2) == "3:2");
}

TEST_CASE("our own query goes to all ultrapeers with the default TTL, or less if the peer wants less") {
    Fixture f;
    auto shy = ultra(2);
    shy.max_ttl = 2;
    f.change(shy);
    f.give_table(12, {"linux"});
    f.out.clear();
    f.start(view("linux"));
    for (overlay::Event const& event : f.out) CHECK(std::get<overlay::ForwardQuery>(event).hops == Hops{0});
    CHECK(f.copies() == "1:4 2:2 3:4 12:1");
    strategy::Parameters nearby;
    nearby.ttl = std::uint8_t{2};
    f.start(view("linux"), nearby);
    CHECK(f.copies() == "1:2 2:2 3:2 12:1");
}

TEST_CASE("our own query for a hash alone is asked of every leaf that shares something; a passing one is not") {
    Fixture f;
    f.give_table(11, {"linux"});
    f.give_table(12, {});
    wire::Query by_hash;
    by_hash.text = "\\";
    Urn urn;
    urn.sha1 = Sha1{{7}};
    by_hash.urns.push_back(urn);
    auto const query = wire::routed(by_hash);
    f.out.clear();
    f.start(query);
    CHECK(f.copies() == "1:4 2:4 3:4 11:1");
    f.query_came(1, Ttl{2}, Hops{1}, query);
    CHECK(f.copies() == "2:2 3:2");
    f.give_table(12, {urn.text()});
    f.out.clear();
    f.query_came(1, Ttl{2}, Hops{1}, query);
    CHECK(f.copies() == "2:2 3:2 12:1");
}

TEST_CASE("a leaf passes nothing on, and asks all its ultrapeers itself") {
    Fixture f{false};
    CHECK(f.arrive(1, 3, "linux").empty());
    f.start(view("linux"));
    CHECK(f.copies() == "1:4 2:4 3:4");
}

TEST_CASE("a query from nobody we know, or without content, does no harm") {
    Fixture f;
    f.give_table(11, {"linux"});
    CHECK(f.arrive(99, 3, "linux").empty());
    f.out.clear();
    f.query_came(1, Ttl{2}, Hops{1}, nullptr);
    CHECK(f.copies().empty());
}

TEST_CASE("neighbours beyond the limit are ignored") {
    RoutingLimits limits;
    limits.neighbours_max = 2;
    RouterParts parts{limits};
    for (std::uint32_t i = 1; i < 5; ++i) parts.up(ultra(i));
    parts.out.clear();
    parts.start(view("linux"));
    CHECK(std::get<overlay::ForwardQuery>(parts.out.at(0)).to.size() == 2);
}

}  // namespace flooding_test
