#include <catch2/catch.hpp>

#include <functional>

#include "node/wire/ggep.hpp"
#include "node/wire/vendor.hpp"
#include "node/wire/zlib_stream.hpp"
#include "unit/node/overlay/virtual_network.hpp"

namespace overlay_test {
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
Bytes query_bytes(std::string text, std::uint16_t flags = wire::QueryFlags::marked) {
    wire::Query query;
    query.flags = flags;
    query.text = std::move(text);
    return wire::encode(query);
}

}  // namespace

TEST_CASE("a ping goes first, then messages and features supported") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.link(false, "Vendor-Message: 0.2\r\n");
    auto const said = node.messages(peer);
    REQUIRE(said.size() == 3);
    REQUIRE(said[0].header.function == static_cast<std::uint8_t>(Function::ping));
    REQUIRE(wire::decode_vendor(said[1].payload)->selector == 0);
    REQUIRE(wire::decode_vendor(said[2].payload)->selector == 10);
    REQUIRE(node.messages(node.link()).size() == 1);
}

TEST_CASE("an alive ping is answered every time, with a pong that tells an ultrapeer") {
    ScriptedPeer node{config_of()};
    node.feed(SharingChanged{3, 5'000'000});
    PeerId const peer = node.link();
    for (std::uint64_t i = 0; i < 5; ++i) node.say(peer, Function::ping, Ttl{1}, Hops{0}, {}, guid_of(i));
    auto const pongs = node.messages(peer, Function::pong);
    REQUIRE(pongs.size() == 5);
    auto const pong = wire::decode_pong(pongs[0].payload);
    REQUIRE(pongs[0].header.guid == guid_of(0));
    REQUIRE(pong->endpoint == Endpoint{0x0A000001, 6346});
    REQUIRE(pong->files == 3);
    REQUIRE(pong->kilobytes == 4096);
    REQUIRE(wire::has(pong->ggep, "UP"));
    REQUIRE(wire::has(pong->ggep, "VC"));
}

TEST_CASE("a discovery ping is answered from the cache and never forwarded") {
    ScriptedPeer node{config_of()};
    PeerId const source = node.link(), asker = node.link();
    Guid const our_ping = node.messages(source, Function::ping)[0].header.guid;
    auto const tell = [&](Guid guid, std::uint32_t host) {
        wire::Pong pong;
        pong.endpoint = {0x0A030000 + host, 6346};
        node.say(source, Function::pong, Ttl{1}, Hops{1}, wire::encode(pong), guid);
    };
    tell(our_ping, 1);
    tell(our_ping, 2);
    tell(guid_of(77), 3);  // nobody asked for it
    node.out[asker].clear();
    node.out[asker] = Bytes(as_view("\r\n\r\n").begin(), as_view("\r\n\r\n").end());
    std::size_t const before = node.messages(source).size();
    node.say(asker, Function::ping, Ttl{4}, Hops{0}, {}, guid_of(1));
    auto const pongs = node.messages(asker, Function::pong);
    REQUIRE(pongs.size() == 3);  // ours and two
    for (auto const& pong : pongs) REQUIRE(pong.header.guid == guid_of(1));
    node.say(asker, Function::ping, Ttl{4}, Hops{0}, {}, guid_of(2));
    REQUIRE(node.messages(asker, Function::pong).size() == 3);  // too soon
    REQUIRE(node.messages(source).size() == before);
    node.say(source, Function::ping, Ttl{2}, Hops{0}, {}, guid_of(3));
    REQUIRE(node.messages(source, Function::pong).size() == 1);
}

TEST_CASE("the address of a leaf is neither called nor told to others") {
    ScriptedPeer node{config_of()};
    PeerId const leaf = node.link(false), asker = node.link();
    wire::Pong pong;
    pong.endpoint = {0x0A030001, 6346};
    node.say(leaf, Function::pong, Ttl{1}, Hops{0}, wire::encode(pong),
             node.messages(leaf, Function::ping)[0].header.guid);
    node.say(asker, Function::ping, Ttl{4}, Hops{0}, {}, guid_of(1));
    REQUIRE(node.messages(asker, Function::pong).size() == 1);  // ours
    for (HostRecord const& host : node.core.hosts()) REQUIRE(host.endpoint != pong.endpoint);
}

