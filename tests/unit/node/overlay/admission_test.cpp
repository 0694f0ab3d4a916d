#include "node/overlay/admission.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "unit/node/overlay/parts.hpp"

namespace admission_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;

namespace {

std::string const agreed = "GNUTELLA/0.6 200 OK\r\n\r\n";

std::string hello(std::string const& headers = {}) {
    return "GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: True\r\n" + headers + "\r\n";
}
std::string says_servent(Guid const& servent) { return "GUID: " + servent.hex() + "\r\n"; }

struct Fixture : Parts {
    using Parts::Parts;

    Peer& arrive(Endpoint remote = {0x0A020001, 41000}) {
        PeerId const id = peers.allot();
        admission.on(Accepted{id, remote});
        return *peers.find(id);
    }
    /// A call of ours; whether it has been answered.
    Peer& call(Endpoint to, bool connected = true) {
        Peer& peer = peers.add(peers.allot(), Direction::outgoing, to);
        if (connected) admission.on(Connected{peer.id(), {0x0A000001, 5555}});
        return peer;
    }
    std::string_view say(Peer& peer, std::string_view words) {
        return as_text(admission.shake_hands(peer, as_view(words)));
    }
    Peer& arrive_and_link(Endpoint remote) {
        Peer& peer = arrive(remote);
        (void)say(peer, hello());
        (void)say(peer, agreed);
        return peer;
    }
    [[nodiscard]] static std::string status(Peer const& peer) {
        return peer.handshake ? peer.handshake->output.substr(0, 16) : "";
    }

    Lazy<RecentAddresses> crawlers;
    Admission admission{{common, hosts, pinger, role, crawlers, closer()}};
};

}  // namespace

TEST_CASE("a caller that agrees is linked, and what follows its handshake is left for the link") {
    Fixture here;
    Peer& peer = here.arrive();
    CHECK(here.peers.counts().handshaking == 1);
    auto const first =
        hello("User-Agent: " + std::string(200, 'a') + "\r\nX-Max-TTL: 3\r\nVendor-Message: 0.2\r\nX-Degree: 17\r\n" +
              says_servent(servent_of(7)));
    for (char const byte : first) {
        CHECK(peer.stage() == Stage::handshaking);
        CHECK(here.say(peer, {&byte, 1}).empty());
    }
    CHECK(here.status(peer) == "GNUTELLA/0.6 200");
    CHECK(here.take<LinkUp>().empty());
    CHECK(here.say(peer, agreed + "next") == "next");

    CHECK(peer.is_up());
    REQUIRE(here.take<LinkUp>().size() == 1);
    CHECK(here.peers.counts().handshaking == 0);
    CHECK(here.peers.counts().ultrapeers == 1);
    CHECK(peer.servent == servent_of(7));
    CHECK(peer.info.user_agent.size() == here.ctx.limits().agent_text_max);
    CHECK(peer.info.max_ttl == 3);
    CHECK(peer.info.degree == 17);
    CHECK(peer.takes_vendor);
    CHECK_FALSE(peer.takes_bye);
}

TEST_CASE("a link begins with a ping, and vendor messages for those who take them") {
    bool const takes_vendor = GENERATE(true, false);
    Fixture here;
    Peer& peer = here.arrive();
    (void)here.say(peer, hello(takes_vendor ? "Vendor-Message: 0.2\r\n" : ""));
    here.flush();  // the answer to the handshake
    here.out.clear();
    here.outbox.drained(peer);
    (void)here.say(peer, agreed);
    std::vector<Parts::Sent> sent;
    for (auto more = here.sent(peer); !more.empty(); more = here.sent(peer)) {  // what is on its way holds up the rest
        sent.insert(sent.end(), more.begin(), more.end());
        here.flush();
    }
    REQUIRE(sent.size() == (takes_vendor ? 3 : 1));
    CHECK(sent[0].header.function == static_cast<std::uint8_t>(wire::Function::ping));
    for (std::size_t i = 1; i < sent.size(); ++i)
        CHECK(sent[i].header.function == static_cast<std::uint8_t>(wire::Function::vendor));
}

TEST_CASE("what is no handshake ends the connection, and nothing is said to it") {
    Fixture here;
    Peer& peer = here.arrive();
    CHECK(here.say(peer, "\r\n\r\nmore").empty());
    CHECK(peer.closing == CloseReason::handshake_bad);
    auto const closed = here.take<Close>();
    REQUIRE(closed.size() == 1);
    CHECK_FALSE(closed[0].after_sending);
    CHECK(here.ctx.counters().handshakes_refused == 1);
    CHECK(here.peers.counts().handshaking == 0);
}

TEST_CASE("over the number of connections a caller is closed at once") {
    Config config = Parts::ultrapeer();
    config.limits.peers_max = 1;
    Fixture here{config};
    here.link();
    PeerId const id = here.peers.allot();
    here.admission.on(Accepted{id, {0x0A020001, 41000}});
    auto const closed = here.take<Close>();
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].peer == id);
    CHECK(closed[0].reason == CloseReason::no_slot);
}

