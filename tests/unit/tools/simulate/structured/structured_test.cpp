#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

#include "tools/simulate/structured/lookups.hpp"

namespace praline::simulate::structured::structured_test {

namespace {

Outcome ask(std::string_view overlay, Node nodes, double failed = 0, unsigned dims = 2, std::uint64_t lookups = 5000,
            std::uint64_t seed = 1) {
    Experiment experiment;
    experiment.settings.nodes = nodes;
    experiment.settings.dims = dims;
    experiment.settings.seed = seed;
    experiment.failed = failed;
    experiment.lookups = lookups;
    return look_up(*overlay_named(overlay)->make(experiment.settings), experiment);
}

}  // namespace

TEST_CASE("every lookup ends at the node that has the key, in overlays of every size") {
    for (auto const& overlay : overlays()) {
        for (Node const nodes : {1U, 2U, 3U, 10U, 17U, 18U, 40U, 300U}) {
            INFO(overlay.name << " of " << nodes);
            auto const outcome = ask(overlay.name, nodes, 0, 2, 500);
            CHECK(outcome.success_rate == 1);
            CHECK(outcome.timeouts_mean == 0.0);
            CHECK(outcome.entries_mean <= nodes - 1);
        }
    }
}

TEST_CASE("owners are as the definitions say, also among those that are up") {
    Settings settings;
    settings.nodes = 60;
    auto const keys = keys_of(settings);
    Live const live{60, 0.4, Rng{7}};
    CHECK(live.all_up().size() == 36);
    auto const chord = make_chord(settings), kademlia = make_kademlia(settings), pastry = make_pastry(settings),
               by_key = make_key(settings);
    Rng chance{3};
    for (int i = 0; i < 500; ++i) {
        Key const key = chance.next();
        auto const least = [&](auto const& far) {
            return *std::min_element(live.all_up().begin(), live.all_up().end(),
                                     [&](Node one, Node other) { return far(keys[one]) < far(keys[other]); });
        };
        CHECK(chord->owner(key, live) == least([&](Key one) { return one - key; }));
        CHECK(kademlia->owner(key, live) == least([&](Key one) { return one ^ key; }));
        CHECK(pastry->owner(key, live) == least([&](Key one) { return std::min(one - key, key - one); }));
        CHECK(by_key->owner(key, live) == pastry->owner(key, live));
    }
}

TEST_CASE("the root of a key has its digits, and the next that somebody has where nobody has one") {
    Settings settings;
    settings.nodes = 40;
    auto const keys = keys_of(settings);
    Live const live{40, 0.3, Rng{7}};
    auto const tapestry = make_tapestry(settings);
    Rng chance{5};
    for (int i = 0; i < 500; ++i) {
        Key const key = chance.next();
        std::vector<Node> left = live.all_up();
        for (unsigned shift = key_bits - 4; left.size() > 1; shift -= 4)
            for (Key step = 0; step < 16; ++step) {
                Key const digit = ((key >> shift) + step) % 16;
                std::vector<Node> some;
                for (Node const one : left)
                    if ((keys[one] >> shift) % 16 == digit) some.push_back(one);
                if (some.empty()) continue;
                left = some;
                break;
            }
        CHECK(tapestry->owner(key, live) == left.front());
    }
}

TEST_CASE("nodes that are far from each other know each other, too") {
    for (auto const& overlay : overlays()) {
        std::istringstream matrix{"0 1000000000\n1000000000 0\n"};
        Experiment experiment;
        experiment.settings.nodes = 100;
        experiment.settings.underlay = read_matrix(100, 1, matrix, "m");
        experiment.lookups = 500;
        CHECK(look_up(*overlay.make(experiment.settings), experiment).success_rate == 1);
    }
}

TEST_CASE("Tapestry needs about log16 N hops, and its spare links save most lookups from failures") {
    auto const before = ask("tapestry", 5000), after = ask("tapestry", 5000, 0.2);
    CHECK(*before.hops_mean == Approx(std::log2(5000.0) / 4).margin(0.3));
    CHECK(*before.stretch_mean < 1.6);
    CHECK(after.success_rate > 0.95);
    CHECK(after.success_rate < 1);
    CHECK(*after.timeouts_mean > 0.3);
}

TEST_CASE("requests by key come to the nearest node in few hops, also around those that have failed") {
    auto const small = ask("key", 300), large = ask("key", 5000), failed = ask("key", 5000, 0.2);
    CHECK(large.success_rate > 0.99);
    CHECK(failed.success_rate > 0.95);
    CHECK(*large.hops_mean > *small.hops_mean);
    CHECK(*large.hops_mean < std::log2(5000.0));
    CHECK(large.entries_mean <= 64);
}

TEST_CASE("Chord's hops and time-outs are those of its table for 1,000 nodes with failures") {
    struct Row {
        double failed, hops, timeouts;
    };
    for (auto const& row : {Row{0, 3.84, 0}, Row{0.1, 4.03, 0.60}, Row{0.2, 4.22, 1.17}, Row{0.3, 4.44, 2.02},
                            Row{0.4, 4.69, 3.23}, Row{0.5, 5.09, 5.10}}) {
        INFO("failed " << row.failed);
        double hops = 0, timeouts = 0;
        constexpr std::uint64_t seeds = 8;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            auto const outcome = ask("chord", 1000, row.failed, 2, 2000, Rng{seed}.next());
            CHECK(outcome.success_rate > 0.999);
            hops += *outcome.hops_mean / seeds;
            timeouts += *outcome.timeouts_mean / seeds;
        }
        CHECK(hops == Approx(row.hops).margin(0.15));
        CHECK(timeouts == Approx(row.timeouts).margin(0.35));
    }
}

