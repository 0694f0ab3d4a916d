#include <catch2/catch.hpp>

#include <deque>

#include "unit/node/overlay/virtual_network.hpp"

namespace simulation_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;

namespace {

constexpr std::size_t node_count = 20;

/// PRALINE_OVERLAY_SEEDS asks for more seeds, PRALINE_OVERLAY_FIRST begins elsewhere.
template <class Act>
void for_each_seed(std::uint64_t usual, Act act) {
    auto const first = praline::test::number_from("PRALINE_OVERLAY_FIRST", 1);
    auto const seeds = praline::test::number_from("PRALINE_OVERLAY_SEEDS", usual);
    for (auto seed = first; seed < first + seeds; ++seed) {
        INFO("PRALINE_OVERLAY_FIRST=" << seed << " PRALINE_OVERLAY_SEEDS=1");
        act(seed);
    }
}

/// A node of the run: bounded tables small enough to be reached.
Config small_config(Network& net, std::size_t number, std::vector<Endpoint> peers) {
    Config config = net.config(number, number % 5 == 4   ? Mode::leaf
                                       : number % 5 == 3 ? Mode::automatic
                                                         : Mode::ultrapeer);
    config.peers = std::move(peers);
    config.deflate = number % 4 != 0;
    config.limits.ultrapeer_links_wanted = 4;
    config.limits.ultrapeer_links_max = 6;
    config.limits.leaves_max = 4;
    config.limits.hosts_max = 15;
    config.limits.routes_max = 100;
    // A query may come by a long way first, so that only one with a TTL for the longest reaches all for certain.
    config.limits.max_ttl = node_count;
    config.limits.hard_ttl_max = 2 * node_count;
    return config;
}

void check_safety(Network const& net) {
    for (auto const& node : net.nodes) {
        std::set<Guid> seen;
        for (QueryArrived const& query : node.queries) REQUIRE((query.again || seen.insert(query.guid).second));
        REQUIRE(node.core->hosts().size() <= 15);
        REQUIRE(node.core->links().size() <= 6 + 4 + node_count);
        for (LinkInfo const& link : node.core->links()) REQUIRE(link.queued_bytes <= 64 * 1024);
    }
    REQUIRE(net.overlapping_transmits == 0);
}

/// Distance from `from` over links between ultrapeers, as queries go; empty: not reached.
std::vector<std::optional<std::size_t>> distances(Network const& net, std::size_t from) {
    std::vector<std::optional<std::size_t>> far(net.nodes.size());
    std::deque<std::size_t> queue{from};
    far[from] = 0;
    while (!queue.empty()) {
        std::size_t const at = queue.front();
        queue.pop_front();
        if (at != from && net.nodes[at].core->role() == Role::leaf) continue;
        for (LinkInfo const& link : net.nodes[at].core->links()) {
            if (at != from && link.kind != LinkKind::to_ultrapeer) continue;
            for (std::size_t to = 0; to < net.nodes.size(); ++to) {
                bool const there = net.nodes[to].alive && net.nodes[to].endpoint.address == link.remote.address;
                if (there && !far[to]) {
                    far[to] = *far[at] + 1;
                    queue.emplace_back(to);
                }
            }
        }
    }
    return far;
}

void misbehave(Network& net, Rng& rng) {
    std::size_t const number = rng.below(node_count);
    switch (rng.below(6)) {
        case 0: net.ask(number, "words to find"); break;
        case 1: net.cut.insert(std::minmax(number, static_cast<std::size_t>(rng.below(node_count)))); break;
        case 2: {
            auto const links = net.nodes[number].core->links();
            if (!links.empty()) net.feed(number, UserDisconnect{links[rng.below(links.size())].peer});
            break;
        }
        case 3: {  // garbage on a link
            auto const links = net.nodes[number].core->links();
            Bytes garbage(rng.below(200));
            for (std::byte& byte : garbage) byte = static_cast<std::byte>(rng.below(256));
            if (!links.empty()) net.feed(number, Received{links[rng.below(links.size())].peer, garbage});
            break;
        }
        case 4: net.kill(number); break;
        default: net.nodes[number].answers = true; break;
    }
}

}  // namespace