TEST_CASE("a call begins the handshake when it is answered, once, and counts against the host when it is not") {
    Fixture here;
    Endpoint const to{0x0A020001, 6346};
    Peer& peer = here.call(to, false);
    here.admission.on(Connected{PeerId{999}, {}});
    CHECK_FALSE(peer.handshake);
    here.admission.on(Connected{peer.id(), {0x0A000001, 5555}});
    CHECK(here.status(peer) == "GNUTELLA CONNECT");
    CHECK(here.peers.counts().dialling == 1);
    auto const output = peer.handshake->output;
    here.admission.on(Connected{peer.id(), {0x0A000001, 5555}});
    here.admission.on(ConnectFailed{peer.id()});  // too late to be true
    CHECK(peer.stage() == Stage::handshaking);
    CHECK(peer.handshake->output == output);

    Peer& failing = here.call({0x0A020002, 6346}, false);
    here.admission.on(ConnectFailed{failing.id()});
    CHECK(failing.stage() == Stage::gone);
}

TEST_CASE("a handshake that takes too long is ended without a further word") {
    Fixture here;
    Peer& peer = here.arrive();
    (void)here.say(peer, hello());
    REQUIRE(here.status(peer) == "GNUTELLA/0.6 200");
    here.admission.on_timeout(peer);
    CHECK(peer.closing == CloseReason::handshake_timeout);
    auto const closed = here.take<Close>();
    REQUIRE(closed.size() == 1);
    CHECK_FALSE(closed[0].after_sending);
}

TEST_CASE("of two calls at the same time the one of the larger servent GUID stays") {
    std::uint64_t number = 1;
    bool const ours_is_larger = GENERATE(true, false);
    while ((Parts::ultrapeer().servent > servent_of(number)) != ours_is_larger) ++number;
    Fixture here;
    Peer& called = here.call({0x0A020001, 7000});
    Peer& calling = here.arrive({0x0A020001, 41000});
    (void)here.say(calling, hello("Node: 10.2.0.1:7000\r\n" + says_servent(servent_of(number))));
    if (ours_is_larger) {
        CHECK(here.status(calling) == "GNUTELLA/0.6 409");
        CHECK(calling.stage() == Stage::closing);
        CHECK(called.stage() == Stage::handshaking);
    } else {
        CHECK(here.status(calling) == "GNUTELLA/0.6 200");
        CHECK(called.stage() == Stage::closing);
        CHECK(called.closing == CloseReason::already_connected);
    }
}

TEST_CASE("a servent has one link, and a node does not link itself") {
    Fixture here;
    Peer& first = here.arrive();
    (void)here.say(first, hello(says_servent(servent_of(7))));
    (void)here.say(first, agreed);
    REQUIRE(first.is_up());
    Peer& second = here.arrive({0x0A020002, 41000});
    (void)here.say(second, hello(says_servent(servent_of(7))));
    CHECK(here.status(second) == "GNUTELLA/0.6 409");
    CHECK(first.is_up());

    Endpoint const own_other_address{0x0A020003, 6346};
    REQUIRE(here.hosts.learn(own_other_address, true, AddressPrefix{Address::v4(0x0A030001)}));
    Peer& self = here.call(own_other_address);
    (void)here.say(self,
                   "GNUTELLA/0.6 200 OK\r\nX-Ultrapeer: True\r\n" + says_servent(here.ctx.settings().servent) + "\r\n");
    CHECK_FALSE(self.is_up());
    CHECK_FALSE(here.hosts.learn(own_other_address, true, AddressPrefix{Address::v4(0x0A030001)}));
}

TEST_CASE("with all places taken the oldest caller of the address that holds most gives way, never one we called") {
    Config config = Parts::ultrapeer();
    config.limits.ultrapeer_links_max = 4;
    config.limits.leaves_max = 0;  // else a newcomer is advised to be a leaf
    Fixture here{config};
    constexpr std::uint32_t greedy = 0x0A020001;
    Peer& called = here.call({greedy, 6346});
    (void)here.say(called, "GNUTELLA/0.6 200 OK\r\nX-Ultrapeer: True\r\n\r\n");
    Peer& oldest = here.arrive_and_link({greedy, 41001});
    Peer& second = here.arrive_and_link({greedy, 41002});
    Peer& other = here.arrive_and_link({0x0A020002, 41000});
    REQUIRE(here.peers.counts().ultrapeers == 4);
    here.out.clear();

    Peer& of_greedy = here.arrive({greedy, 41003});
    (void)here.say(of_greedy, hello());
    CHECK(here.status(of_greedy) == "GNUTELLA/0.6 503");
    Peer& newcomer = here.arrive_and_link({0x0A020003, 41000});
    CHECK(newcomer.is_up());
    CHECK(oldest.closing == CloseReason::no_slot);
    CHECK_FALSE(oldest.is_up());
    CHECK((called.is_up() && second.is_up() && other.is_up()));
    CHECK(here.peers.counts().ultrapeers == 4);
    auto const down = here.take<LinkDown>();
    REQUIRE(down.size() == 1);
    CHECK(down[0].peer == oldest.id());
}

}  // namespace admission_test
