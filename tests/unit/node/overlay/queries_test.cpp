#include <catch2/catch.hpp>

#include "node/wire/ggep.hpp"
#include "node/wire/praline.hpp"
#include "node/wire/vendor.hpp"
#include "unit/node/overlay/virtual_network.hpp"

namespace queries_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;
using wire::Function;

namespace {

constexpr char const* ours = "Vendor-Message: 0.2\r\nX-Praline: 1\r\n";

Config config_of() {
    Config config;
    config.mode = Mode::ultrapeer;
    config.servent = servent_of(0);
    config.listen = {0x0A000001, 6346};
    return config;
}
Guid guid_of(std::uint64_t number) { return servent_of(number + 50'000); }

QueryPtr walker(std::uint32_t number, std::uint32_t step = 1, std::uint32_t steps_max = 1024) {
    auto routed = std::make_shared<RoutedQuery>();
    routed->query.text = "good words";
    wire::put(routed->query, wire::WalkerItem{number, step, steps_max, 4, true, false});
    routed->payload = std::make_shared<Bytes const>(wire::encode(routed->query));
    return routed;
}
QueryPtr key_request() {
    auto routed = std::make_shared<RoutedQuery>();
    routed->query.text = "good words";
    wire::put(routed->query, wire::KeyItem{77, 20});
    routed->payload = std::make_shared<Bytes const>(wire::encode(routed->query));
    return routed;
}
std::uint64_t dropped(ScriptedPeer const& node, Kind kind, DropReason reason) {
    return node.core.counters().of(kind, reason);
}

}  // namespace

TEST_CASE("walkers and key requests of one query pass as often as they come, and the way back stays the first") {
    ScriptedPeer node{config_of()};
    PeerId const first = node.link(true, ours), second = node.link(true, ours);
    node.say(first, Function::query, Ttl{1}, Hops{4}, *walker(1)->payload, guid_of(1));
    node.say(second, Function::query, Ttl{1}, Hops{9}, *walker(2)->payload, guid_of(1));
    node.say(second, Function::query, Ttl{1}, Hops{11}, *walker(2, 3)->payload, guid_of(1));
    node.say(second, Function::query, Ttl{1}, Hops{11}, *key_request()->payload, guid_of(1));
    auto const seen = node.all<QueryArrived>();
    REQUIRE(seen.size() == 4);
    CHECK_FALSE(seen[0].again);
    CHECK(seen[0].ttl == Ttl{0});
    CHECK(seen[0].hops == Hops{5});
    for (std::size_t i = 1; i < seen.size(); ++i) CHECK(seen[i].again);
    CHECK(bool{node.core.reverse_path(guid_of(1), node.now) == first});
    CHECK(node.core.counters().query_steps_in == 4);
    CHECK(node.core.counters().query_duplicates == 0);
}

TEST_CASE("a walker that comes home is no copy of our query") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.link(true, ours);
    node.feed(OpenQuery{guid_of(1)});
    node.say(peer, Function::query, Ttl{1}, Hops{4}, *walker(1)->payload, guid_of(1));
    REQUIRE(node.all<QueryArrived>().size() == 1);
    CHECK(node.all<QueryArrived>()[0].again);
    CHECK(bool{node.core.reverse_path(guid_of(1), node.now) == PeerId{0}});
}

TEST_CASE("the steps of strangers, and those with a TTL, are taken out") {
    ScriptedPeer node{config_of()};
    PeerId const stranger = node.link(true, "Vendor-Message: 0.2\r\n"), friendly = node.link(true, ours);
    node.say(stranger, Function::query, Ttl{1}, Hops{4}, *walker(1)->payload, guid_of(1));
    node.say(stranger, Function::query, Ttl{1}, Hops{4}, *walker(2)->payload, guid_of(1));
    node.say(friendly, Function::query, Ttl{2}, Hops{4}, *key_request()->payload, guid_of(2));
    auto const seen = node.all<QueryArrived>();
    REQUIRE(seen.size() == 2);
    for (QueryArrived const& one : seen) {
        CHECK(one.query->query.ggep.empty());
        CHECK_FALSE(wire::may_carry_steps(*one.query->payload));
        CHECK(bool{wire::decode_query(*one.query->payload).value() == one.query->query});
    }
    CHECK(node.core.counters().query_duplicates == 1);
    CHECK(node.core.counters().query_steps_in == 0);
}

TEST_CASE("words that look like a walker do not make a copy pass") {
    ScriptedPeer node{config_of()};
    PeerId const first = node.link(true, ours), second = node.link(true, ours);
    Bytes const payload = *query_of("PRW PRK")->payload;
    node.say(first, Function::query, Ttl{1}, Hops{1}, payload, guid_of(1));
    node.say(second, Function::query, Ttl{1}, Hops{1}, payload, guid_of(1));
    node.say(second, Function::query, Ttl{1}, Hops{200}, payload, guid_of(2));
    CHECK(node.all<QueryArrived>().size() == 1);
    CHECK(node.core.counters().query_duplicates == 1);
    CHECK(dropped(node, Kind::query, DropReason::ttl) == 1);
}

TEST_CASE("a walker may make more than 255 steps: its hops stop counting") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.link(true, ours), next = node.link(true, ours), leaf = node.link(false);
    for (unsigned const hops : {14U, 15U, 254U, 255U}) {
        node.say(peer, Function::query, Ttl{1}, Hops{static_cast<std::uint8_t>(hops)},
                 *walker(1, 0xFFFFFFFF, 0xFFFFFFFF)->payload, guid_of(hops));
        auto const seen = node.all<QueryArrived>();
        REQUIRE_FALSE(seen.empty());
        REQUIRE(seen.back().guid == guid_of(hops));
        CHECK(seen.back().hops.value() == std::min(hops + 1, 255U));
        node.feed(ForwardQuery{guid_of(hops), {next}, Ttl{0}, seen.back().hops, seen.back().query});
        auto const sent = node.messages(next, Function::query);
        REQUIRE(sent.back().header.guid == guid_of(hops));
        CHECK(sent.back().header.ttl == Ttl{1});
        CHECK(sent.back().header.hops == seen.back().hops);
    }
    // TTL 255 is no walker, whatever it carries.
    node.say(peer, Function::query, Ttl{255}, Hops{0}, *walker(1)->payload, guid_of(1000));
    CHECK(dropped(node, Kind::query, DropReason::ttl) == 1);
    CHECK(node.all<QueryArrived>().size() == 4);
    // A leaf that relays a walker is sent away as for any query.
    node.say(leaf, Function::query, Ttl{1}, Hops{1}, *walker(1)->payload, guid_of(1001));
    CHECK(bool{node.bye_code(leaf) == 414});
}

