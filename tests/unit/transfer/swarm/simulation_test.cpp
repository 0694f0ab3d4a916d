// Whole downloads from virtual sources, seeded. PRALINE_SWARM_SEEDS asks for more worlds, PRALINE_SWARM_FIRST begins
// elsewhere.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "unit/support/faults.hpp"
#include "unit/transfer/swarm/virtual_sources.hpp"

namespace praline::swarm::simulation_test {
using namespace praline::swarm::test;
using namespace std::chrono_literals;

namespace {

constexpr Duration longest = std::chrono::hours{1};  // what no planner could do sooner is left out

struct World {
    std::uint64_t file_bytes = 0, piece_bytes = 0;
    std::vector<VirtualSource> sources;
};

double uniform(Rng& rng, double low, double high) {
    return low + (high - low) * static_cast<double>(rng.below(1'000'001)) / 1e6;
}

/// Two to ten sources, of which at least one is whole and honest and lasts.
World world_of(std::uint64_t seed) {
    Rng rng{0x5EED, seed};
    auto const between = [&](double low, double high) { return uniform(rng, low, high); };
    World world;
    auto const count = 2 + rng.below(9);
    double honest = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        VirtualSource source;
        source.rate = 20'000 * std::pow(100.0, between(0, 1));
        source.latency = std::chrono::milliseconds{static_cast<std::int64_t>(between(10, 300))};
        world.sources.push_back(source);
        honest += source.rate;
    }
    world.file_bytes = static_cast<std::uint64_t>(honest * between(60, 240));
    world.piece_bytes = 65536;
    while (world.file_bytes / world.piece_bytes > 2048) world.piece_bytes *= 2;
    for (std::uint64_t i = 1; i < count; ++i) {
        auto& source = world.sources[i];
        auto const second = [&](double low, double high) {
            return Instant{} + std::chrono::milliseconds{static_cast<std::int64_t>(between(low, high) * 1000)};
        };
        switch (rng.below(8)) {
            case 0: source.lie = between(0.02, 1); break;
            case 1: source.silent.emplace_back(second(0, 60), Instant::max()); break;
            case 2: {
                auto const from = second(0, 60);
                source.silent.emplace_back(from, from + std::chrono::seconds{rng.below(30)});
                break;
            }
            case 3: source.rate = 1; break;
            case 4: source.dies = second(1, 90); break;
            case 5: {
                // The front, the back, or the middle.
                auto const third = world.file_bytes / 3 / world.piece_bytes * world.piece_bytes;
                auto const part = rng.below(3);
                source.offered.emplace(ByteRange{part * third, part == 2 ? world.file_bytes : (part + 1) * third});
                break;
            }
            default: break;
        }
    }
    return world;
}

/// Honest sources that last, and a file of a few seconds: what counts is how soon all of them send, and how evenly they end.
World short_world_of(std::uint64_t seed) {
    Rng rng{0x540F, seed};
    auto const between = [&](double low, double high) { return uniform(rng, low, high); };
    World world;
    auto const count = 2 + rng.below(9);
    auto const spread = between(1, 20);
    double all = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        VirtualSource source;
        source.rate = 1'000'000 * std::pow(spread, between(0, 1));
        source.latency = std::chrono::milliseconds{static_cast<std::int64_t>(between(5, 60))};
        source.connecting = std::chrono::milliseconds{static_cast<std::int64_t>(between(5, 800))};
        world.sources.push_back(source);
        all += source.rate;
    }
    world.file_bytes = static_cast<std::uint64_t>(all * between(2, 8));
    world.piece_bytes = 65536;
    while (world.file_bytes / world.piece_bytes > 512) world.piece_bytes *= 2;
    return world;
}

}  // namespace

TEST_CASE("downloads of a few seconds use all sources, too") {
    std::uint64_t done = 0;
    double sum = 0, worst = 0, waste = 0;
    constexpr std::uint64_t usual = 40;
    auto const runs = praline::test::number_from("PRALINE_SWARM_SEEDS", usual);
    for (auto seed = praline::test::number_from("PRALINE_SWARM_FIRST", 0); done < runs; ++seed, ++done) {
        auto const world = short_world_of(seed);
        auto const ideal = shortest_time(world.file_bytes, world.sources, longest);
        VirtualSwarm swarm{seed, world.file_bytes, world.piece_bytes, world.sources};
        auto const outcome = swarm.run(2 * longest);
        INFO("PRALINE_SWARM_FIRST=" << seed << " PRALINE_SWARM_SEEDS=1");
        REQUIRE(outcome.complete);
        auto const ratio = std::chrono::duration<double>(outcome.took) / std::chrono::duration<double>(ideal);
        sum += ratio, worst = std::max(worst, ratio);
        waste += static_cast<double>(outcome.wasted_bytes) / static_cast<double>(world.file_bytes);
    }
    auto const count = static_cast<double>(done);
    std::printf("%.0f short swarms: time over the shortest possible mean %.3f, worst %.3f; waste mean %.4f\n", count,
                sum / count, worst, waste / count);
    CHECK(sum / count <= 1.15);
}

TEST_CASE("downloads from all sorts of sources end nearly as soon as anybody could have fetched them") {
    std::uint64_t done = 0;
    double sum = 0, worst = 0, waste = 0, worst_waste = 0;
    constexpr std::uint64_t usual = 40;
    auto const runs = praline::test::number_from("PRALINE_SWARM_SEEDS", usual);
    for (auto seed = praline::test::number_from("PRALINE_SWARM_FIRST", 0); done < runs; ++seed) {
        auto const world = world_of(seed);
        auto const ideal = shortest_time(world.file_bytes, world.sources, longest);
        if (ideal >= longest) continue;
        VirtualSwarm swarm{seed, world.file_bytes, world.piece_bytes, world.sources};
        auto const outcome = swarm.run(2 * longest);
        INFO("PRALINE_SWARM_FIRST=" << seed << " PRALINE_SWARM_SEEDS=1");
        REQUIRE(outcome.complete);
        REQUIRE_FALSE(outcome.believed_a_lie);
        CHECK(outcome.accused == outcome.lied);
        auto const ratio = std::chrono::duration<double>(outcome.took) / std::chrono::duration<double>(ideal);
        auto const wasted = static_cast<double>(outcome.wasted_bytes) / static_cast<double>(world.file_bytes);
        ++done;
        sum += ratio, worst = std::max(worst, ratio);
        waste += wasted, worst_waste = std::max(worst_waste, wasted);
        CHECK(wasted < 0.01);
        CHECK(ratio <= 1.1);
    }
    auto const count = static_cast<double>(done);
    std::printf("%.0f swarms: time over the shortest possible mean %.3f, worst %.3f; waste mean %.4f, worst %.4f\n",
                count, sum / count, worst, waste / count, worst_waste);
    CHECK(sum / count <= 1.05);
}

}  // namespace praline::swarm::simulation_test
