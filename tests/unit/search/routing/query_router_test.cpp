#include "search/routing/query_router.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "search/qrp/patch_receiver.hpp"
#include "search/qrp/table_builder.hpp"
#include "search/qrp/table_update.hpp"
#include "unit/search/routing/router_fixture.hpp"

namespace query_router_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;
using namespace std::chrono_literals;

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
    f.feed(NeighbourChanged{one});
    f.feed(NeighbourChanged{quiet});
    CHECK(f.arrive(2, 2, "linux", 1) == "1:2 3:2");
    CHECK(f.arrive(2, 2, "linux", 2) == "3:2");
}

TEST_CASE("our own query goes to all ultrapeers with the default TTL, or less if the peer wants less") {
    Fixture f;
    auto shy = ultra(2);
    shy.max_ttl = 2;
    f.feed(NeighbourChanged{shy});
    f.give_table(12, {"linux"});
    f.out.clear();
    f.feed(StartQuery{Guid{}, view("linux"), Ttl{0}});
    for (Action const& action : f.out) CHECK(std::get<Forward>(action).hops == Hops{0});
    CHECK(f.copies() == "1:4 2:2 3:4 12:1");
    f.feed(StartQuery{Guid{}, view("linux"), Ttl{2}});
    CHECK(f.copies() == "1:2 2:2 3:2 12:1");
}

TEST_CASE("our own query for a hash alone is asked of every leaf that shares something; a passing one is not") {
    Fixture f;
    f.give_table(11, {"linux"});
    f.give_table(12, {});
    auto query = std::make_shared<wire::Query>();
    query->text = "\\";
    Urn urn;
    urn.sha1 = Sha1{{7}};
    query->urns.push_back(urn);
    f.out.clear();
    f.feed(StartQuery{Guid{}, QueryView{query, nullptr}, Ttl{0}});
    CHECK(f.copies() == "1:4 2:4 3:4 11:1");
    f.feed(QueryArrived{peer(1), Guid{}, Ttl{2}, Hops{1}, QueryView{query, nullptr}});
    CHECK(f.copies() == "2:2 3:2");
    f.give_table(12, {urn.text()});
    f.out.clear();
    f.feed(QueryArrived{peer(1), Guid{}, Ttl{2}, Hops{1}, QueryView{query, nullptr}});
    CHECK(f.copies() == "2:2 3:2 12:1");
}

TEST_CASE("a leaf passes nothing on, and asks all its ultrapeers itself") {
    Fixture f{false};
    CHECK(f.arrive(1, 3, "linux").empty());
    f.feed(StartQuery{Guid{}, view("linux"), Ttl{0}});
    CHECK(f.copies() == "1:4 2:4 3:4");
}

TEST_CASE("a query from nobody we know, or without content, does no harm") {
    Fixture f;
    f.give_table(11, {"linux"});
    CHECK(f.arrive(99, 3, "linux").empty());
    f.out.clear();
    f.feed(QueryArrived{peer(1), Guid{}, Ttl{2}, Hops{1}, QueryView{}});
    CHECK(f.copies() == "2:2 3:2");
}

TEST_CASE("as a leaf we send our table to every ultrapeer, as an ultrapeer to those that exchange tables") {
    for (bool const ultrapeer : {false, true}) {
        QueryRouter router{Limits{}, Rng{1}};
        Actions out;
        router.handle(RoleIs{ultrapeer}, at(1s), out);
        router.handle(LocalTable{qrp::finest_of({"linux"})}, at(1s), out);
        CHECK(out.empty());
        router.handle(NeighbourUp{ultra(1)}, at(1s), out);
        router.handle(NeighbourUp{ultra(2, false)}, at(1s), out);
        if (ultrapeer) router.handle(NeighbourUp{leaf(3)}, at(1s), out);
        REQUIRE(out.size() == (ultrapeer ? 1 : 2));
        auto const& table = std::get<SendTable>(out.at(0));
        CHECK(table.to == peer(1));
        CHECK(std::holds_alternative<wire::QrpReset>(table.messages.at(0)));
        CHECK_FALSE(router.next_deadline());
    }
}

TEST_CASE("updates wait for each other, and are due when next_deadline says") {
    Fixture f{false};
    f.feed(LocalTable{qrp::finest_of({"linux"})});
    CHECK(f.out.empty());  // the empty table was sent a moment ago
    f.feed(LocalTable{qrp::finest_of({"linux", "music"})});
    auto const due = at(1s) + Limits{}.table_every;
    REQUIRE((f.router.next_deadline() == due));
    f.now = due;
    f.feed(Tick{});
    REQUIRE(f.out.size() == 3);
    for (Action const& action : f.out) {
        REQUIRE(std::get<SendTable>(action).messages.size() == 1);
        CHECK(std::holds_alternative<wire::QrpPatch>(std::get<SendTable>(action).messages.at(0)));
    }
    CHECK_FALSE(f.router.next_deadline());
    f.out.clear();
    f.now = at(60s);
    f.feed(LocalTable{qrp::finest_of({"music", "linux", "linux"})});
    CHECK(f.out.empty());
    CHECK_FALSE(f.router.next_deadline());
}

TEST_CASE("a table that makes no sense is told once, and no longer used") {
    Fixture f;
    f.give_table(11, {"linux"});
    f.out.clear();
    for (int i = 0; i < 3; ++i) f.feed(TableArrived{peer(11), wire::QrpPatch{1, 1, false, 4, {}}});
    REQUIRE(f.out.size() == 1);
    CHECK(std::get<BadTable>(f.out.at(0)).from == peer(11));
    CHECK(f.arrive(1, 2, "linux") == "2:2 3:2");
}