TEST_CASE("one link brings so many repeated walkers and notes, then they are dropped until its credit has grown") {
    Config config = config_of();
    config.limits.steps_per_second = 10;
    config.limits.steps_burst = 20;
    ScriptedPeer node{config};
    PeerId const peer = node.link(true, ours), other = node.link(true, ours);
    for (std::uint32_t i = 0; i < 51; ++i)
        node.say(peer, Function::query, Ttl{1}, Hops{9}, *walker(i)->payload, guid_of(1));
    CHECK(node.all<QueryArrived>().size() == 1 + 20);
    CHECK(dropped(node, Kind::query, DropReason::over_rate) == 30);
    node.say(peer, Function::vendor, Ttl{1}, Hops{0},
             wire::encode(wire::to_vendor(wire::PralineNote{wire::CheckNote{1, 2}})), guid_of(1));
    CHECK(node.all<NoteArrived>().empty());
    CHECK(dropped(node, Kind::note, DropReason::over_rate) == 1);
    node.say(other, Function::query, Ttl{1}, Hops{9}, *walker(99)->payload, guid_of(1));
    CHECK(node.all<QueryArrived>().size() == 22);
    node.now += 1s;
    for (std::uint32_t i = 0; i < 50; ++i)
        node.say(peer, Function::query, Ttl{1}, Hops{9}, *walker(i)->payload, guid_of(1));
    CHECK(node.all<QueryArrived>().size() == 32);
    CHECK(node.core.link(peer));
}