TEST_CASE("a query is dropped when it is dead, ancient, empty, too far or too large") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.link();
    std::uint64_t next = 0;
    auto const arrives = [&](Ttl ttl, Hops hops, Bytes const& payload) {
        std::size_t const before = node.all<QueryArrived>().size();
        node.say(peer, Function::query, ttl, hops, payload, guid_of(next++));
        return node.all<QueryArrived>().size() > before;
    };
    REQUIRE(arrives(Ttl{1}, Hops{0}, query_bytes("good words")));
    REQUIRE_FALSE(arrives(Ttl{0}, Hops{1}, query_bytes("good words")));
    REQUIRE_FALSE(arrives(Ttl{1}, Hops{255}, query_bytes("good words")));
    REQUIRE_FALSE(arrives(Ttl{12}, Hops{4}, query_bytes("good words")));
    REQUIRE_FALSE(arrives(Ttl{3}, Hops{2}, query_bytes("good words", 0)));
    REQUIRE_FALSE(arrives(Ttl{3}, Hops{0}, query_bytes("a")));
    REQUIRE_FALSE(arrives(Ttl{3}, Hops{0}, query_bytes(std::string(500, 'a'))));
    REQUIRE_FALSE(arrives(Ttl{3}, Hops{0}, Bytes{std::byte{1}}));
    REQUIRE(arrives(Ttl{7}, Hops{0}, query_bytes("good words")));
    auto const last = node.all<QueryArrived>().back();
    REQUIRE(last.hops == Hops{1});
    REQUIRE(last.ttl == Ttl{3});
    auto const& counters = node.core.counters();
    REQUIRE(counters.dropped_ttl == 3);
    REQUIRE(counters.dropped_too_large == 1);
    REQUIRE(counters.dropped_malformed == 3);
}

TEST_CASE("a neighbour's own query with flags 0 is answered, and goes on marked as others expect it") {
    Config config = config_of();
    config.limits.queries_burst = 4;
    config.limits.queries_per_second = 1;
    ScriptedPeer node{config};
    PeerId const leaf = node.link(false);
    node.say(leaf, Function::query, Ttl{3}, Hops{0}, query_bytes("good words", 0), guid_of(1));
    REQUIRE(node.all<QueryArrived>().size() == 1);
    auto const arrived = node.all<QueryArrived>()[0];
    REQUIRE(arrived.query->query.flags == wire::QueryFlags::marked);
    REQUIRE(wire::decode_query(*arrived.query->payload)->flags == wire::QueryFlags::marked);
    REQUIRE(arrived.query->query.text == "good words");
    node.feed(AnswerQuery{guid_of(1), {hit_of(servent_of(0))}});
    REQUIRE(node.messages(leaf, Function::query_hit).size() == 1);
    for (std::uint64_t i = 2; i < 20; ++i)
        node.say(leaf, Function::query, Ttl{3}, Hops{0}, query_bytes("good words", 0), guid_of(i));
    REQUIRE(node.all<QueryArrived>().size() == 4);  // within its rate
    // Of what an ultrapeer passes on nobody knows how it was meant.
    PeerId const ultrapeer = node.link(true);
    node.say(ultrapeer, Function::query, Ttl{3}, Hops{1}, query_bytes("good words", 0), guid_of(100));
    REQUIRE(node.all<QueryArrived>().size() == 4);
    node.say(ultrapeer, Function::query, Ttl{3}, Hops{0}, query_bytes("good words", 0), guid_of(101));
    REQUIRE(node.all<QueryArrived>().size() == 5);
}

