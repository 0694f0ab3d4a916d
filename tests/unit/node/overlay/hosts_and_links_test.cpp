#include <catch2/catch.hpp>

#include "node/overlay/datagram_pinger.hpp"
#include "node/overlay/flow_control.hpp"
#include "node/overlay/inbox.hpp"
#include "node/overlay/liveness.hpp"
#include "node/wire/ggep.hpp"
#include "unit/node/overlay/parts.hpp"

/// The parts that know hosts, begin connections, keep links alive and end them.
namespace hosts_and_links_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;
using wire::Function;

namespace {

Endpoint host(std::uint32_t number) { return {0x0A020000U + number, 6346}; }
AddressPrefix at(std::uint32_t number) { return AddressPrefix{Address::v4(0x0A030000U + number)}; }

}  // namespace

TEST_CASE("a host that is learned is dialled, and one that failed is not passed on as a success") {
    Parts parts;
    CHECK(parts.hosts.learn(host(1), true, at(1)));
    CHECK(parts.hosts.learn(host(1), true, at(2)));                   // known
    CHECK_FALSE(parts.hosts.learn({0x0A000001, 6346}, true, at(1)));  // our own
    CHECK(parts.ctx.counters().hosts_refused == 1);
    CHECK(parts.ctx.take_links_changed());
    CHECK(parts.hosts.hosts_to_try(host(9), std::nullopt) == std::vector{host(1)});
    CHECK(parts.hosts.hosts_to_try(host(9), host(1)).empty());
    parts.dialer.connect_more();
    CHECK(parts.take<Connect>().empty());  // not started
    parts.ctx.set_started();
    parts.dialer.connect_more();
    auto const calls = parts.take<Connect>();
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].to == host(1));
    parts.dialer.connect_more();
    CHECK(parts.take<Connect>().empty());
    parts.closer().closed(*parts.peers.find(calls[0].peer), CloseReason::connect_failed);
    parts.peers.remove_gone();
    parts.dialer.connect_more();
    CHECK(parts.take<Connect>().empty());
    CHECK(parts.hosts.hosts_to_try(host(9), std::nullopt).empty());
    auto const due = parts.dialer.due();
    REQUIRE(due);
    parts.advance(*due - parts.now);
    for (int i = 0; i < 2 && parts.out.empty(); ++i) {
        parts.dialer.connect_more();
        if (auto const next = parts.dialer.due(); parts.take<Connect>().empty() && next)
            parts.advance(*next - parts.now);
    }
    CHECK(parts.ctx.counters().hosts_refused == 1);
}

TEST_CASE("hosts from hearsay are dialled at a bounded rate, and hosts are asked for only when none is left to try") {
    Parts parts;
    parts.ctx.set_started();
    for (std::uint32_t i = 0; i < 6; ++i) REQUIRE(parts.hosts.learn(host(i * 256), true, at(i)));
    parts.dialer.connect_more();
    std::size_t const each = parts.ctx.limits().hearsay_dials_per_second;
    CHECK(parts.take<Connect>().size() == each);
    parts.advance(parts.dialer.due().value() - parts.now);
    parts.dialer.connect_more();
    CHECK(parts.take<Connect>().size() == 1);

    Parts alone;
    alone.ctx.set_started();
    alone.dialer.connect_more();
    CHECK(alone.take<NeedHosts>().size() == 1);
    alone.dialer.connect_more();
    CHECK(alone.take<NeedHosts>().empty());
    alone.advance(alone.dialer.due().value() - alone.now);
    alone.dialer.connect_more();
    CHECK(alone.take<NeedHosts>().size() == 1);
}

TEST_CASE("changes of the host cache are reported once in a time") {
    Parts parts;
    CHECK_FALSE(parts.hosts.report_due());
    parts.hosts.report_changes();
    CHECK(parts.take<HostsChanged>().empty());
    for (std::uint32_t i = 1; i <= 2; ++i) {
        parts.hosts.learn(host(i), true, at(i));
        parts.advance(std::max<Duration>(*parts.hosts.report_due() - parts.now, Duration{0}));
        parts.hosts.report_changes();
        CHECK(parts.take<HostsChanged>().size() == 1);
        CHECK_FALSE(parts.hosts.report_due());
    }
    CHECK(parts.now >= Instant{} + parts.ctx.limits().hosts_changed_every);
}