TEST_CASE("kept hits of others leave with the hops they have made, and with hops and TTL within what the next takes") {
    ScriptedPeer node{config_of()};
    PeerId const asker = node.link();
    node.say(asker, Function::query, Ttl{2}, Hops{1}, *query_of("good words")->payload, guid_of(1));
    for (int const hops : {0, 1, 3, 12, 200})
        node.feed(AnswerQuery{guid_of(1), {hit_of(servent_of(9))}, Hops{static_cast<std::uint8_t>(hops)}});
    auto const back = node.messages(asker, Function::query_hit);
    REQUIRE(back.size() == 5);
    CHECK(back[0].header.hops == Hops{0});
    CHECK(back[1].header.hops == Hops{1});
    CHECK(back[2].header.hops == Hops{3});
    CHECK(back[2].header.ttl == Ttl{6});
    CHECK(back[3].header.hops == Hops{12});
    CHECK(back[3].header.ttl == Ttl{3});
    CHECK(back[4].header.hops == Hops{13});
    CHECK(back[4].header.ttl == Ttl{2});  // enough for the one hop behind the neighbour
}

TEST_CASE("hits of a walk come back from 255 hops away, but only between nodes of ours") {
    Config config = config_of();
    config.report_passing_hits = true;
    ScriptedPeer node{config};
    PeerId const asker = node.link(true, ours), answerer = node.link(true, ours), stranger = node.link();
    // It came by three hops; but whom it came from may have heard of the query first by a walker that had made a hundred.
    node.say(asker, Function::query, Ttl{1}, Hops{3}, *walker(1)->payload, guid_of(1));
    node.feed(AnswerQuery{guid_of(1), {hit_of(servent_of(0))}});
    auto back = node.messages(asker, Function::query_hit);
    REQUIRE(back.size() == 1);
    CHECK(back[0].header.ttl == Ttl{255});
    Bytes const hit = wire::encode(hit_of(servent_of(9)));
    node.say(answerer, Function::query_hit, Ttl{155}, Hops{100}, hit, guid_of(1));
    back = node.messages(asker, Function::query_hit);
    REQUIRE(back.size() == 2);
    CHECK(back[1].header.ttl == Ttl{154});
    CHECK(back[1].header.hops == Hops{101});
    REQUIRE(node.all<HitPassed>().size() == 1);
    CHECK(*node.all<HitPassed>()[0].payload == hit);
    CHECK(node.all<HitPassed>()[0].from == answerer);
    // Beyond 255, from a stranger, or of a query that is no walk: dropped.
    node.say(answerer, Function::query_hit, Ttl{156}, Hops{100}, hit, guid_of(1));
    node.say(answerer, Function::query_hit, Ttl{1}, Hops{255}, hit, guid_of(1));
    node.say(stranger, Function::query_hit, Ttl{155}, Hops{100}, hit, guid_of(1));
    node.say(asker, Function::query, Ttl{2}, Hops{1}, *query_of("good words")->payload, guid_of(2));
    node.say(answerer, Function::query_hit, Ttl{155}, Hops{100}, hit, guid_of(2));
    CHECK(node.messages(asker, Function::query_hit).size() == 2);
    CHECK(dropped(node, Kind::hit, DropReason::ttl) == 4);
    // A stranger that asked first gets what its own kind lets through.
    node.say(stranger, Function::query, Ttl{2}, Hops{1}, *query_of("good words")->payload, guid_of(3));
    node.say(asker, Function::query, Ttl{1}, Hops{30}, *walker(1)->payload, guid_of(3));
    node.say(answerer, Function::query_hit, Ttl{100}, Hops{3}, hit, guid_of(3));
    auto const theirs = node.messages(stranger, Function::query_hit);
    REQUIRE(theirs.size() == 1);
    CHECK(theirs[0].header.ttl == Ttl{11});
}