TEST_CASE("a peer that repeats itself is sent away with 401, but a probe may come back with a longer reach") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.link(true, "X-Ext-Probes: 0.1\r\n");
    Bytes const query = query_bytes("good words");
    node.say(peer, Function::query, Ttl{1}, Hops{0}, query, guid_of(1));
    node.say(peer, Function::query, Ttl{3}, Hops{0}, query, guid_of(1));
    auto const seen = node.all<QueryArrived>();
    REQUIRE(seen.size() == 2);
    REQUIRE_FALSE(seen[0].again);
    REQUIRE(seen[1].again);
    for (int i = 0; i < 5; ++i) node.say(peer, Function::query, Ttl{3}, Hops{0}, query, guid_of(1));
    REQUIRE(node.core.link(peer));
    node.say(peer, Function::query, Ttl{3}, Hops{0}, query, guid_of(1));
    REQUIRE_FALSE(node.core.link(peer));
    REQUIRE(node.bye_code(peer) == 401);
    REQUIRE(node.all<QueryArrived>().size() == 2);
}

TEST_CASE("misbehaviour ends a link with its Bye, but only to peers that know Bye") {
    struct Case {
        std::uint16_t code;
        bool ultrapeer;
        std::function<void(ScriptedPeer&, PeerId)> fault;
    };
    std::vector<Case> const cases{
        {414, false,
         [](ScriptedPeer& node, PeerId peer) {
             node.say(peer, Function::query, Ttl{2}, Hops{1}, query_bytes("good words"), guid_of(1));
         }},
        {413, true,
         [](ScriptedPeer& node, PeerId peer) {
             node.say(peer, Function::qrp, Ttl{1}, Hops{0}, as_view("\x09"), guid_of(1));
         }},
        {413, false, [](ScriptedPeer& node, PeerId peer) { node.feed(RejectQrp{peer}); }},
        {400, true,
         [](ScriptedPeer& node, PeerId peer) {
             node.say(peer, Function::query, Ttl{2}, Hops{0}, Bytes(1025), guid_of(1));
         }},
        {400, true,
         [](ScriptedPeer& node, PeerId peer) {
             node.feed(Received{peer, Bytes(23, std::byte{0xFF})});
         }},
        {201, true, [](ScriptedPeer& node, PeerId peer) { node.feed(UserDisconnect{peer}); }},
        {409, true,
         [](ScriptedPeer& node, PeerId peer) {
             for (std::uint64_t i = 0; i < 60; ++i)
                 node.say(peer, Function::pong, Ttl{1}, Hops{0}, Bytes(3), guid_of(i));
         }},
    };
    for (Case const& one : cases) {
        ScriptedPeer node{config_of()};
        PeerId const peer = node.link(one.ultrapeer);
        one.fault(node, peer);
        REQUIRE(node.bye_code(peer) == one.code);
        REQUIRE(node.closed(peer));
        REQUIRE_FALSE(node.core.link(peer));
        REQUIRE(node.all<LinkDown>().size() == 1);

        PeerId const deaf = node.accept(std::string{"GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: "} +
                                        (one.ultrapeer ? "True" : "False") + "\r\n\r\n");
        node.feed(Received{deaf, as_view("GNUTELLA/0.6 200 OK\r\n\r\n")});
        one.fault(node, deaf);
        REQUIRE_FALSE(node.bye_code(deaf));
        REQUIRE(node.closed(deaf));
    }
}

