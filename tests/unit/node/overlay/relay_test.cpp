#include "node/overlay/relay.hpp"

#include <catch2/catch.hpp>

#include "node/overlay/inbox.hpp"
#include "unit/node/overlay/parts.hpp"

/// Queries, hits and pushes, part by part; queries_test.cpp and pushes_test.cpp have them in a whole overlay.
namespace relay_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;
using wire::Function;

namespace {

struct Relaying : Parts {
    using Parts::Parts;

    Fault query(Peer& from, Guid const& guid, Ttl ttl = Ttl{3}, Hops hops = Hops{1}) {
        return relay.on_query(from, header(Function::query, guid, ttl, hops), *query_of("some words")->payload,
                              nullptr);
    }
    Fault hit(Peer& from, Guid const& guid, Guid const& servent = servent_of(50)) {
        Bytes const bytes = wire::encode(hit_of(servent));
        return relay.on_hit(from, header(Function::query_hit, guid, Ttl{3}, Hops{1}), bytes, nullptr);
    }
};

}  // namespace

TEST_CASE("a query goes up once, and its hits go along its reverse path") {
    Relaying parts;
    Peer& first = parts.link();
    Peer& second = parts.link();
    CHECK(parts.query(first, servent_of(1)) == Fault::none);
    CHECK(parts.query(second, servent_of(1)) == Fault::none);
    auto const arrived = parts.take<QueryArrived>();
    REQUIRE(arrived.size() == 1);
    CHECK(arrived[0].from == first.id());
    CHECK(arrived[0].ttl == Ttl{2});
    CHECK(arrived[0].hops == Hops{2});
    CHECK(parts.ctx.counters().query_duplicates == 1);
    CHECK(parts.relay.reverse_path(servent_of(1), parts.now) == first.id());
    CHECK(parts.hit(second, servent_of(1)) == Fault::none);
    auto const hits = parts.sent(first);
    REQUIRE(hits.size() == 1);
    CHECK(hits[0].header.guid == servent_of(1));
    CHECK(hits[0].header.hops == Hops{2});
    CHECK(parts.hit(second, servent_of(9)) == Fault::none);  // of a query that was never here
    CHECK(parts.hit(first, servent_of(1)) == Fault::none);   // back to where it came from
    CHECK(parts.out.empty());
    CHECK(parts.ctx.counters().hits_no_route == 2);
}

TEST_CASE("a forwarded query is shared by all links, and kept from those that want fewer hops") {
    Relaying parts;
    std::vector<PeerId> to;
    for (int i = 0; i < 4; ++i) to.emplace_back(parts.link().id());
    parts.peers.find(to[1])->info.hops_flow = 2;
    auto const query = query_of("some words");
    parts.relay.on(ForwardQuery{servent_of(1), to, Ttl{2}, Hops{2}, query});
    auto const sent = parts.take<Transmit>();
    REQUIRE(sent.size() == 3);
    CHECK(query->payload.use_count() == 4);
    CHECK(parts.ctx.counters().queries_forwarded == 3);
    CHECK(parts.ctx.counters().of(Kind::query, DropReason::hops_flow) == 1);
}

TEST_CASE("hits of our own queries come up until they are closed") {
    Relaying parts;
    Peer& peer = parts.link();
    parts.relay.on(OpenQuery{servent_of(1)});
    CHECK(parts.relay.reverse_path(servent_of(1), parts.now) == PeerId{0});
    CHECK(parts.query(peer, servent_of(1)) == Fault::none);  // a copy
    CHECK(parts.take<QueryArrived>().empty());
    CHECK(parts.hit(peer, servent_of(1)) == Fault::none);
    CHECK(parts.take<HitArrived>().size() == 1);
    parts.relay.on(CloseQuery{servent_of(1)});
    CHECK(parts.hit(peer, servent_of(1)) == Fault::none);
    CHECK(parts.take<HitArrived>().empty());
    Bytes const garbage(40, std::byte{1});
    parts.relay.on(OpenQuery{servent_of(2)});
    CHECK(parts.relay.on_hit(peer, Parts::header(Function::query_hit, servent_of(2), Ttl{1}, Hops{0}), garbage,
                             nullptr) == Fault::malformed);
}

