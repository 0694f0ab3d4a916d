#include <catch2/catch.hpp>

#include "unit/node/overlay/virtual_network.hpp"

namespace network_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;

namespace {

/// Nobody connects to hosts it was not told of by name.
Config lonely(Network& net, std::size_t number, std::vector<Endpoint> peers, Mode mode = Mode::ultrapeer) {
    Config config = net.config(number, mode);
    config.accept_private = false;
    config.peers = std::move(peers);
    return config;
}

void add_line(Network& net, std::size_t count, bool deflate = true) {
    for (std::size_t i = 0; i < count; ++i) {
        Config config = lonely(net, i, i == 0 ? std::vector<Endpoint>{} : std::vector{Network::address(i - 1)});
        config.deflate = deflate;
        net.add(std::move(config));
    }
    net.settle();
}

}  // namespace

TEST_CASE("a line of five forwards a query and brings the hit back, however the bytes are cut") {
    for (bool const deflate : {true, false}) {
        for (std::size_t const chunk : {0U, 1U, 7U, 100U}) {
            Network net{chunk + 3};
            net.chunk_max = chunk;
            add_line(net, 5, deflate);
            for (std::size_t i = 0; i < 5; ++i) REQUIRE(net.links(i) == (i == 0 || i == 4 ? 1 : 2));
            LinkInfo const link = net.nodes[0].core->links().front();
            REQUIRE(link.deflate_in == deflate);
            REQUIRE(link.deflate_out == deflate);
            net.nodes[4].answers = true;
            Guid const guid = net.ask(0, "some words");
            REQUIRE(net.settle());
            for (std::size_t i = 1; i < 5; ++i) {
                REQUIRE(net.nodes[i].queries.size() == 1);
                REQUIRE(net.nodes[i].queries[0].hops == Hops{static_cast<std::uint8_t>(i)});
                REQUIRE(net.nodes[i].queries[0].ttl == Ttl{static_cast<std::uint8_t>(4 - i)});
                REQUIRE(net.nodes[i].queries[0].query->query.text == "some words");
            }
            REQUIRE(net.nodes[0].hits.size() == 1);
            REQUIRE(net.nodes[0].hits[0].guid == guid);
            REQUIRE(net.nodes[0].hits[0].hops == Hops{4});
            REQUIRE(net.nodes[0].hits[0].hit.records[0].name == "a file.txt");
            REQUIRE(net.overlapping_transmits == 0);
        }
    }
}

TEST_CASE("a push finds its way along the way its hits came") {
    Network net;
    add_line(net, 4);
    net.nodes[3].answers = true;
    net.ask(0, "some words");
    net.settle();
    net.feed(0, SendPush{servent_of(3), 5, Network::address(0)});
    net.settle();
    REQUIRE(net.nodes[3].pushes.size() == 1);
    REQUIRE(net.nodes[3].pushes[0].call_back == Network::address(0));
    REQUIRE(net.nodes[3].pushes[0].file_index == 5);
    REQUIRE(net.nodes[1].core->counters().pushes_forwarded == 1);
    net.feed(0, SendPush{servent_of(99), 5, Network::address(0)});
    net.settle();
    REQUIRE(net.nodes[3].pushes.size() == 1);
}

TEST_CASE("in a ring a query comes to everybody once") {
    Network net;
    for (std::size_t i = 0; i < 5; ++i) net.add(lonely(net, i, {Network::address((i + 4) % 5)}));
    net.run(10s);
    for (std::size_t i = 0; i < 5; ++i) REQUIRE(net.links(i) == 2);
    net.ask(0, "some words");
    net.settle();
    REQUIRE(net.nodes[0].queries.empty());
    std::uint64_t duplicates = 0;
    for (std::size_t i = 1; i < 5; ++i) {
        REQUIRE(net.nodes[i].queries.size() == 1);
        duplicates += net.nodes[i].core->counters().query_duplicates;
    }
    REQUIRE(duplicates + net.nodes[0].core->counters().query_duplicates > 0);
    for (auto const& node : net.nodes) REQUIRE(node.downs.empty());
}

TEST_CASE("two that call each other at the same time end with one link") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Network net{seed};
        net.chunk_max = 50;
        net.add(lonely(net, 0, {Network::address(1)}));
        net.add(lonely(net, 1, {Network::address(0)}));
        net.run(20s);
        REQUIRE(net.links(0) == 1);
        REQUIRE(net.links(1) == 1);
    }
}

TEST_CASE("a leaf has its few ultrapeers and is shielded from others") {
    Network net;
    for (std::size_t i = 0; i < 6; ++i) net.add(lonely(net, i, {}));
    std::vector<Endpoint> all;
    for (std::size_t i = 0; i < 6; ++i) all.emplace_back(Network::address(i));
    Config config = net.config(6, Mode::leaf);
    config.peers = {all[0]};
    std::size_t const leaf = net.add(std::move(config));
    net.feed(leaf, HostsFound{all});
    net.run(300s);
    REQUIRE(net.nodes[leaf].core->role() == Role::leaf);
    REQUIRE(net.links(leaf) == 4);
    REQUIRE(net.nodes[0].core->links().front().kind == LinkKind::to_leaf);
    REQUIRE(net.nodes[0].core->links().front().query_routing);
    // Another ultrapeer calls the leaf, which has enough, and is sent away.
    Config caller = net.config(7);
    caller.peers = {Network::address(leaf)};
    std::size_t const other = net.add(std::move(caller));
    net.run(2s);
    REQUIRE(net.links(leaf) == 4);
    REQUIRE(net.nodes[leaf].core->counters().handshakes_refused > 0);
    // ... but learnt of the leaf's ultrapeers.
    REQUIRE(net.nodes[other].core->hosts().size() >= 4);
}