TEST_CASE("a zip bomb ends the link before it grows") {
    for (bool const pings : {true, false}) {
        ScriptedPeer node{config_of()};
        PeerId const peer = node.accept("GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: True\r\n\r\n");
        node.feed(Received{peer, as_view("GNUTELLA/0.6 200 OK\r\nContent-Encoding: deflate\r\n\r\n")});
        REQUIRE(node.core.link(peer));
        Bytes clear;
        if (pings)
            clear.assign(50 << 20, std::byte{0});  // empty pings with TTL 0
        else
            clear.assign(50 << 20, std::byte{0xFF});  // a length of 4 GiB
        Bytes const packed = wire::deflate_all(clear);
        REQUIRE(packed.size() < 100'000);
        for (std::size_t at = 0; at < packed.size() && node.core.link(peer); at += 16384) {
            node.feed(Received{peer, ByteView{packed}.subspan(at, std::min<std::size_t>(16384, packed.size() - at))});
        }
        REQUIRE_FALSE(node.core.link(peer));
        REQUIRE(node.all<LinkDown>()[0].reason == CloseReason::message_too_large);
    }
}

TEST_CASE("broken compression ends the link") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.accept("GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: True\r\n\r\n");
    node.feed(
        Received{peer, as_view("GNUTELLA/0.6 200 OK\r\nContent-Encoding: deflate\r\n\r\nthis is no zlib stream")});
    REQUIRE(node.all<LinkDown>().at(0).reason == CloseReason::bad_deflate);
}

TEST_CASE("hits go back along the way of their query and nowhere else") {
    ScriptedPeer node{config_of()};
    PeerId const asker = node.link(), answerer = node.link(), other = node.link();
    node.say(asker, Function::query, Ttl{3}, Hops{1}, query_bytes("good words"), guid_of(1));
    Bytes const hit = wire::encode(hit_of(servent_of(9)));
    node.say(answerer, Function::query_hit, Ttl{5}, Hops{0}, hit, guid_of(1));
    node.say(answerer, Function::query_hit, Ttl{5}, Hops{0}, hit, guid_of(2));
    node.say(asker, Function::query_hit, Ttl{5}, Hops{0}, hit, guid_of(1));  // back to where it came from
    auto const back = node.messages(asker, Function::query_hit);
    REQUIRE(back.size() == 1);
    REQUIRE(back[0].payload == hit);
    REQUIRE(back[0].header.ttl == Ttl{4});
    REQUIRE(back[0].header.hops == Hops{1});
    REQUIRE(node.messages(other, Function::query_hit).empty());
    REQUIRE(node.core.counters().hits_no_route == 2);
    // A push for the servent follows the hit; the same push twice does not.
    Bytes const push = wire::encode(wire::Push{servent_of(9), 1, {0x0A000005, 99}, {}});
    for (int i = 0; i < 2; ++i) node.say(asker, Function::push, Ttl{4}, Hops{0}, push, guid_of(5));
    REQUIRE(node.messages(answerer, Function::push).size() == 1);
    REQUIRE(node.messages(other, Function::push).empty());
    Bytes const for_us = wire::encode(wire::Push{servent_of(0), 8, {0x0A000005, 9999}, {}});
    node.say(asker, Function::push, Ttl{1}, Hops{0}, for_us, guid_of(6));
    REQUIRE(node.all<PushArrived>().at(0).file_index == 8);
}

TEST_CASE("our answers carry the query's hops and five more, and hashes as it understands them") {
    ScriptedPeer node{config_of()};
    PeerId const asker = node.link();
    wire::QueryHit hit = hit_of(servent_of(0));
    hit.records[0].urn = *Urn::parse("urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB");
    for (bool const ggep_h : {false, true}) {
        Guid const guid = guid_of(ggep_h ? 1 : 2);
        auto const flags =
            static_cast<std::uint16_t>(wire::QueryFlags::marked | (ggep_h ? wire::QueryFlags::ggep_h : 0));
        node.say(asker, Function::query, Ttl{2}, Hops{2}, query_bytes("good words", flags), guid);
        node.feed(AnswerQuery{guid, {hit}});
        auto const sent = node.messages(asker, Function::query_hit).back();
        REQUIRE(sent.header.guid == guid);
        REQUIRE(sent.header.ttl == Ttl{7});
        REQUIRE(sent.header.hops == Hops{0});
        REQUIRE((as_text(sent.payload).find("urn:sha1:") == std::string_view::npos) == ggep_h);
    }
    node.feed(AnswerQuery{guid_of(99), {hit}});
    REQUIRE(node.messages(asker, Function::query_hit).size() == 2);
}

