#include <catch2/catch.hpp>

#include "unit/node/overlay/virtual_network.hpp"

namespace handshakes_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;

namespace {

Config config_of(Mode mode = Mode::ultrapeer) {
    Config config;
    config.mode = mode;
    config.servent = servent_of(0);
    config.listen = {0x0A000001, 6346};
    return config;
}

std::string first_line(std::string const& text) { return text.substr(0, text.find("\r\n")); }
std::size_t count_lines(std::string const& text) {
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos; at += 2) ++lines;
    return lines;
}

}  // namespace

TEST_CASE("step 2 offers what strict peers want and no more headers than they read") {
    ScriptedPeer node{config_of()};
    PeerId const peer = node.accept("GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: False\r\nAccept-Encoding: deflate\r\n\r\n");
    std::string const reply = node.text(peer);
    REQUIRE(first_line(reply) == "GNUTELLA/0.6 200 OK");
    for (char const* header :
         {"X-Ultrapeer: True\r\n", "X-Degree: 32\r\n", "X-Max-TTL: 4\r\n", "X-Dynamic-Querying: 0.1\r\n",
          "X-Ultrapeer-Query-Routing: 0.1\r\n", "X-Query-Routing: 0.2\r\n", "X-Ext-Probes: 0.1\r\n", "GGEP: 0.5\r\n",
          "Vendor-Message: 0.2\r\n", "Pong-Caching: 0.1\r\n", "Bye-Packet: 0.1\r\n", "Accept-Encoding: deflate\r\n",
          "Content-Encoding: deflate\r\n", "Remote-IP: 10.1.2.3\r\n", "Node: 10.0.0.1:6346\r\n",
          "Listen-IP: 10.0.0.1:6346\r\n", "X-Requeries: False\r\n"}) {
        INFO(header);
        REQUIRE(reply.find(header) != std::string::npos);
    }
    REQUIRE(count_lines(reply) - 2 <= 28);
}

TEST_CASE("a handshake is refused with the code its reason has") {
    struct Case {
        char const* block;
        Mode mode;
        char const* status;
    };
    for (Case const& one : {Case{"X-Ultrapeer: False\r\n", Mode::leaf, "503"}, Case{"", Mode::ultrapeer, "503"},
                            Case{"X-Ultrapeer: True\r\nX-Auth-Challenge: x\r\n", Mode::ultrapeer, "403"}}) {
        ScriptedPeer node{config_of(one.mode)};
        PeerId const peer = node.accept(std::string{"GNUTELLA CONNECT/0.6\r\n"} + one.block + "\r\n");
        REQUIRE(node.text(peer).substr(13, 3) == one.status);
        REQUIRE(node.closed(peer));
    }
    ScriptedPeer node{config_of()};
    PeerId const old = node.accept("GNUTELLA CONNECT/0.4\n\n");
    REQUIRE(node.text(old).empty());
    REQUIRE(node.closed(old));
    std::string const hello = "GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: True\r\nGUID: " + servent_of(7).hex() + "\r\n\r\n";
    PeerId const first = node.accept(hello);
    node.feed(Received{first, as_view("GNUTELLA/0.6 200 OK\r\n\r\n")});
    REQUIRE(node.core.link(first));
    PeerId const second = node.accept(hello);
    REQUIRE(node.text(second).substr(13, 3) == "409");
}

TEST_CASE("a crawler hears of our neighbours, once in a while") {
    ScriptedPeer node{config_of()};
    node.link(true, "Node: 10.1.0.1:7000\r\n");
    node.link(false, "Node: 10.1.0.2:7001\r\n");
    std::string const crawl = "GNUTELLA CONNECT/0.6\r\nCrawler: 0.1\r\n\r\n";
    PeerId const one = node.accept(crawl);
    REQUIRE(node.text(one).find("Peers: 10.1.0.1:7000\r\n") != std::string::npos);
    REQUIRE(node.text(one).find("Leaves: 10.1.0.2:7001\r\n") != std::string::npos);
    node.feed(Received{one, as_view("GNUTELLA/0.6 200 OK\r\n\r\n")});
    REQUIRE(node.closed(one));
    REQUIRE_FALSE(node.core.link(one));
    REQUIRE(node.text(node.accept(crawl)).substr(13, 3) == "403");
    node.tick(300s);
    REQUIRE(node.text(node.accept(crawl)).substr(13, 3) == "200");
}

TEST_CASE("a handshake that trickles or never ends is cut") {
    ScriptedPeer node{config_of()};
    PeerId const slow = node.accept("GNUTELLA CONNECT/0.6\r\n");
    for (int i = 0; i < 9; ++i) {
        node.now += 1s;
        node.feed(Received{slow, as_view("X: y\r\n")});
    }
    REQUIRE_FALSE(node.closed(slow));
    REQUIRE(node.core.next_deadline() <= Instant{} + 10s);
    node.tick(1s);
    REQUIRE(node.closed(slow));
    // Whoever has said its first block gets the rest of a minute.
    PeerId const undecided = node.accept("GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: True\r\n\r\n");
    for (int i = 0; i < 59; ++i) node.tick(1s);
    REQUIRE_FALSE(node.closed(undecided));
    node.tick(1s);
    REQUIRE(node.closed(undecided));
    PeerId const endless = node.accept("GNUTELLA CONNECT/0.6\r\n");
    for (int i = 0; i < 200 && !node.closed(endless); ++i)
        node.feed(Received{endless, as_view("X-Header: and so on and on\r\n")});
    REQUIRE(node.closed(endless));
    PeerId const wide = node.accept("GNUTELLA CONNECT/0.6\r\nX: " + std::string(5000, 'a'));
    REQUIRE(node.closed(wide));
}