TEST_CASE("tables of those who exchange none, and of strangers, are not even looked at") {
    Fixture f;
    f.feed(TableArrived{peer(3), wire::QrpPatch{1, 1, false, 4, {}}});
    f.feed(TableArrived{peer(99), wire::QrpPatch{1, 1, false, 4, {}}});
    CHECK(f.out.empty());
}

TEST_CASE("tables that together exceed their memory are refused") {
    Limits limits;
    limits.received_bytes_max = 1000;
    QueryRouter router{limits, Rng{1}};
    Actions out;
    router.handle(RoleIs{true}, at(1s), out);
    router.handle(NeighbourUp{leaf(1)}, at(1s), out);
    qrp::QueryRoutingTable full{1U << 16};
    for (std::uint32_t slot = 0; slot < full.slots(); slot += 2) full.set(slot);
    for (auto const& one : qrp::make_update(nullptr, full)) router.handle(TableArrived{peer(1), one}, at(1s), out);
    REQUIRE(out.size() == 1);
    CHECK(std::holds_alternative<BadTable>(out.at(0)));
}

TEST_CASE("neighbours beyond the limit are ignored") {
    Limits limits;
    limits.neighbours_max = 2;
    QueryRouter router{limits, Rng{1}};
    Actions out;
    for (std::uint32_t i = 1; i < 5; ++i) router.handle(NeighbourUp{ultra(i)}, at(1s), out);
    out.clear();
    router.handle(StartQuery{Guid{}, view("linux"), Ttl{0}}, at(1s), out);
    CHECK(std::get<Forward>(out.at(0)).to.size() == 2);
}

TEST_CASE("whatever happens, neighbours end up with the OR of our words and our leaves' tables") {
    std::vector<std::string> const vocabulary{"linux", "music",   "network", "ubuntu", "prefix", "praline",
                                              "almond", "hazelnut", "cocoa", "nougat", "sugar"};
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        INFO("seed " << seed);
        Rng rng{seed};
        auto const some_words = [&] {
            std::vector<std::string> words;
            for (auto const& word : vocabulary)
                if (rng.below(4) == 0) words.push_back(word);
            return words;
        };
        QueryRouter router{Limits{}, Rng{seed}};
        Instant now = at(1s);
        Actions out;
        std::map<PeerId, qrp::PatchReceiver> told;                   // what the ultrapeers 1 to 4 were told
        std::map<PeerId, std::vector<std::string>> leaves;           // 11 to 16 and the words of their tables
        std::map<PeerId, std::optional<qrp::QueryRoutingTable>> given;
        std::vector<std::string> own;
        auto const feed = [&](Event const& event) {
            out.clear();
            router.handle(event, now, out);
            for (Action const& action : out)
                if (auto const* table = std::get_if<SendTable>(&action)) {
                    REQUIRE(told.contains(table->to));
                    for (auto const& one : table->messages) REQUIRE(told[table->to].apply(one).has_value());
                }
        };
        feed(RoleIs{true});
        for (int step = 0; step < 150; ++step) {
            now += std::chrono::milliseconds{rng.below(4000)};
            PeerId const up{static_cast<std::uint32_t>(1 + rng.below(4))}, down{static_cast<std::uint32_t>(11 + rng.below(6))};
            switch (rng.below(6)) {
                case 0:
                    if (told.contains(up)) {
                        feed(NeighbourDown{up});
                        told.erase(up);
                    } else {
                        told[up];
                        feed(NeighbourUp{ultra(up.value())});
                    }
                    break;
                case 1:
                    if (leaves.contains(down)) {
                        feed(NeighbourDown{down});
                        leaves.erase(down);
                        given.erase(down);
                    } else {
                        leaves[down];
                        feed(NeighbourUp{leaf(down.value())});
                    }
                    break;
                case 2: feed(LocalTable{qrp::finest_of(own = some_words())}); break;
                case 3:
                case 4:
                    if (leaves.contains(down)) {
                        leaves[down] = some_words();
                        auto next = table_of(leaves[down], 1U << (14 + rng.below(8)));
                        auto& before = given[down];
                        for (auto const& one : qrp::make_update(before ? &*before : nullptr, next))
                            feed(TableArrived{down, one});
                        before = std::move(next);
                    }
                    break;
                default: feed(Tick{}); break;
            }
            std::string const& word = vocabulary[rng.below(vocabulary.size())];
            feed(QueryArrived{PeerId{1}, Guid{}, Ttl{2}, Hops{1}, view(word)});
            if (told.contains(PeerId{1})) {
                std::set<PeerId> expected, got;
                for (auto const& [id, words] : leaves)
                    if (std::find(words.begin(), words.end(), word) != words.end()) expected.insert(id);
                for (Action const& action : out)
                    if (auto const* forward = std::get_if<Forward>(&action); forward && forward->ttl == Ttl{1})
                        got.insert(forward->to.begin(), forward->to.end());
                REQUIRE(std::includes(got.begin(), got.end(), expected.begin(), expected.end()));
            }
        }
        while (auto const due = router.next_deadline()) {
            REQUIRE(*due > now);
            now = *due;
            feed(Tick{});
        }
        qrp::QueryRoutingTable twin = table_of(own, 1U << 17);
        for (auto const& [id, table] : given)
            if (table) twin.merge(*table);
        for (auto const& [id, receiver] : told) REQUIRE(*receiver.table() == twin);
    }
}

}  // namespace query_router_test
