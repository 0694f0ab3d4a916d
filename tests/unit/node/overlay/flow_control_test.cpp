#include <catch2/catch.hpp>

#include "node/base/rate.hpp"
#include "node/wire/praline.hpp"
#include "node/wire/vendor.hpp"
#include "unit/node/overlay/virtual_network.hpp"

namespace flow_control_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;
using wire::Function;

namespace {

Config config_of(Mode mode = Mode::ultrapeer) {
    Config config;
    config.mode = mode;
    config.servent = servent_of(0);
    config.listen = {0x0A000001, 6346};
    return config;
}
Guid guid_of(std::uint64_t number) { return servent_of(number + 50'000); }

std::uint64_t dropped(ScriptedPeer const& node, Kind kind, DropReason reason) {
    return node.core.counters().of(kind, reason);
}

/// Values of all Hops Flow messages a peer got, in order.
std::vector<unsigned> told(ScriptedPeer& node, PeerId peer) {
    std::vector<unsigned> values;
    for (auto const& one : node.messages(peer, Function::vendor)) {
        auto const message = wire::decode_vendor_message(*wire::decode_vendor(one.payload));
        if (auto const* flow = std::get_if<wire::HopsFlow>(&*message)) values.emplace_back(flow->hops);
    }
    return values;
}

}  // namespace

TEST_CASE("credit is spent, grows with time and never beyond its bound") {
    Rate rate;
    Instant now{};
    for (int i = 0; i < 20; ++i) REQUIRE(rate.take(now, 10, 20));
    REQUIRE_FALSE(rate.take(now, 10, 20));
    CHECK(rate.left(now, 10, 20) == 0);
    now += 1s;
    CHECK(rate.left(now, 10, 20) == 10);
    REQUIRE_FALSE(rate.take(now, 10, 20, 10));
    REQUIRE(rate.take(now, 10, 20, 9));
    now += 3600s;
    CHECK(rate.left(now, 10, 20) == 20);
    for (int i = 0; i < 20; ++i) REQUIRE(rate.take(now, 10, 20));
    REQUIRE_FALSE(rate.take(now, 10, 20));
    for (int i = 0; i < 100'000; ++i) REQUIRE(rate.take(now, 0, 0));
    REQUIRE_FALSE(rate.take(now, 1, 5, 0xFFFFFFFF));
}

TEST_CASE("a debt is paid before anything is to be had again, and stays bounded") {
    Rate rate;
    Instant now{};
    rate.owe(now, 10, 20, 15, 100);
    CHECK(rate.left(now, 10, 20) == 5);
    rate.owe(now, 10, 20, 35, 100);  // 30 more than there were
    now += 3s;
    CHECK(rate.left(now, 10, 20) == 0);
    REQUIRE_FALSE(rate.take(now, 10, 20));
    now += 100ms;
    REQUIRE(rate.take(now, 10, 20));
    for (int i = 0; i < 1000; ++i) rate.owe(now, 10, 20, 0xFFFFFFFF, 100);
    now += 10s;
    REQUIRE_FALSE(rate.take(now, 10, 20));
    now += 100ms;
    REQUIRE(rate.take(now, 10, 20));
    Rate none;
    none.owe(now, 0, 20, 1000, 100);
    REQUIRE(none.take(now, 0, 20));
}

TEST_CASE("a link pays for what its queries have cost, and nobody else does") {
    Config config = config_of();
    config.limits.queries_per_second = 100;
    config.limits.queries_burst = 200;
    config.limits.query_debt_max = 500;
    ScriptedPeer node{config};
    PeerId const costly = node.link(), other = node.link();
    std::uint64_t next = 0;
    auto const admitted = [&](PeerId peer, std::uint32_t cost) {
        std::size_t const before = node.all<QueryArrived>().size();
        for (int i = 0; i < 50; ++i) {
            std::size_t const then = node.all<QueryArrived>().size();
            node.say(peer, Function::query, Ttl{1}, Hops{0}, *query_of("good words")->payload, guid_of(next++));
            if (node.all<QueryArrived>().size() > then) node.feed(QueryCost{peer, cost});
        }
        return node.all<QueryArrived>().size() - before;
    };
    CHECK(admitted(costly, 99) == 2);
    CHECK(admitted(other, 0) == 50);
    node.now += 1s;
    CHECK(admitted(costly, 2'000'000) == 1);
    node.now += 4s;
    CHECK(admitted(costly, 0) == 0);
    CHECK(admitted(other, 0) == 50);
    node.now += 4s;
    CHECK(admitted(costly, 0) == 50);
    node.feed(QueryCost{PeerId{999}, 5});  // a link that is gone
}

TEST_CASE("a link that floods loses first its pings, then queries from far away, then the rest") {
    Config config = config_of();
    config.limits.queries_per_second = 100;
    config.limits.queries_burst = 160;
    ScriptedPeer node{config};
    PeerId const peer = node.link();
    std::uint64_t next = 0;
    auto const admitted = [&](Hops hops) {
        std::size_t const before = node.all<QueryArrived>().size();
        for (int i = 0; i < 200; ++i)
            node.say(peer, Function::query, Ttl{1}, hops, *query_of("good words")->payload, guid_of(next++));
        return node.all<QueryArrived>().size() - before;
    };
    auto const pong_came = [&](Ttl ttl) {
        std::size_t const before = node.messages(peer, Function::pong).size();
        node.say(peer, Function::ping, ttl, Hops{0}, {}, guid_of(next++));
        return node.messages(peer, Function::pong).size() > before;
    };
    CHECK(admitted(Hops{12}) == 80);
    CHECK_FALSE(pong_came(Ttl{3}));  // a discovery is priority least
    CHECK(pong_came(Ttl{1}));        // a sign of life is not refused
    CHECK(admitted(Hops{4}) == 39);
    CHECK(admitted(Hops{0}) == 40);
    CHECK(admitted(Hops{0}) == 0);
    CHECK(pong_came(Ttl{1}));
    CHECK(dropped(node, Kind::query, DropReason::over_rate) == 120 + 161 + 160 + 200);
    CHECK(dropped(node, Kind::ping, DropReason::over_rate) == 1);
    CHECK(node.core.counters().dropped_over_rate == 641 + 1);
    node.now += 1s;
    CHECK(admitted(Hops{0}) == 100);
    CHECK(node.core.link(peer));
}

TEST_CASE("a link that owes for its queries still sees that we live, as often as it may make requests") {
    Config config = config_of();
    config.limits.queries_per_second = 4;
    config.limits.queries_burst = 40;
    config.limits.requests_per_second = 1;
    config.limits.requests_burst = 10;
    ScriptedPeer node{config};
    PeerId const peer = node.link();
    std::uint64_t next = 0;
    auto const pongs_to = [&](int pings, Ttl ttl) {
        std::size_t const before = node.messages(peer, Function::pong).size();
        for (int i = 0; i < pings; ++i) node.say(peer, Function::ping, ttl, Hops{0}, {}, guid_of(next++));
        return node.messages(peer, Function::pong).size() - before;
    };
    node.feed(QueryCost{peer, 2'000'000});
    node.say(peer, Function::query, Ttl{1}, Hops{0}, *query_of("good words")->payload, guid_of(next++));
    REQUIRE(node.all<QueryArrived>().empty());
    CHECK(pongs_to(1, Ttl{3}) == 0);
    CHECK(pongs_to(100, Ttl{1}) == 10);
    for (auto const period : {config.limits.alive_ping_ultrapeer, config.limits.alive_ping_leaf}) {
        node.now += period;
        node.say(peer, Function::query, Ttl{1}, Hops{0}, *query_of("good words")->payload, guid_of(next++));
        REQUIRE(node.all<QueryArrived>().empty());
        CHECK(pongs_to(1, Ttl{1}) == 1);
    }
}

TEST_CASE("a copy of a query costs no credit") {
    Config config = config_of();
    config.limits.queries_per_second = 1;
    config.limits.queries_burst = 16;
    ScriptedPeer node{config};
    PeerId const first = node.link(), second = node.link();
    for (std::uint64_t i = 0; i < 10; ++i) {
        node.say(first, Function::query, Ttl{1}, Hops{0}, *query_of("good words")->payload, guid_of(i));
        for (int copy = 0; copy < 5; ++copy)
            node.say(second, Function::query, Ttl{1}, Hops{0}, *query_of("good words")->payload, guid_of(i));
    }
    CHECK(node.all<QueryArrived>().size() == 10);
    CHECK(node.core.counters().query_duplicates == 50);
    CHECK(node.core.counters().dropped_over_rate == 0);
}

TEST_CASE("a leaf or a slow node that is swamped asks for less, and for all again once it has caught up") {
    for (bool const leaf : {true, false}) {
        Config config = config_of(leaf ? Mode::leaf : Mode::ultrapeer);
        config.limits.queries_per_second = 100;
        config.limits.queries_burst = 400;
        if (!leaf) config.capacity_kbits = 256;
        ScriptedPeer node{config};
        PeerId const peer = node.link(true, "Vendor-Message: 0.2\r\n"), deaf = node.link();
        std::uint64_t next = 0;
        auto const flood = [&](PeerId from, int count) {
            for (int i = 0; i < count; ++i)
                node.say(from, Function::query, Ttl{1}, Hops{1}, *query_of("good words")->payload, guid_of(next++));
        };
        flood(peer, 190);
        CHECK(told(node, peer).empty());
        flood(peer, 20);
        CHECK(told(node, peer) == std::vector<unsigned>{3});
        flood(peer, 90);
        CHECK(told(node, peer) == std::vector<unsigned>{3, 0});
        flood(deaf, 400);
        CHECK(told(node, deaf).empty());
        auto const due = node.core.next_deadline();
        REQUIRE(due);
        CHECK(*due <= node.now + 3s);  // 300 are used of 400; 100 may stay used, which takes two seconds
        node.now = *due;
        node.feed(Tick{});
        CHECK(told(node, peer) == std::vector<unsigned>{3, 0, 255});
        CHECK(node.core.counters().hops_flow_announced == 3);
    }
}

TEST_CASE("a fast ultrapeer tells nobody to hold back") {
    Config config = config_of();
    config.limits.queries_burst = 100;
    ScriptedPeer node{config};
    PeerId const peer = node.link(true, "Vendor-Message: 0.2\r\n");
    for (std::uint64_t i = 0; i < 200; ++i)
        node.say(peer, Function::query, Ttl{1}, Hops{0}, *query_of("good words")->payload, guid_of(i));
    CHECK(told(node, peer).empty());
    CHECK(dropped(node, Kind::query, DropReason::over_rate) == 100);
}

TEST_CASE("a node takes what a quarter of its line carries, and never nothing") {
    struct Case {
        std::uint32_t kbits, queries;
    };
    for (Case const one :
         {Case{0, 200}, Case{56, 21}, Case{1, 4}, Case{256, 100}, Case{1'000'000, 200}, Case{0xFFFFFFFF, 200}}) {
        Config config = config_of();
        config.capacity_kbits = one.kbits;
        config.limits.queries_burst = 10;
        ScriptedPeer node{config};
        PeerId const peer = node.link();
        for (std::uint64_t i = 0; i < 3000; ++i) {
            node.now += 1ms;
            node.say(peer, Function::query, Ttl{1}, Hops{0}, *query_of("good words")->payload, guid_of(i));
        }
        INFO(one.kbits);
        auto const taken = node.all<QueryArrived>().size();
        CHECK(taken >= one.queries * 3);
        CHECK(taken <= one.queries * 3 + one.queries / 10 + 10);
    }
}

TEST_CASE("the load of a link says how full its queue is") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.link();
    CHECK(node.core.link(peer)->load == 0);
    node.drains = false;
    unsigned last = 0;
    for (std::uint64_t i = 0; i < 3000; ++i) {
        node.feed(ForwardQuery{guid_of(i), {peer}, Ttl{2}, Hops{1}, query_of("words of a query")});
        REQUIRE(node.core.link(peer)->load >= last);
        last = node.core.link(peer)->load;
    }
    CHECK(last >= 253);
    node.drains = true;
    node.feed(Drained{peer});
    CHECK(node.core.link(peer)->load == 0);
    CHECK(dropped(node, Kind::query, DropReason::queue_full) == node.core.counters().dropped_queue_full);
    CHECK(node.core.counters().dropped_queue_full > 1000);
}

TEST_CASE("with the pong cache off only our own pong answers, and nothing is kept") {
    for (bool const on : {true, false}) {
        Config config = config_of();
        config.pong_cache = on;
        config.capacity_kbits = 5000;
        ScriptedPeer node{config};
        PeerId const source = node.link(true, "Node: 10.1.0.1:7000\r\n"), asker = node.link();
        Guid const our_ping = node.messages(source, Function::ping)[0].header.guid;
        for (std::uint32_t host = 1; host <= 4; ++host) {
            wire::Pong pong;
            pong.endpoint = {0x0A030000 + host, 6346};
            node.say(source, Function::pong, Ttl{1}, Hops{1}, wire::encode(pong), our_ping);
        }
        node.say(asker, Function::ping, Ttl{4}, Hops{0}, {}, guid_of(1));
        node.say(asker, Function::ping, Ttl{4}, Hops{0}, {}, guid_of(2));
        auto const pongs = node.messages(asker, Function::pong);
        REQUIRE(pongs.size() == (on ? 5 : 1));
        CHECK(wire::capacity_of(*wire::decode_pong(pongs[0].payload)) == 5000);
        CHECK(node.core.counters().pongs_from_cache == (on ? 4 : 0));
        CHECK(node.core.counters().pings_from_cache == (on ? 1 : 0));
        CHECK(node.core.counters().pings_throttled == 1);
        node.now += 3s;
        node.say(asker, Function::ping, Ttl{2}, Hops{0}, {}, guid_of(3));
        CHECK(node.messages(asker, Function::pong).size() == (on ? 7 : 2));
    }
}

TEST_CASE("a fast asker hears of fast nodes first, near and far") {
    Config config = config_of();
    config.limits.pongs_per_ping = 3;
    ScriptedPeer node{config};
    std::vector<PeerId> const sources{node.link(true), node.link(true), node.link(true)};  // each is believed ten hosts
    for (std::uint32_t host = 1; host <= 30; ++host) {
        PeerId const source = sources[host % 3];
        Guid const our_ping = node.messages(source, Function::ping)[0].header.guid;
        wire::Pong pong;
        pong.endpoint = {0x0A030000 + host, 6346};
        wire::put_capacity(pong, host % 10 == 0 ? 100'000 : 56);
        node.say(source, Function::pong, Ttl{1}, Hops{2}, wire::encode(pong), our_ping);
    }
    PeerId const asker = node.link(true, "Vendor-Message: 0.2\r\nX-Praline: 1; kbits=50000\r\n");
    node.say(asker, Function::ping, Ttl{4}, Hops{0}, {}, guid_of(1));
    auto const pongs = node.messages(asker, Function::pong);
    REQUIRE(pongs.size() == 4);
    for (std::size_t i = 1; i < 4; ++i) CHECK(wire::capacity_of(*wire::decode_pong(pongs[i].payload)) == 100'000);
}
namespace {

struct Told {
    std::size_t links_before = 0, links_after = 0, told_before = 0, told_after = 0;
};

/// What a neighbour was told of an ultrapeer's links, before one more came and after ten busy minutes. Nobody looks for
/// hosts, so that no pong but those of the refresh tells of links after that.
Told links_told(std::uint32_t degree_asked_one_in) {
    Network net;
    auto const add = [&](std::size_t number) {
        Config config = net.config(number);
        config.limits.discovery_ping_every = 24h;
        config.limits.degree_asked_one_in = degree_asked_one_in;
        if (number > 0) config.peers = {Network::address(0)};
        net.add(std::move(config));
    };
    auto const told = [&] {
        for (LinkInfo const& link : net.nodes[1].core->links())
            if (link.listening() == Network::address(0)) return std::size_t{link.degree};
        return std::size_t{0};
    };
    for (std::size_t number = 0; number < 4; ++number) add(number);
    net.run(60s);
    Told result;
    result.links_before = net.links(0);
    result.told_before = told();
    add(4);
    for (int second = 0; second < 600; ++second) {  // no link of node 0 is ever silent
        net.ask(0, "some words");
        net.run(1s);
    }
    result.links_after = net.links(0);
    result.told_after = told();
    return result;
}

}  // namespace

TEST_CASE("an ultrapeer tells neighbours of ours how many links it has, again while they are busy") {
    auto const told = links_told(Limits{}.degree_asked_one_in);
    REQUIRE(told.links_before >= 3);
    CHECK(told.told_before == told.links_before);
    REQUIRE(told.links_after == told.links_before + 1);
    CHECK(told.told_after == told.links_after);
}

TEST_CASE("a busy neighbour that hardly ever asks hears nothing new of an ultrapeer's links") {
    auto const told = links_told(UINT32_MAX);
    REQUIRE(told.links_after == told.links_before + 1);
    CHECK(told.told_after == told.told_before);
}

}  // namespace flow_control_test
