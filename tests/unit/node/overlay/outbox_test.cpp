#include "node/overlay/outbox.hpp"

#include <catch2/catch.hpp>

#include "unit/node/overlay/parts.hpp"

namespace outbox_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;
using wire::Function;

namespace {

SharedBytes body_of(std::size_t bytes) { return std::make_shared<Bytes const>(bytes, std::byte{7}); }

/// Where the parts of the last Transmit lie in memory.
std::vector<std::byte const*> parts_of(Transmit const& transmit) {
    std::vector<std::byte const*> found;
    transmit.buffers.for_each([&](ByteView part) { found.emplace_back(part.data()); });
    return found;
}

}  // namespace

TEST_CASE("a link with nothing to do takes a message at once, and its body is not copied") {
    Parts parts;
    Peer& first = parts.link();
    Peer& second = parts.link();
    SharedBytes const body = body_of(40);
    for (Peer* peer : {&first, &second})
        parts.outbox.send(*peer, servent_of(1), Function::query, Ttl{3}, Hops{1}, body);
    auto const sent = parts.take<Transmit>();
    REQUIRE(sent.size() == 2);
    for (Transmit const& one : sent) {
        REQUIRE(parts_of(one).size() == 2);
        CHECK(parts_of(one)[1] == body->data());
        CHECK(one.buffers.size() == wire::header_bytes + 40);
        auto const bytes = one.buffers.joined();
        auto const message = wire::first_message(bytes);
        REQUIRE(message.has_value());
        CHECK(message->header.guid == servent_of(1));
        CHECK(message->header.ttl == Ttl{3});
        CHECK(message->header.hops == Hops{1});
        CHECK(std::equal(message->payload.begin(), message->payload.end(), body->begin(), body->end()));
    }
    CHECK(body.use_count() == 3);
    CHECK(first.info.messages_out == 1);
    CHECK(first.info.bytes_out == wire::header_bytes + 40);
}

TEST_CASE("what comes while the socket is busy waits, and goes in its order as one Transmit") {
    Parts parts;
    Peer& peer = parts.link();
    SharedBytes const large = body_of(2000);
    parts.outbox.send(peer, servent_of(0), Function::query, Ttl{1}, Hops{0}, body_of(10));
    parts.out.clear();
    for (std::uint64_t i = 1; i <= 5; ++i)
        parts.outbox.send(peer, servent_of(i), Function::query, Ttl{1}, Hops{0}, i == 3 ? large : body_of(10));
    parts.flush();
    CHECK(parts.out.empty());
    CHECK(peer.info.queued_bytes == 5 * wire::header_bytes + 2000 + 40);
    parts.outbox.drained(peer);
    parts.flush();
    auto const waited = parts.take<Transmit>();
    REQUIRE(waited.size() == 1);
    auto const where =
        parts_of(waited[0]);  // a copy of two small ones, the large one's header and body, two small ones
    REQUIRE(where.size() == 4);
    CHECK(where[2] == large->data());
    auto const bytes = waited[0].buffers.joined();
    std::uint64_t expected = 1;
    for (ByteView rest = bytes; auto const one = wire::first_message(rest); ++expected) {
        CHECK(one->header.guid == servent_of(expected));
        rest = rest.subspan(wire::header_bytes + one->payload.size());
    }
    CHECK(expected == 6);
    CHECK(peer.info.queued_bytes == 0);
}

TEST_CASE("output of the handshake goes before the first message") {
    Parts parts;
    Peer& peer = parts.link();
    peer.handshake.reset(new PendingHandshake{
        Handshake{parts.ctx.settings(), parts.ctx.limits(), Direction::incoming, peer.info.remote}, "GNUTELLA"});
    parts.outbox.send(peer, servent_of(1), Function::query, Ttl{1}, Hops{0}, body_of(600));
    CHECK(parts.out.empty());
    parts.flush();
    auto const sent = parts.take<Transmit>();
    REQUIRE(sent.size() == 1);
    auto const bytes = sent[0].buffers.joined();
    CHECK(as_text(ByteView{bytes}.first(8)) == "GNUTELLA");
    CHECK(wire::first_message(ByteView{bytes}.subspan(8)).has_value());
    CHECK_FALSE(peer.handshake);
}

TEST_CASE("a full queue evicts queries and says so; a table without room is refused") {
    Config config = Parts::ultrapeer();
    config.limits.send_queue_bytes_max = 1000;
    config.limits.table_queue_bytes_max = 100;
    Parts parts{std::move(config)};
    Peer& peer = parts.link();
    for (int i = 0; i < 30; ++i) parts.outbox.send(peer, servent_of(1), Function::query, Ttl{1}, Hops{0}, body_of(77));
    CHECK(peer.info.dropped_out == 19);  // one is on its way, ten wait
    CHECK(parts.ctx.counters().of(Kind::query, DropReason::queue_full) == 19);
    CHECK(peer.info.load == 255);
    CHECK(parts.ctx.link_changes() > 0);
    wire::Qrp const table = wire::QrpReset{65536, 2};
    int accepted = 0;
    while (accepted < 100 && parts.outbox.send_table(peer, table)) ++accepted;
    CHECK(accepted == 3);  // 29 bytes each
}

TEST_CASE("a socket that takes nothing for too long is stuck") {
    Parts parts;
    Peer& peer = parts.link();
    parts.advance(std::chrono::hours{2});  // beyond what the clock of a peer holds
    CHECK_FALSE(parts.outbox.is_stuck(peer));
    parts.outbox.send(peer, servent_of(1), Function::query, Ttl{1}, Hops{0}, body_of(1));
    parts.advance(parts.ctx.limits().stuck_within - std::chrono::microseconds{1});
    CHECK_FALSE(parts.outbox.is_stuck(peer));
    parts.advance(std::chrono::microseconds{1});
    CHECK(parts.outbox.is_stuck(peer));
    parts.outbox.drained(peer);
    CHECK_FALSE(parts.outbox.is_stuck(peer));
}

}  // namespace outbox_test