TEST_CASE("two leaves part, and a leaf without an ultrapeer accepts one that calls") {
    Network net;
    net.add(lonely(net, 0, {}, Mode::leaf));
    net.add(lonely(net, 1, {Network::address(0)}, Mode::leaf));
    net.run(3s);
    REQUIRE(net.links(0) == 0);
    net.add(lonely(net, 2, {Network::address(0)}));
    net.run(1s);
    REQUIRE(net.links(0) == 1);
    REQUIRE(net.nodes[2].core->links().front().kind == LinkKind::to_leaf);
}

TEST_CASE("a leaf relays nothing") {
    Network net;
    net.add(lonely(net, 0, {}));
    net.add(lonely(net, 1, {}));
    net.add(lonely(net, 2, {Network::address(0), Network::address(1)}, Mode::leaf));
    net.run(2s);
    REQUIRE(net.links(2) == 2);
    net.ask(0, "some words");
    net.settle();
    REQUIRE(net.nodes[2].queries.size() == 1);
    REQUIRE(net.nodes[2].queries[0].ttl == Ttl{0});
    REQUIRE(net.nodes[1].queries.empty());
}

TEST_CASE("whoever is refused hears of others and goes there") {
    Network net;
    Config full = net.config(0);
    full.limits.ultrapeer_links_max = 1;
    full.limits.leaves_max = 0;
    net.add(std::move(full));
    net.add(Mode::ultrapeer, {Network::address(0)});
    net.run(1s);
    REQUIRE(net.links(0) == 1);
    net.add(Mode::ultrapeer, {Network::address(0)});
    net.run(5s);
    REQUIRE(net.links(0) == 1);
    REQUIRE(net.links(2) == 1);
    REQUIRE(net.nodes[2].core->links().front().remote == Network::address(1));
}

TEST_CASE("an automatic newcomer that is not needed becomes a leaf, and an ultrapeer again when it is alone") {
    Network net;
    Config full = net.config(0);
    full.limits.ultrapeer_links_max = 0;
    net.add(std::move(full));
    Config newcomer = lonely(net, 1, {Network::address(0)}, Mode::automatic);
    net.add(std::move(newcomer));
    net.run(5s);
    REQUIRE(net.nodes[1].core->role() == Role::leaf);
    REQUIRE(net.nodes[1].roles.size() == 1);
    REQUIRE(net.nodes[0].core->links().front().kind == LinkKind::to_leaf);
    net.kill(0);
    net.run(200s);
    REQUIRE(net.nodes[1].core->role() == Role::ultrapeer);
}

TEST_CASE("a private network of automatic nodes forms from one known address") {
    Network net;
    net.add(Mode::automatic);
    for (std::size_t i = 1; i < 6; ++i) net.add(Mode::automatic, {Network::address(0)});
    net.run(200s);
    for (std::size_t i = 0; i < 6; ++i) {
        REQUIRE(net.nodes[i].core->role() == Role::ultrapeer);
        REQUIRE(net.links(i) == 5);
    }
}

TEST_CASE("a node that calls itself notices and gives up") {
    Network net;
    Config config = net.config(0);
    config.listen = {0x0A000099, 1};
    net.add(std::move(config));
    net.nodes[0].endpoint = Network::address(0);
    net.feed(0, UserConnect{Network::address(0)});
    net.run(100s);
    REQUIRE(net.links(0) == 0);
    REQUIRE(net.nodes[0].core->counters().handshakes_refused <= 2);
}

TEST_CASE("shutting down says goodbye to everybody") {
    Network net;
    add_line(net, 3);
    net.feed(1, Shutdown{});
    net.settle();
    for (std::size_t const end : {0U, 2U}) {
        REQUIRE(net.nodes[end].downs.size() == 1);
        REQUIRE(net.nodes[end].downs[0].reason == CloseReason::bye_received);
        REQUIRE(net.nodes[end].downs[0].text.substr(0, 3) == "200");
    }
    REQUIRE(net.links(1) == 0);
}

TEST_CASE("a link whose other end has vanished is given up after its alive pings") {
    Network net;
    add_line(net, 2);
    net.nodes[1].alive = false;  // its socket stays open, but nobody answers
    net.run(150s);
    REQUIRE(net.nodes[0].downs.size() == 1);
    REQUIRE(net.nodes[0].downs[0].reason == CloseReason::idle);
}

TEST_CASE("idle links stay up for an hour") {
    Network net;
    add_line(net, 3);
    net.run(3600s);
    for (auto const& node : net.nodes) REQUIRE(node.downs.empty());
    REQUIRE(net.nodes[0].core->links().front().messages_in < 3600 / 20 * 3);
}

}  // namespace network_test