TEST_CASE("hops flow holds queries back") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.link();
    auto const forwarded = [&](Hops hops) {
        std::size_t const before = node.messages(peer, Function::query).size();
        node.feed(ForwardQuery{guid_of(hops.value()), {peer}, Ttl{2}, hops, query_of("good words")});
        return node.messages(peer, Function::query).size() > before;
    };
    REQUIRE(forwarded(Hops{2}));
    CHECK(node.core.link_changes() == 0);
    node.say(peer, Function::vendor, Ttl{1}, Hops{0}, wire::encode(wire::to_vendor(wire::HopsFlow{2})), guid_of(1));
    CHECK(node.core.link_changes() == 1);
    node.say(peer, Function::vendor, Ttl{1}, Hops{0}, wire::encode(wire::to_vendor(wire::HopsFlow{2})), guid_of(3));
    CHECK(node.core.link_changes() == 1);  // nothing new
    REQUIRE(forwarded(Hops{1}));
    REQUIRE_FALSE(forwarded(Hops{2}));
    node.say(peer, Function::vendor, Ttl{1}, Hops{0}, wire::encode(wire::to_vendor(wire::HopsFlow{0})), guid_of(2));
    REQUIRE_FALSE(forwarded(Hops{0}));
    REQUIRE_FALSE(node.core.link(peer)->wants_queries);
}

TEST_CASE("a push proxy request is acknowledged and its pushes find the way") {
    ScriptedPeer node{config_of()};
    PeerId const leaf = node.link(false), asker = node.link();
    node.say(leaf, Function::vendor, Ttl{1}, Hops{0}, wire::encode(wire::to_vendor(wire::PushProxyRequest{})),
             servent_of(3));
    auto const acks = node.messages(leaf, Function::vendor);
    REQUIRE(acks.size() == 1);
    REQUIRE(acks[0].header.guid == servent_of(3));
    node.say(asker, Function::push, Ttl{1}, Hops{0}, wire::encode(wire::Push{servent_of(3), 1, {0x0A000005, 99}, {}}),
             guid_of(5));
    REQUIRE(node.messages(leaf, Function::push).size() == 1);
}

TEST_CASE("a link that takes nothing loses the least valuable and keeps its bounds") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.link();
    node.drains = false;
    for (std::uint64_t i = 0; i < 5000; ++i) {
        node.feed(ForwardQuery{guid_of(i), {peer}, Ttl{2}, Hops{1}, query_of("words of a query")});
        REQUIRE(node.core.link(peer)->queued_bytes <= 64 * 1024);
    }
    REQUIRE(node.core.counters().dropped_queue_full > 1000);
    REQUIRE(node.core.link(peer)->dropped_out == node.core.counters().dropped_queue_full);
    node.now += 100s;
    for (int i = 0; i < 30; ++i) node.tick(20s);
    REQUIRE_FALSE(node.core.link(peer));  // stuck
}

TEST_CASE("a datagram ping is answered once a minute and address, shortly") {
    ScriptedPeer node{config_of()};
    node.link(true, "Node: 10.1.0.1:7000\r\n");
    wire::Ping ping;
    wire::add(ping.ggep, "SCP", {1});
    Bytes const datagram = wire::encode_message(guid_of(1), Function::ping, Ttl{1}, Hops{0}, ping);
    Endpoint const from{0x0A070707, 9000};
    node.feed(DatagramReceived{from, datagram});
    node.feed(DatagramReceived{from, datagram});
    auto const sent = node.all<SendDatagram>();
    REQUIRE(sent.size() == 1);
    REQUIRE(sent[0].to == from);
    REQUIRE(sent[0].bytes.size() < 5 * datagram.size());
    auto const pong = wire::decode_pong(wire::first_message(sent[0].bytes)->payload);
    REQUIRE(wire::decode_endpoints(wire::find(pong->ggep, "IPP")->data)->at(0) == Endpoint{0x0A010001, 7000});
    node.now += 60s;
    node.feed(DatagramReceived{from, datagram});
    REQUIRE(node.all<SendDatagram>().size() == 2);
}