TEST_CASE("a link is ended once, with a Bye where the peer takes one, and what came by it is forgotten") {
    Parts parts;
    Peer& polite = parts.link();
    Peer& terse = parts.link();
    terse.takes_bye = false;
    parts.pushes.learn_servent(servent_of(8), terse);
    for (Peer* peer : {&polite, &terse}) {
        parts.closer().end(*peer, CloseReason::idle, "too quiet", 406);
        parts.closer().end(*peer, CloseReason::no_slot, "again", 503);
    }
    auto const down = parts.take<LinkDown>();
    REQUIRE(down.size() == 2);
    CHECK(down[0].reason == CloseReason::idle);
    CHECK(down[0].text == "too quiet");
    CHECK(terse.stage() == Stage::gone);
    CHECK(polite.stage() == Stage::closing);  // its Bye waits for the end of the event
    CHECK(parts.peers.counts().links() == 0);
    bool said = false;
    parts.outbox.flush_scheduled(parts.peers, [&](Peer& peer, bool sent) {
        CHECK(sent);
        said = true;
        parts.closer().close_now(peer, sent);
    });
    CHECK(said);
    auto const byes = parts.sent(polite);
    REQUIRE(byes.size() == 1);
    CHECK(wire::decode_bye(byes[0].payload)->code == 406);
    CHECK(polite.stage() == Stage::gone);
    parts.pushes.on(SendPush{servent_of(8), 1, host(1)});
    CHECK(parts.out.empty());
}

TEST_CASE("malformed messages end a link when there are too many, repeated ones at once") {
    Parts parts;
    Peer& peer = parts.link();
    for (std::uint32_t i = 0; i < parts.ctx.limits().malformed_max; ++i)
        parts.closer().note_fault(peer, Fault::malformed, Kind::pong);
    CHECK(peer.is_up());
    parts.closer().note_fault(peer, Fault::none, Kind::pong);
    CHECK(peer.is_up());
    parts.closer().note_fault(peer, Fault::malformed, Kind::pong);
    CHECK(peer.closing == CloseReason::bad_message);
    CHECK(parts.ctx.counters().of(Kind::pong, DropReason::malformed) == parts.ctx.limits().malformed_max + 1);
    Peer& other = parts.link();
    parts.closer().note_fault(other, Fault::repeats, Kind::query);
    CHECK(other.closing == CloseReason::too_many_duplicates);
}

TEST_CASE("a role is changed for all links but one, and an isolated leaf becomes an ultrapeer") {
    Config config = Parts::ultrapeer();
    config.mode = Mode::automatic;
    Parts parts{std::move(config)};
    parts.role.start();
    CHECK(parts.ctx.role() == Role::ultrapeer);
    CHECK_FALSE(parts.role.due());
    Peer& kept = parts.link();
    Peer& ended = parts.link();
    parts.role.change(Role::leaf, kept.id(), parts.closer());
    CHECK(kept.is_up());
    CHECK(ended.closing == CloseReason::mode_changed);
    CHECK(parts.take<RoleChanged>().size() == 1);
    parts.advance(parts.ctx.limits().isolated_leaf_after * 3);
    parts.role.check_isolation(parts.closer());
    CHECK(parts.ctx.role() == Role::leaf);  // it has an ultrapeer
    parts.closer().end(kept, CloseReason::idle);
    parts.advance(parts.role.due().value() - parts.now - std::chrono::microseconds{1});
    parts.role.check_isolation(parts.closer());
    CHECK(parts.ctx.role() == Role::leaf);
    parts.advance(std::chrono::microseconds{1});
    parts.role.check_isolation(parts.closer());
    CHECK(parts.ctx.role() == Role::ultrapeer);
}

TEST_CASE("a silent link is pinged, then ended; one that speaks is left alone") {
    Parts parts;
    Lazy<RecentAddresses> crawlers;
    Admission admission{{parts.common, parts.hosts, parts.pinger, parts.role, crawlers, parts.closer()}};
    Liveness liveness{{parts.common, parts.pinger, admission, parts.closer()}};
    Peer& silent = parts.link();
    Peer& lively = parts.link(LinkKind::to_leaf);
    Peer& caller = parts.peers.add(parts.peers.allot(), Direction::outgoing, host(1));
    caller.due = parts.now + std::chrono::seconds{90};
    std::size_t pings = 0;
    for (int i = 0; i < 100 && silent.is_up(); ++i) {
        parts.advance(std::chrono::seconds{10});
        lively.last_heard = parts.now;
        for (auto const& peer : parts.peers.all()) liveness.check(*peer);
        pings += parts.sent(silent).size();
    }
    CHECK(pings == parts.ctx.limits().alive_pings_ultrapeer);
    CHECK(silent.closing == CloseReason::idle);
    CHECK(lively.is_up());
    CHECK(caller.closing == CloseReason::handshake_timeout);
}

