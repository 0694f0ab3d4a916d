#include "node/net/named_peers.hpp"

#include <catch2/catch.hpp>

namespace named_peers_test {
using namespace praline;
using namespace praline::net;
using namespace std::chrono_literals;
using State = NamedPeer::State;

namespace {

constexpr Instant start{std::chrono::hours{1}};
Endpoint const there{0xC0000201, 6346};

}  // namespace

TEST_CASE("a name is a host and a port") {
    for (auto const* good : {"192.0.2.1:6346", "localhost:1", "node.example.org:65535"})
        CHECK(NamedPeers::is_name(good));
    for (auto const* bad : {"", "localhost", ":6346", "localhost:", "localhost:0", "localhost:65536", "a b:1",
                            "http://x:1", "::1:6346"}) {
        INFO(bad);
        CHECK_FALSE(NamedPeers::is_name(bad));
    }
}

TEST_CASE("an address needs no look-up") {
    NamedPeers peers;
    REQUIRE(peers.add("192.0.2.1:6346", start));
    CHECK(peers.due(start).empty());
    CHECK(peers.list().at(0).endpoint == there);
    CHECK(peers.list().at(0).state == State::connecting);
}

TEST_CASE("a name that cannot be looked up is tried again, later each time, and for ever") {
    NamedPeers peers;
    REQUIRE(peers.add("nowhere.invalid:6346", start));
    Instant now = start;
    auto wait = std::chrono::seconds{NamedPeers::look_up_again_first};
    for (int round = 0; round < 20; ++round) {
        REQUIRE(peers.due(now) == std::vector<std::string>{"nowhere.invalid:6346"});
        REQUIRE(peers.due(now + 1h).empty());  // it is under way
        CHECK(peers.not_found("nowhere.invalid:6346", "Host not found.", now) == (round == 0));
        REQUIRE(peers.list().at(0).state == State::waiting);
        REQUIRE(peers.list().at(0).problem == "Host not found.");
        CHECK(peers.due(now + wait - 1s).empty());
        now += wait;
        wait = std::min(2 * wait, std::chrono::seconds{NamedPeers::look_up_again_max});
    }
    (void)peers.due(now);
    CHECK(peers.found("nowhere.invalid:6346", there));
    CHECK(peers.list().at(0).state == State::connecting);
    CHECK(peers.list().at(0).problem.empty());
    CHECK(peers.due(now + 24h).empty());
}

TEST_CASE("why a call failed is kept until the peer is connected, or named again") {
    NamedPeers peers;
    REQUIRE(peers.add("192.0.2.1:6346", start));
    peers.failed({there.address, 1}, "somebody else");
    CHECK(peers.list().at(0).problem.empty());
    peers.failed(there, "It refuses.");
    CHECK(peers.list().at(0).state == State::failed);
    CHECK(peers.list().at(0).problem == "It refuses.");
    REQUIRE(peers.add("192.0.2.1:6346", start));
    CHECK(peers.list().size() == 1);
    CHECK(peers.list().at(0).state == State::connecting);
    peers.failed(there, "It refuses.");
    peers.connected(there);
    CHECK(peers.list().at(0).problem.empty());
    peers.forget(there);
    CHECK(peers.list().empty());
}

TEST_CASE("a peer is forgotten by its name, or by its address if no name is the same") {
    NamedPeers peers;
    REQUIRE(peers.add("node.invalid:6346", start));
    REQUIRE(peers.add("192.0.2.1:6346", start));
    REQUIRE(peers.due(start) == std::vector<std::string>{"node.invalid:6346"});
    REQUIRE(peers.found("node.invalid:6346", there));
    CHECK_FALSE(peers.forget("other.invalid:6346"));
    CHECK_FALSE(peers.forget("192.0.2.1:6347"));
    CHECK_FALSE(peers.forget(""));
    CHECK(peers.forget("192.0.2.1:6346").value().name == "192.0.2.1:6346");
    CHECK(peers.has(there));
    CHECK(peers.forget("192.0.2.1:6346").value().name == "node.invalid:6346");
    CHECK_FALSE(peers.has(there));
    CHECK(peers.list().empty());
}

TEST_CASE("an address that is found for a forgotten name is not kept") {
    NamedPeers peers;
    REQUIRE(peers.add("node.invalid:6346", start));
    REQUIRE(peers.due(start).size() == 1);
    REQUIRE(peers.forget("node.invalid:6346"));
    CHECK_FALSE(peers.found("node.invalid:6346", there));
    CHECK_FALSE(peers.not_found("node.invalid:6346", "Host not found.", start));
    CHECK(peers.list().empty());
}

TEST_CASE("named again, a name that waits is looked up at once") {
    NamedPeers peers;
    REQUIRE(peers.add("nowhere.invalid:6346", start));
    for (int round = 0; round < 5; ++round) {
        (void)peers.due(start + 24h * round);
        peers.not_found("nowhere.invalid:6346", "Host not found.", start + 24h * round);
    }
    REQUIRE(peers.due(start + 97h).size() == 1);
    peers.not_found("nowhere.invalid:6346", "Host not found.", start + 97h);
    REQUIRE(peers.due(start + 97h + 1s).empty());
    REQUIRE(peers.add("nowhere.invalid:6346", start + 97h + 1s));
    CHECK(peers.list().at(0).problem.empty());
    CHECK(peers.due(start + 97h + 1s).size() == 1);
}

TEST_CASE("no more peers are kept than there is room for") {
    NamedPeers peers;
    for (std::size_t i = 0; i < NamedPeers::peers_max; ++i)
        REQUIRE(peers.add("node" + std::to_string(i) + ".invalid:1", start));
    CHECK_FALSE(peers.add("one.more:1", start));
    CHECK(peers.add("node0.invalid:1", start));
    CHECK(peers.list().size() == NamedPeers::peers_max);
}

}  // namespace named_peers_test