TEST_CASE("CAN's ways are a part of d/4 n^(1/d), and its neighbours are those that were measured") {
    for (unsigned const dims : {2U, 3U}) {
        auto const outcome = ask("can", 4096, 0, dims, 3000);
        Settings settings;
        settings.nodes = 4096;
        settings.dims = dims;
        auto const formula = *make_can(settings)->formula_hops();
        CHECK(*outcome.hops_mean / formula > 0.78);
        CHECK(*outcome.hops_mean / formula < 0.95);
        CHECK(outcome.entries_mean == Approx(dims == 2 ? 4.57 : 7.2).margin(0.1));
    }
}

TEST_CASE("Pastry needs log16 N hops on ways little longer than the straight one, and a few more with failures") {
    auto const before = ask("pastry", 5000, 0, 2, 20'000), after = ask("pastry", 5000, 0.1, 2, 20'000);
    CHECK(*before.hops_mean == Approx(2.96).margin(0.06));
    CHECK(*before.stretch_mean > 1.25);
    CHECK(*before.stretch_mean < 1.45);
    CHECK(*after.hops_mean - *before.hops_mean == Approx(0.23).margin(0.05));
    CHECK(after.success_rate > 0.999);
}

TEST_CASE("Pastry's tables are repaired: nobody that failed is asked again, and ways are as short as before") {
    Experiment experiment;
    experiment.settings.nodes = 2000;
    experiment.failed = 0.2;
    auto const pastry = make_pastry(experiment.settings);
    auto const before = look_up(*pastry, experiment);
    auto const repaired = pastry->repaired(live_of(experiment));
    REQUIRE(repaired);
    auto const after = look_up(*repaired->overlay, experiment);
    CHECK(*before.timeouts_mean > 0.3);
    CHECK(after.timeouts_mean == 0.0);
    CHECK(after.success_rate == 1);
    CHECK(*after.hops_mean < *before.hops_mean - 0.2);
    CHECK(repaired->requests_mean > 0);
    CHECK_FALSE(make_chord(experiment.settings)->repaired(live_of(experiment)));
}

TEST_CASE("by its leaf set alone a message goes half of the set's nodes a hop") {
    Experiment experiment;
    experiment.settings.nodes = 512;
    experiment.settings.even_keys = true;
    experiment.settings.pastry.has_table = false;
    auto const outcome = look_up(*make_pastry(experiment.settings), experiment);
    CHECK(outcome.hops_max == 512 / 16);
    CHECK(outcome.by_hops.size() == 512 / 16 + 1);
    CHECK(outcome.entries_mean == 16);
}

TEST_CASE("without near entries Pastry's ways are as many straight ones as it takes hops") {
    Experiment experiment;
    experiment.settings.nodes = 2000;
    experiment.settings.pastry.is_near = false;
    experiment.of_nodes = true;
    auto const outcome = look_up(*make_pastry(experiment.settings), experiment);
    CHECK(*outcome.stretch_mean == Approx(*outcome.hops_mean).margin(0.1));
}

TEST_CASE("Kademlia asks the owner in few rounds, far fewer than log2 N") {
    for (auto const& [nodes, rounds] : {std::pair{1000U, 1.9}, std::pair{4000U, 2.2}, std::pair{16000U, 2.6}})
        CHECK(*ask("kademlia", nodes, 0, 2, 2000).hops_mean == Approx(rounds).margin(0.15));
    CHECK(ask("kademlia", 4000, 0.2, 2, 2000).success_rate > 0.999);
}

TEST_CASE("a key of a CAN zone whose node has failed is nobody's before repair") {
    auto const outcome = ask("can", 1000, 0.1);
    CHECK(outcome.success_rate < 0.95);
    CHECK(outcome.success_rate > 0.8);
}

TEST_CASE("any number of threads counts the same") {
    for (auto const& overlay : overlays()) {
        Experiment experiment;
        experiment.settings.nodes = 500;
        experiment.lookups = 3000;
        experiment.failed = 0.1;
        auto const geometry = overlay.make(experiment.settings);
        auto const one = look_up(*geometry, experiment);
        experiment.threads = 3;
        auto const three = look_up(*geometry, experiment);
        CHECK(one.hops_mean == three.hops_mean);
        CHECK(one.stretch_mean == three.stretch_mean);
        CHECK(one.timeouts_mean == three.timeouts_mean);
    }
}

}  // namespace praline::simulate::structured::structured_test