TEST_CASE("a ping gets our pong, one that looks for hosts others too, but not too often") {
    Parts parts;
    Peer& peer = parts.link();
    Peer& other = parts.link();
    other.info.listening_port = 6346;
    auto const ping = [&](Ttl ttl) {
        REQUIRE(parts.pinger.on_ping(peer, Parts::header(Function::ping, servent_of(1), ttl, Hops{0}), {}) ==
                Fault::none);
        std::size_t const first = parts.sent(peer).size();
        parts.flush();
        return first + parts.sent(peer).size();
    };
    CHECK(ping(Ttl{1}) == 1);
    CHECK(ping(Ttl{2}) == 2);
    CHECK(ping(Ttl{2}) == 0);
    CHECK(parts.ctx.counters().pings_throttled == 1);
    parts.advance(parts.ctx.limits().ping_throttle);
    CHECK(ping(Ttl{2}) == 2);
    parts.pinger.on(SharingChanged{7, 1 << 20});
    CHECK(parts.pinger.own_pong(true).files == 7);
    CHECK(says_ultrapeer(parts.pinger.own_pong(true)));
    Bytes const garbage(3, std::byte{0xFF});
    CHECK(parts.pinger.on_pong(peer, Parts::header(Function::pong, servent_of(1), Ttl{1}, Hops{0}), garbage) ==
          Fault::malformed);
}

TEST_CASE("a pong is believed only as an answer, and comes out of the cache until its link is gone") {
    Parts parts;
    Peer& source = parts.link();
    Peer& asker = parts.link();
    parts.pinger.send_ping(source, Ttl{3});
    Guid const guid = parts.sent(source).at(0).header.guid;
    wire::Pong pong = parts.pinger.own_pong(false);
    pong.endpoint = host(5);
    Bytes const bytes = wire::encode(pong);
    auto const answer = [&](Guid const& to) {
        return parts.pinger.on_pong(source, Parts::header(Function::pong, to, Ttl{1}, Hops{1}), bytes);
    };
    CHECK(answer(servent_of(77)) == Fault::none);
    CHECK(parts.hosts.cache().size() == 0);
    CHECK(answer(guid) == Fault::none);
    CHECK(parts.hosts.cache().size() == 1);
    auto const cached = [&] {
        parts.advance(std::chrono::seconds{10});
        (void)parts.pinger.on_ping(asker, Parts::header(Function::ping, servent_of(2), Ttl{3}, Hops{0}), {});
        auto count = parts.sent(asker).size();
        parts.flush();
        return count + parts.sent(asker).size();
    };
    CHECK(cached() == 2);
    parts.pinger.forget(source.id());
    CHECK(cached() == 1);
}

TEST_CASE("a datagram ping is answered once in a time, and a pong only if we had asked") {
    Parts parts;
    DatagramPinger datagrams{parts.common, parts.hosts, parts.pinger};
    parts.hosts.learn(host(1), true, at(1));
    wire::Ping ping;
    wire::add(ping.ggep, "SCP", {std::uint8_t{0}});
    Bytes const question = wire::encode_message(servent_of(3), Function::ping, Ttl{1}, Hops{0}, ping);
    datagrams.on(DatagramReceived{host(40), question});
    datagrams.on(DatagramReceived{host(40), question});
    auto const answers = parts.take<SendDatagram>();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].to == host(40));
    CHECK(parts.ctx.counters().datagrams_dropped == 1);

    datagrams.on(HostCacheFound{host(50)});
    auto const asked = parts.take<SendDatagram>();
    REQUIRE(asked.size() == 1);
    Guid const guid = wire::first_message(asked[0].bytes)->header.guid;
    wire::Pong pong;
    pong.endpoint = host(60);
    for (Guid const& to : {servent_of(4), guid}) {
        Bytes const bytes = wire::encode_message(to, Function::pong, Ttl{1}, Hops{0}, pong);
        datagrams.on(DatagramReceived{host(50), bytes});
        CHECK(parts.hosts.cache().size() == (to == guid ? 2U : 1U));
    }
    Bytes const noise(50, std::byte{1});
    datagrams.on(DatagramReceived{host(50), noise});
    CHECK(parts.ctx.counters().datagrams_dropped == 3);
}

}  // namespace hosts_and_links_test