TEST_CASE("our own walk's hits may come from far away") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.link(true, ours);
    Bytes const hit = wire::encode(hit_of(servent_of(9)));
    node.feed(OpenQuery{guid_of(1)});
    node.feed(OpenQuery{guid_of(2)});
    node.feed(ForwardQuery{guid_of(1), {peer}, Ttl{7}, Hops{0}, walker(1, 1)});
    node.feed(ForwardQuery{guid_of(2), {peer}, Ttl{3}, Hops{0}, query_of("good words")});
    auto const sent = node.messages(peer, Function::query);
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].header.ttl == Ttl{1});
    CHECK(sent[1].header.ttl == Ttl{3});
    for (std::uint64_t const query : {1U, 2U})
        node.say(peer, Function::query_hit, Ttl{50}, Hops{200}, hit, guid_of(query));
    REQUIRE(node.all<HitArrived>().size() == 1);
    CHECK(node.all<HitArrived>()[0].guid == guid_of(1));
    CHECK(node.all<HitArrived>()[0].hops == Hops{201});
}

TEST_CASE("passing hits are reported only if asked for") {
    ScriptedPeer node{config_of()};
    PeerId const asker = node.link(), answerer = node.link();
    node.say(asker, Function::query, Ttl{3}, Hops{1}, *query_of("good words")->payload, guid_of(1));
    node.say(answerer, Function::query_hit, Ttl{5}, Hops{0}, wire::encode(hit_of(servent_of(9))), guid_of(1));
    CHECK(node.core.counters().hits_forwarded == 1);
    CHECK(node.all<HitPassed>().empty());
}

TEST_CASE("what is dropped is counted by kind and reason, and every counter has a name of its own") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.link(), asker = node.link();
    node.say(peer, Function::query, Ttl{0}, Hops{1}, *query_of("good words")->payload, guid_of(1));
    node.say(peer, Function::pong, Ttl{1}, Hops{0}, Bytes(3), guid_of(1));
    node.say(peer, Function::query, Ttl{1}, Hops{1}, Bytes(500), guid_of(1));
    node.feed(ForwardQuery{guid_of(2), {asker}, Ttl{3}, Hops{1}, query_of("good words")});
    node.say(asker, Function::vendor, Ttl{1}, Hops{0}, wire::encode(wire::to_vendor(wire::HopsFlow{1})), guid_of(3));
    node.feed(ForwardQuery{guid_of(4), {asker}, Ttl{3}, Hops{1}, query_of("good words")});
    CHECK(dropped(node, Kind::query, DropReason::ttl) == 1);
    CHECK(dropped(node, Kind::pong, DropReason::malformed) == 1);
    CHECK(dropped(node, Kind::query, DropReason::too_large) == 1);
    CHECK(dropped(node, Kind::query, DropReason::hops_flow) == 1);
    auto const list = named(node.core.counters());
    std::map<std::string, std::uint64_t> const by_name(list.begin(), list.end());
    CHECK(by_name.size() == list.size());
    CHECK(by_name.at("dropped_query_hops_flow") == 1);
    CHECK(by_name.at("dropped_pong_malformed") == 1);
    CHECK(by_name.at("dropped_ttl") == 1);
}

TEST_CASE("to fetch what comes next is harmless, whoever and whatever it names") {
    ScriptedPeer node{config_of()};
    Rng rng{3};
    auto const fetch_all = [&] {
        for (int i = 0; i < 200; ++i)
            for (unsigned stage = 0; stage < Overlay::fetch_stages; ++stage)
                node.core.fetch(stage, PeerId{static_cast<std::uint32_t>(rng.below(12))}, guid_of(rng.below(40)));
        node.core.fetch_links();
    };
    fetch_all();
    PeerId const peer = node.link(), gone = node.link();
    node.link();
    node.feed(UserDisconnect{gone});
    for (std::uint64_t i = 0; i < 20; ++i)
        node.say(peer, Function::query, Ttl{1}, Hops{1}, *query_of("good words")->payload, guid_of(i));
    fetch_all();
    for (std::uint64_t i = 0; i < 40; ++i) CHECK(node.core.reverse_path(guid_of(i), node.now).has_value() == (i < 20));
    CHECK(node.core.links().size() == 2);
}

}  // namespace queries_test