TEST_CASE("an UDP host cache is asked and its hosts are called; nobody else's pong counts") {
    ScriptedPeer node{config_of()};
    node.feed(HostCacheFound{{0x0A080808, 9999}});
    auto const asked = node.all<SendDatagram>().at(0);
    Guid const guid = wire::first_message(asked.bytes)->header.guid;
    wire::Pong pong;
    pong.endpoint = {0x0A080808, 9999};
    wire::add(pong.ggep, "UDPHC");
    wire::add(pong.ggep, "IPP", wire::encode_endpoints({{0x0A050505, 6346}, {0x0A050506, 0}}));
    node.feed(DatagramReceived{asked.to, wire::encode_message(guid_of(3), Function::pong, Ttl{1}, Hops{0}, pong)});
    REQUIRE(node.all<Connect>().empty());
    node.feed(DatagramReceived{asked.to, wire::encode_message(guid, Function::pong, Ttl{1}, Hops{0}, pong)});
    REQUIRE(node.all<Connect>().size() == 1);
    REQUIRE(node.all<Connect>()[0].to == Endpoint{0x0A050505, 6346});
}

TEST_CASE("a node without hosts asks for some, but not all the time") {
    ScriptedPeer node{config_of()};
    REQUIRE(node.all<NeedHosts>().size() == 1);
    for (int i = 0; i < 59; ++i) node.tick(1s);
    REQUIRE(node.all<NeedHosts>().size() == 1);
    node.tick(1s);
    REQUIRE(node.all<NeedHosts>().size() == 2);
}

TEST_CASE("random bytes never break anything, before the handshake and after it") {
    Rng rng{4};
    std::vector<std::uint8_t> const functions{0, 1, 2, 0x30, 0x31, 0x32, 0x40, 0x80, 0x81, 0x99};
    for (int round = 0; round < 60; ++round) {
        ScriptedPeer node{config_of(round % 3 == 0 ? Mode::leaf : Mode::ultrapeer), rng.next()};
        PeerId peer = node.link(true);
        for (int i = 0; i < 200; ++i) {
            if (!node.core.link(peer))
                peer = node.link(rng.below(2) == 0, rng.below(2) == 0 ? "Vendor-Message: 0.1\r\n" : "");
            Bytes payload(rng.below(120));
            for (std::byte& byte : payload) byte = static_cast<std::byte>(rng.below(rng.below(2) == 0 ? 4 : 256));
            wire::Header const header{guid_of(rng.below(30)), functions[rng.below(functions.size())],
                                      Ttl{static_cast<std::uint8_t>(rng.below(8))},
                                      Hops{static_cast<std::uint8_t>(rng.below(4))}, 0};
            Bytes const framed = wire::frame(header, payload);
            auto const cut = rng.below(framed.size() + 1);
            node.feed(Received{peer, ByteView{framed}.first(cut)});
            if (node.core.link(peer)) node.feed(Received{peer, ByteView{framed}.subspan(cut)});
            if (rng.below(10) == 0) node.tick(std::chrono::seconds{rng.below(30)});
            PeerId const stranger = node.core.allot_peer();
            node.feed(Accepted{stranger, {0x0A020202, 5}});
            node.feed(Received{stranger, payload});
            if (rng.below(2) == 0) node.feed(Closed{stranger, false});
            node.feed(DatagramReceived{{0x0A020202, 5}, rng.below(2) == 0 ? framed : payload});
        }
        REQUIRE(node.core.links().size() <= 200);
        REQUIRE(node.core.hosts().size() <= 2000);
    }
}

}  // namespace overlay_test
