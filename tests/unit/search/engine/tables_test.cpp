// Routing tables: those that neighbours send, and ours as it is announced to them.
#include "search/engine/tables.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "search/qrp/patch_receiver.hpp"
#include "unit/search/engine/router_fixture.hpp"

namespace tables_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;
using namespace std::chrono_literals;

TEST_CASE("as a leaf we send our table to every ultrapeer, as an ultrapeer to those that exchange tables") {
    for (bool const ultrapeer : {false, true}) {
        RouterParts parts;
        parts.role(ultrapeer);
        parts.share({"linux"});
        CHECK(parts.out.empty());
        parts.up(ultra(1));
        parts.up(ultra(2, false));
        if (ultrapeer) parts.up(leaf(3));
        REQUIRE(parts.out.size() == (ultrapeer ? 1 : 2));
        auto const& table = std::get<overlay::SendQrp>(parts.out.at(0));
        CHECK(table.peer == peer(1));
        CHECK(std::holds_alternative<wire::QrpReset>(table.messages.at(0)));
        CHECK_FALSE(parts.next_deadline());
    }
}

TEST_CASE("updates wait for each other, and are due when next_deadline says") {
    Fixture f{false};
    f.share({"linux"});
    CHECK(f.out.empty());  // the empty table was sent a moment ago
    f.share({"linux", "music"});
    auto const due = at(1s) + RoutingLimits{}.table_every;
    REQUIRE((f.next_deadline() == due));
    f.now = due;
    f.tick();
    REQUIRE(f.out.size() == 3);
    for (overlay::Event const& event : f.out) {
        REQUIRE(std::get<overlay::SendQrp>(event).messages.size() == 1);
        CHECK(std::holds_alternative<wire::QrpPatch>(std::get<overlay::SendQrp>(event).messages.at(0)));
    }
    CHECK_FALSE(f.next_deadline());
    f.out.clear();
    f.now = at(60s);
    f.share({"music", "linux", "linux"});
    CHECK(f.out.empty());
    CHECK_FALSE(f.next_deadline());
}

TEST_CASE("a table that makes no sense is refused once, and no longer used") {
    Fixture f;
    f.give_table(11, {"linux"});
    f.out.clear();
    for (int i = 0; i < 3; ++i) f.table_came(peer(11), wire::QrpPatch{1, 1, false, 4, {}});
    REQUIRE(f.out.size() == 1);
    CHECK(std::get<overlay::RejectQrp>(f.out.at(0)).peer == peer(11));
    CHECK(f.arrive(1, 2, "linux") == "2:2 3:2");
}

TEST_CASE("tables of peers that exchange none, and of unknown ones, are not even looked at") {
    Fixture f;
    f.table_came(peer(3), wire::QrpPatch{1, 1, false, 4, {}});
    f.table_came(peer(99), wire::QrpPatch{1, 1, false, 4, {}});
    CHECK(f.out.empty());
}

TEST_CASE("tables that together exceed their memory are refused") {
    RoutingLimits limits;
    limits.received_bytes_max = 1000;
    RouterParts parts{limits};
    parts.role(true);
    parts.up(leaf(1));
    qrp::QueryRoutingTable full{1U << 16};
    for (std::uint32_t slot = 0; slot < full.slots(); slot += 2) full.set(slot);
    for (auto const& one : qrp::make_update(nullptr, full)) parts.table_came(peer(1), one);
    REQUIRE(parts.out.size() == 1);
    CHECK(std::holds_alternative<overlay::RejectQrp>(parts.out.at(0)));
}

TEST_CASE("whatever happens, neighbours end up with the OR of our words and our leaves' tables") {
    std::vector<std::string> const vocabulary{"linux",  "music",    "network", "ubuntu", "prefix", "praline",
                                              "almond", "hazelnut", "cocoa",   "nougat", "sugar"};
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        INFO("seed " << seed);
        Rng rng{seed};
        auto const some_words = [&] {
            std::vector<std::string> words;
            for (auto const& word : vocabulary)
                if (rng.below(4) == 0) words.push_back(word);
            return words;
        };
        RouterParts parts{RoutingLimits{}, seed};
        std::map<PeerId, qrp::PatchReceiver> told;          // what was announced to the ultrapeers 1 to 4
        std::map<PeerId, std::vector<std::string>> leaves;  // 11 to 16 and the words of their tables
        std::map<PeerId, std::optional<qrp::QueryRoutingTable>> given;
        std::vector<std::string> own;
        auto const after = [&](auto happens) {
            parts.out.clear();
            happens();
            for (overlay::Event const& event : parts.out)
                if (auto const* table = std::get_if<overlay::SendQrp>(&event)) {
                    REQUIRE(told.contains(table->peer));
                    for (auto const& one : table->messages) REQUIRE(told[table->peer].apply(one).has_value());
                }
        };
        after([&] { parts.role(true); });
        for (int step = 0; step < 150; ++step) {
            parts.now += std::chrono::milliseconds{rng.below(4000)};
            PeerId const up{static_cast<std::uint32_t>(1 + rng.below(4))},
                down{static_cast<std::uint32_t>(11 + rng.below(6))};
            switch (rng.below(6)) {
                case 0:
                    if (told.contains(up)) {
                        after([&] { parts.down(up); });
                        told.erase(up);
                    } else {
                        told[up];
                        after([&] { parts.up(ultra(up.value())); });
                    }
                    break;
                case 1:
                    if (leaves.contains(down)) {
                        after([&] { parts.down(down); });
                        leaves.erase(down);
                        given.erase(down);
                    } else {
                        leaves[down];
                        after([&] { parts.up(leaf(down.value())); });
                    }
                    break;
                case 2: after([&] { parts.share(own = some_words()); }); break;
                case 3:
                case 4:
                    if (leaves.contains(down)) {
                        leaves[down] = some_words();
                        auto next = table_of(leaves[down], 1U << (14 + rng.below(8)));
                        auto& before = given[down];
                        for (auto const& one : qrp::make_update(before ? &*before : nullptr, next))
                            after([&] { parts.table_came(down, one); });
                        before = std::move(next);
                    }
                    break;
                default: after([&] { parts.tick(); }); break;
            }
            std::string const& word = vocabulary[rng.below(vocabulary.size())];
            after([&] { parts.query_came(1, Ttl{2}, Hops{1}, view(word)); });
            if (told.contains(PeerId{1})) {
                std::set<PeerId> expected, got;
                for (auto const& [id, words] : leaves)
                    if (std::find(words.begin(), words.end(), word) != words.end()) expected.insert(id);
                for (overlay::Event const& event : parts.out)
                    if (auto const* forward = std::get_if<overlay::ForwardQuery>(&event);
                        forward && forward->ttl == Ttl{1})
                        got.insert(forward->to.begin(), forward->to.end());
                REQUIRE(std::includes(got.begin(), got.end(), expected.begin(), expected.end()));
            }
        }
        while (auto const due = parts.next_deadline()) {
            REQUIRE(*due > parts.now);
            parts.now = *due;
            after([&] { parts.tick(); });
        }
        qrp::QueryRoutingTable twin = table_of(own, 1U << 17);
        for (auto const& [id, table] : given)
            if (table) twin.merge(*table);
        for (auto const& [id, receiver] : told) REQUIRE(*receiver.table() == twin);
    }
}

}  // namespace tables_test