TEST_CASE("a link that repeats its own queries is reported, one that repeats others' is not") {
    Relaying parts;
    Peer& peer = parts.link();
    Peer& other = parts.link();
    REQUIRE(parts.query(peer, servent_of(1)) == Fault::none);
    for (std::uint32_t i = 0; i < parts.ctx.limits().duplicates_min; ++i)
        REQUIRE(parts.query(peer, servent_of(1)) == Fault::none);
    CHECK(parts.query(peer, servent_of(1)) == Fault::repeats);
    for (int i = 0; i < 100; ++i) REQUIRE(parts.query(other, servent_of(1)) == Fault::none);
}

TEST_CASE("a push follows the hit of its servent back, once, and not to the link that it came by") {
    Relaying parts;
    Peer& near = parts.link();
    Peer& asker = parts.link();
    Guid const servent = servent_of(50);
    parts.pushes.learn_servent(servent, near);
    Bytes const push = wire::encode(wire::Push{servent, 3, {0x0A0A0A0A, 4000}, {}});
    auto const say = [&](Peer& from, Guid const& guid) {
        return parts.pushes.on_push(from, Parts::header(Function::push, guid, Ttl{3}, Hops{0}), push);
    };
    CHECK(say(asker, servent_of(1)) == Fault::none);
    CHECK(say(asker, servent_of(1)) == Fault::none);
    CHECK(parts.sent(near).size() == 1);
    CHECK(say(near, servent_of(2)) == Fault::none);
    CHECK(parts.out.empty());
    parts.pushes.forget(near.id());
    CHECK(say(asker, servent_of(3)) == Fault::none);
    CHECK(parts.out.empty());
    CHECK(parts.ctx.counters().pushes_forwarded == 1);
    CHECK(parts.ctx.counters().of(Kind::push, DropReason::ttl) == 2);
}

TEST_CASE("the inbox hands messages to their parts, counts the others, and ends a leaf that relays") {
    Relaying parts;
    Inbox inbox{parts.common, parts.hosts, parts.pinger, parts.pushes, parts.relay};
    Peer& peer = parts.link();
    auto const say = [&](Peer& from, std::uint8_t function, Ttl ttl, Hops hops, ByteView payload) {
        inbox.receive(from, wire::frame({servent_of(from.info.messages_in), function, ttl, hops, 0}, payload));
    };
    auto const query = static_cast<std::uint8_t>(Function::query);
    Bytes const words = *query_of("some words")->payload;
    say(peer, query, Ttl{2}, Hops{1}, words);
    CHECK(parts.take<QueryArrived>().size() == 1);
    say(peer, 0x77, Ttl{2}, Hops{1}, words);
    say(peer, query, Ttl{14}, Hops{2}, words);
    say(peer, query, Ttl{0}, Hops{2}, words);
    CHECK(parts.ctx.counters().dropped_unknown == 1);
    CHECK(parts.ctx.counters().of(Kind::query, DropReason::ttl) == 2);
    CHECK(peer.info.messages_in == 4);
    Peer& leaf = parts.link(LinkKind::to_leaf);
    say(leaf, query, Ttl{2}, Hops{1}, words);
    CHECK(leaf.closing == CloseReason::leaf_relays);
    say(peer, static_cast<std::uint8_t>(Function::bye), Ttl{1}, Hops{0}, wire::encode(wire::Bye{200, "bad\tword"}));
    auto const down = parts.take<LinkDown>();
    REQUIRE(down.size() == 2);
    CHECK(down[1].text == "200 bad word");
}

}  // namespace relay_test