TEST_CASE("twenty nodes survive churn and garbage, and once it ends a query reaches all", "[simulation]") {
    for_each_seed(6, [](std::uint64_t seed) {
        Rng rng{seed, 7};
        Network net{seed};
        net.chunk_max = 200;
        for (std::size_t i = 0; i < node_count; ++i) {
            net.add(small_config(
                net, i, i == 0 ? std::vector<Endpoint>{} : std::vector{Network::address(rng.below(i) / 5 * 5)}));
        }
        net.run(20s);
        // Act one: safety.
        for (int i = 0; i < 60; ++i) {
            misbehave(net, rng);
            net.run(std::chrono::seconds{rng.below(20)});
            check_safety(net);
        }
        // Act two: the network heals.
        net.cut.clear();
        for (std::size_t i = 0; i < node_count; ++i) {
            if (net.nodes[i].alive) {
                if (i > 0) net.feed(i, UserConnect{Network::address(i / 5 * 5 == i ? 0 : i / 5 * 5)});
                continue;
            }
            Network::Node& node = net.nodes[i];
            node = Network::Node{};
            node.endpoint = Network::address(i);
            Config config = small_config(
                net, i,
                i == 0 ? std::vector<Endpoint>{} : std::vector{Network::address(i / 5 * 5 == i ? 0 : i / 5 * 5)});
            node.core = std::make_unique<Overlay>(std::move(config), Rng{rng.next()});
            net.feed(i, Start{});
        }
        net.run(400s);
        for (std::size_t i = 0; i < node_count; ++i) REQUIRE(net.links(i) >= 1);
        auto const far = distances(net, 0);
        std::size_t reachable = 0;
        for (auto& node : net.nodes) node.queries.clear();
        Guid const guid = net.ask(0, "is everybody there", Ttl{node_count});
        REQUIRE(net.settle());
        for (std::size_t i = 1; i < node_count; ++i) {
            bool const here = std::any_of(net.nodes[i].queries.begin(), net.nodes[i].queries.end(),
                                          [&](auto const& one) { return one.guid == guid; });
            // A leaf is behind its table, which the test does not send; ours alone gets it from us.
            if (net.nodes[i].core->role() == Role::leaf) continue;
            REQUIRE(far[i]);
            INFO("node " << i << " at distance " << *far[i]);
            REQUIRE(here);
            ++reachable;
        }
        REQUIRE(reachable >= 8);
        check_safety(net);
    });
}

TEST_CASE("hits of walkers come back round a ring of forty nodes, farther than a flood may reach", "[simulation]") {
    constexpr std::size_t around = 40;
    for_each_seed(3, [](std::uint64_t seed) {
        Network net{seed};
        for (std::size_t i = 0; i < around; ++i) {
            Config config = net.config(i);
            config.limits.ultrapeer_links_wanted = 0;
            config.deflate = i % 2 == 0;
            if (i > 0) config.peers.emplace_back(Network::address(i - 1));
            if (i + 1 == around) config.peers.emplace_back(Network::address(0));
            net.add(std::move(config));
        }
        net.chunk_max = 200;
        net.run(30s);
        for (std::size_t i = 0; i < around; ++i) REQUIRE(net.links(i) == 2);
        net.nodes[20].answers = net.nodes[39].answers = true;
        Guid const guid = net.ask_walking(0, "far away", 1, 400);
        REQUIRE(net.settle(2'000'000));
        // One that goes straight on comes round ten times, and every node answers once.
        CHECK(net.steps == 400);
        std::set<std::size_t> hops;
        for (HitArrived const& hit : net.nodes[0].hits) {
            CHECK(hit.guid == guid);
            hops.insert(hit.hops.value());
        }
        // Whichever way round: the opposite node is twenty hops away, the neighbour one or thirty-nine.
        CHECK(net.nodes[0].hits.size() == 2);
        CHECK(hops.contains(20));
        CHECK(hops.size() == 2);
        for (auto const& node : net.nodes) CHECK(node.core->counters().dropped_ttl == 0);
    });
}

TEST_CASE("walkers with endless life cost no more than the steps a link may bring, whatever happens to the network",
          "[simulation]") {
    for_each_seed(4, [](std::uint64_t seed) {
        Network net{seed};
        Rng rng{seed * 77};
        for (std::size_t i = 0; i < node_count; ++i) {
            // A ring and some chords, so that no walker ends for want of a way.
            Config config = net.config(i);
            config.limits.ultrapeer_links_wanted = 0;
            config.limits.hosts_max = 15;
            if (i > 0) config.peers = {Network::address(i - 1), Network::address(rng.below(i))};
            if (i + 1 == node_count) config.peers.emplace_back(Network::address(0));
            config.limits.steps_per_second = 1;
            config.limits.steps_burst = 50;
            net.add(std::move(config));
        }
        net.run(60s);
        for (int i = 0; i < 4; ++i) net.ask_walking(rng.below(node_count), "for ever", 32, 0xFFFFFFFF);
        REQUIRE(net.settle(2'000'000));
        std::size_t links = 0;
        for (std::size_t i = 0; i < node_count; ++i) links += net.links(i);
        CHECK(net.steps > 128);
        CHECK(net.steps <= links * 50 + 4 * node_count);
        std::uint64_t over = 0;
        for (auto const& node : net.nodes) over += node.core->counters().of(Kind::query, DropReason::over_rate);
        CHECK(over == 128);  // that is how they all end
        for (int round = 0; round < 20; ++round) misbehave(net, rng);
        REQUIRE(net.settle(2'000'000));
        check_safety(net);
    });
}

TEST_CASE("the same seed gives the same run", "[simulation]") {
    auto const run = [] {
        Network net{9};
        for (std::size_t i = 0; i < 8; ++i) net.add(small_config(net, i, {Network::address(0)}));
        net.run(100s);
        net.ask(3, "the same words");
        net.settle();
        std::vector<std::uint64_t> numbers;
        for (auto const& node : net.nodes) {
            for (LinkInfo const& link : node.core->links()) {
                numbers.emplace_back(link.peer.value());
                numbers.emplace_back(link.bytes_in);
                numbers.emplace_back(link.bytes_out);
            }
        }
        return numbers;
    };
    REQUIRE(run() == run());
}

}  // namespace simulation_test
