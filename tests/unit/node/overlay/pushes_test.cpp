#include <catch2/catch.hpp>

#include "node/wire/vendor.hpp"
#include "unit/node/overlay/virtual_network.hpp"

namespace pushes_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;
using wire::Function;

namespace {

Config config_of() {
    Config config;
    config.mode = Mode::ultrapeer;
    config.servent = servent_of(0);
    config.listen = {0x0A000001, 6346};
    return config;
}
Guid guid_of(std::uint64_t number) { return servent_of(number + 50'000); }
Bytes push_for(Guid servent, Endpoint call_back = {0x0A000005, 9999}) {
    return wire::encode(wire::Push{servent, 1, call_back, {}});
}
std::string guid_header(Guid guid) { return "Vendor-Message: 0.2\r\nGUID: " + guid.hex() + "\r\n"; }

struct World : ScriptedPeer {
    World() : ScriptedPeer{config_of()} {}
    void hit(PeerId asker, PeerId answerer, Guid servent) {
        Guid const query = guid_of(next++);
        say(asker, Function::query, Ttl{3}, Hops{0}, *query_of("good words")->payload, query);
        say(answerer, Function::query_hit, Ttl{5}, Hops{0}, wire::encode(hit_of(servent)), query);
    }
    void proxy_request(PeerId peer, Guid guid) {
        say(peer, Function::vendor, Ttl{1}, Hops{0}, wire::encode(wire::to_vendor(wire::PushProxyRequest{})), guid);
    }
    /// How many pushes for the servent reach `to` when one is sent.
    std::size_t pushed(PeerId from, Guid servent, PeerId to) {
        std::size_t const before = messages(to, Function::push).size();
        say(from, Function::push, Ttl{4}, Hops{0}, push_for(servent), guid_of(next++));
        return messages(to, Function::push).size() - before;
    }
    std::size_t acks(PeerId peer) {
        std::size_t count = 0;
        for (auto const& one : messages(peer, Function::vendor)) {
            auto const message = wire::decode_vendor_message(*wire::decode_vendor(one.payload));
            count += message && std::holds_alternative<wire::PushProxyAck>(*message) ? 1U : 0U;
        }
        return count;
    }
    std::uint64_t next = 0;
};

}  // namespace

TEST_CASE("a link cannot ask for the pushes of another's GUID") {
    World node;
    PeerId const asker = node.link(), owner = node.link(), liar = node.link(false, guid_header(servent_of(8)));
    Guid const servent = servent_of(9);
    node.hit(asker, owner, servent);
    REQUIRE(node.pushed(asker, servent, owner) == 1);
    node.proxy_request(liar, servent);
    CHECK(node.acks(liar) == 0);
    CHECK(node.core.counters().push_proxies_refused == 1);
    CHECK(node.pushed(asker, servent, liar) == 0);
    CHECK(node.pushed(asker, servent, owner) == 1);
    // Nor of one nobody knows yet: it waits for its owner.
    node.proxy_request(liar, servent_of(11));
    node.hit(asker, owner, servent_of(11));
    CHECK(node.pushed(asker, servent_of(11), owner) == 1);
    // Its own it may.
    node.proxy_request(liar, servent_of(8));
    CHECK(node.acks(liar) == 1);
    CHECK(node.pushed(asker, servent_of(8), liar) == 1);
}

TEST_CASE("a link that named no GUID in its handshake asks for one, and for that one only") {
    World node;
    PeerId const asker = node.link(), owner = node.link(), leaf = node.link(false), other = node.link(false);
    node.hit(asker, owner, servent_of(9));
    node.proxy_request(leaf, servent_of(9));
    CHECK(node.acks(leaf) == 0);
    node.proxy_request(leaf, servent_of(3));
    CHECK(node.acks(leaf) == 1);
    node.proxy_request(leaf, servent_of(4));
    CHECK(node.acks(leaf) == 1);
    node.proxy_request(other, servent_of(3));
    CHECK(node.acks(other) == 0);
    CHECK(node.pushed(asker, servent_of(3), leaf) == 1);
}

TEST_CASE("hits that name another's GUID do not take over its pushes") {
    World node;
    PeerId const asker = node.link(), owner = node.link(), liar = node.link(),
                 neighbour = node.link(true, guid_header(servent_of(20)));
    node.hit(asker, owner, servent_of(9));
    node.hit(asker, liar, servent_of(9));
    CHECK(node.pushed(asker, servent_of(9), liar) == 0);
    CHECK(node.pushed(asker, servent_of(9), owner) == 1);
    // A neighbour is known by its handshake, before it has answered anything.
    node.hit(asker, liar, servent_of(20));
    CHECK(node.pushed(asker, servent_of(20), liar) == 0);
    CHECK(node.pushed(asker, servent_of(20), neighbour) == 1);
    // Once the link is gone its paths are free.
    node.feed(Closed{owner, false});
    node.hit(asker, liar, servent_of(9));
    CHECK(node.pushed(asker, servent_of(9), liar) == 1);
}

TEST_CASE("a flood of pushes loses nobody's hits and is stopped by its rate") {
    World node;
    PeerId const asker = node.link(), owner = node.link(), flood = node.link();
    Guid const query = guid_of(1'000'000);
    node.say(asker, Function::query, Ttl{3}, Hops{0}, *query_of("good words")->payload, query);
    node.hit(asker, owner, servent_of(9));
    for (std::uint64_t i = 0; i < 20'000; ++i)
        node.say(flood, Function::push, Ttl{4}, Hops{0}, push_for(servent_of(i % 2 == 0 ? 9 : 12)),
                 guid_of(2'000'000 + i));
    node.say(owner, Function::query_hit, Ttl{5}, Hops{0}, wire::encode(hit_of(servent_of(9))), query);
    CHECK(node.messages(asker, Function::query_hit).size() == 2);
    CHECK(node.messages(owner, Function::push).size() == 100);
    CHECK(node.core.counters().of(Kind::push, DropReason::over_rate) == 19'800);
    CHECK(node.core.counters().of(Kind::push, DropReason::ttl) == 100);
    node.now += 1s;
    for (std::uint64_t i = 0; i < 100; ++i)
        node.say(flood, Function::push, Ttl{4}, Hops{0}, push_for(servent_of(9)), guid_of(3'000'000 + i));
    CHECK(node.messages(owner, Function::push).size() == 110);
}

TEST_CASE("a push that leads nowhere may come again once there is a path") {
    World node;
    PeerId const asker = node.link(), owner = node.link();
    node.say(asker, Function::push, Ttl{4}, Hops{0}, push_for(servent_of(9)), guid_of(1));
    node.hit(asker, owner, servent_of(9));
    node.say(asker, Function::push, Ttl{4}, Hops{0}, push_for(servent_of(9)), guid_of(1));
    CHECK(node.messages(owner, Function::push).size() == 1);
    node.say(asker, Function::push, Ttl{4}, Hops{0}, push_for(servent_of(9)), guid_of(1));
    CHECK(node.messages(owner, Function::push).size() == 1);
}

TEST_CASE("pushes for us call few, and nobody that the link could not reach itself") {
    World node;
    PeerId const peer = node.link();  // of a private network
    auto const calls = [&](Endpoint target, int count, bool other_targets) {
        std::size_t const before = node.all<PushArrived>().size();
        for (int i = 0; i < count; ++i) {
            Endpoint const one{*target.address.v4_number() + (other_targets ? static_cast<std::uint32_t>(i) : 0U),
                               target.port};
            node.say(peer, Function::push, Ttl{3}, Hops{0}, push_for(servent_of(0), one), guid_of(node.next++));
        }
        return node.all<PushArrived>().size() - before;
    };
    CHECK(calls({0x7F000001, 6346}, 5, false) == 0);
    CHECK(calls({0x08080808, 25}, 5, false) == 0);
    CHECK(calls({0x08080808, 6346}, 50, false) == 1);
    CHECK(calls({0x0A000005, 6346}, 50, false) == 1);
    CHECK(calls({0x09000000, 6346}, 50, true) == 13);
    CHECK(node.core.counters().call_backs_refused == 5 + 5 + 49 + 49 + 37);
}

TEST_CASE("vendor messages of one link have a rate") {
    World node;
    PeerId const leaf = node.link(false);
    for (int i = 0; i < 5000; ++i) node.proxy_request(leaf, servent_of(3));
    CHECK(node.acks(leaf) == 200);
    CHECK(node.core.counters().of(Kind::note, DropReason::over_rate) == 4800);
    node.now += 1s;
    for (int i = 0; i < 100; ++i) node.proxy_request(leaf, servent_of(3));
    CHECK(node.acks(leaf) == 210);
}

}  // namespace pushes_test