TEST_CASE("unfinished handshakes are bounded") {
    Config config = config_of();
    config.limits.handshaking_max = 10;
    config.limits.handshaking_per_address_max = 6;
    ScriptedPeer node{config};
    std::vector<PeerId> greedy;
    for (int i = 0; i < 8; ++i) greedy.emplace_back(node.accept("GNUTELLA CONN"));
    for (std::size_t i = 0; i < 8; ++i) REQUIRE(node.closed(greedy[i]) == (i < 2));  // over its own limit
    for (std::uint32_t i = 0; i < 4; ++i)
        REQUIRE_FALSE(node.closed(node.accept("GNUTELLA CONN", {0x0A020000 + i, 41000})));
    REQUIRE_FALSE(node.closed(greedy[2]));
    PeerId const honest = node.accept("GNUTELLA CONN", {0x0A030000, 41000});
    REQUIRE(node.closed(greedy[2]));  // the oldest of the address that holds most
    REQUIRE_FALSE(node.closed(greedy[3]));
    // It is let in though the others go on.
    for (int i = 0; i < 50; ++i) node.accept("GNUTELLA CONN");
    node.feed(Received{honest, as_view("ECT/0.6\r\nX-Ultrapeer: True\r\n\r\n")});
    for (int i = 0; i < 50; ++i) node.accept("GNUTELLA CONN");
    node.feed(Received{honest, as_view("GNUTELLA/0.6 200 OK\r\n\r\n")});
    REQUIRE(node.core.link(honest));
}

TEST_CASE("one address cannot hold all places for links") {
    for (bool const ultrapeer : {true, false}) {
        Config config = config_of();
        config.limits.leaves_max = config.limits.ultrapeer_links_max = 12;
        ScriptedPeer node{config};
        std::string const hello =
            std::string{"GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: "} + (ultrapeer ? "True" : "False") + "\r\n\r\n";
        std::string const taken = "GNUTELLA/0.6 200 OK\r\n\r\n";
        std::vector<PeerId> links;
        auto const come = [&](std::uint32_t address) {
            PeerId const peer = node.accept(hello, {address, 41000});
            node.feed(Received{peer, as_view(taken)});
            links.emplace_back(peer);
            return node.core.link(peer) != nullptr;
        };
        for (int i = 0; i < 12; ++i) REQUIRE(come(0x0A020001));
        REQUIRE_FALSE(come(0x0A020001));
        for (std::uint32_t i = 0; i < 9; ++i) REQUIRE(come(0x0A030000 + i));
        for (std::size_t i = 0; i < 12; ++i) REQUIRE((node.core.link(links[i]) == nullptr) == (i < 9));
        REQUIRE_FALSE(come(0x0A040000));  // three of twelve are its share
        REQUIRE(node.core.links().size() == 12);
    }
}

TEST_CASE("an ultrapeer that advises us to be a leaf is kept unless it is one of ours") {
    struct Case {
        char const* headers;
        char const* status;
    };
    for (Case const& one : {Case{"User-Agent: LimeWire/5.6\r\n", "200"}, Case{"X-Praline: 1\r\n", "403"}}) {
        ScriptedPeer node{config_of()};
        node.feed(UserConnect{{0x0A040404, 6346}});
        PeerId const peer = node.all<Connect>().at(0).peer;
        node.feed(Connected{peer, {0x0A000001, 5555}});
        node.out[peer].clear();
        node.feed(Received{
            peer, as_view(std::string{"GNUTELLA/0.6 200 OK\r\nX-Ultrapeer: True\r\nX-Ultrapeer-Needed: False\r\n"} +
                          one.headers + "\r\n")});
        REQUIRE(node.text(peer).substr(13, 3) == one.status);
        REQUIRE(node.text(peer).find("X-Ultrapeer: False") == std::string::npos);
        REQUIRE((node.core.link(peer) != nullptr) == (std::string_view{one.status} == "200"));
        REQUIRE(node.core.role() == Role::ultrapeer);
    }
}

TEST_CASE("a peer that the user named is called until it is forgotten") {
    Endpoint const named{0x0A040404, 6346};
    ScriptedPeer node{config_of()};
    std::size_t failed = 0;
    auto const calls_within_an_hour = [&] {
        std::size_t const before = node.all<Connect>().size();
        for (int minutes = 0; minutes < 60; ++minutes) {
            for (auto const& calls = node.all<Connect>(); failed < calls.size(); ++failed)
                node.feed(ConnectFailed{calls[failed].peer});
            node.tick(1min);
        }
        return node.all<Connect>().size() - before;
    };
    node.feed(UserConnect{named});
    REQUIRE(calls_within_an_hour() > 10);
    node.feed(UserForget{named});
    REQUIRE(calls_within_an_hour() <= 1);  // one may have been under way
    REQUIRE(calls_within_an_hour() == 0);
    node.feed(UserConnect{named});
    REQUIRE(calls_within_an_hour() > 10);
}

TEST_CASE("a listening address is read under each of its names") {
    for (char const* name : {"Node", "Listen-IP", "X-My-Address"}) {
        ScriptedPeer node{config_of()};
        PeerId const peer = node.link(true, std::string{name} + ": 10.1.0.1:7000\r\n");
        REQUIRE(bool{node.core.link(peer)->listening() == Endpoint{0x0A010001, 7000}});
    }
}

}  // namespace handshakes_test
