#include <catch2/catch.hpp>

#include <set>

#include "unit/search/engine/engine_network.hpp"

/// Seeded runs in two acts: faults, in which nothing may go out of bounds; then calm, in which everything is answered again.
namespace simulation_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;
using praline::test::Wire;
using strategy::Kind;

namespace {

// A query may come by a long way first, so that only one with a TTL for the longest reaches all for certain.
constexpr std::uint8_t flood_ttl = 16;
constexpr std::size_t mishaps = 40;
constexpr std::size_t queued_bytes_max = 64 * 1024;

std::string word_of(std::size_t number) { return "item" + std::to_string(number); }

class Story {
public:
    explicit Story(std::uint64_t seed) : rng_{seed, 11}, net_{seed, options(seed)} {
        net_.chunk_max = seed % 2 == 0 ? 0 : 300;
        net_.limits.max_ttl = flood_ttl;
        net_.limits.hard_ttl_max = 2 * flood_ttl;
        auto const ultrapeers = 6 + rng_.below(7);
        for (std::size_t i = 0; i < ultrapeers; ++i) {
            net_.add({word_of(i) + " music"});
            if (i > 0) plan(i, rng_.below(i));
        }
        for (std::size_t extra = rng_.below(ultrapeers); extra > 0; --extra)
            plan(rng_.below(ultrapeers), rng_.below(ultrapeers));
        for (std::size_t leaf = 0; leaf < 2; ++leaf) {
            auto const number = net_.add({word_of(net_.nodes.size()) + " music"}, overlay::Mode::leaf);
            plan(number, rng_.below(ultrapeers));
        }
        connect_all();
        net_.run(30s);
    }

    /// Searches of all kinds while nodes crash and wires fail.
    void act_one() {
        for (std::size_t i = 0; i < mishaps; ++i) {
            mishap();
            net_.run(std::chrono::milliseconds{rng_.below(8000)});
            check_bounds();
        }
    }
    /// All is mended: links come up again, searches end, and every file is found.
    void act_two() {
        net_.heal();
        net_.delays = {};
        for (std::size_t i = 0; i < net_.nodes.size(); ++i)
            if (!net_.is_up(i)) net_.start(i);
        connect_all();
        net_.run(900s);
        check_bounds();
        for (auto const& [number, other] : planned_) {
            INFO("link " << number << " - " << other);
            REQUIRE(is_linked(number, other));
        }
        for (auto const& search : searches_) CHECK(net_.is_finished(search.number, search.guid));
        auto const asker = rng_.below(net_.nodes.size());
        for (std::size_t i = 0; i < net_.nodes.size(); ++i) {
            if (i == asker) continue;
            auto parameters = by(Kind::flood);
            parameters.ttl = flood_ttl;
            auto const search = net_.launch(asker, word_of(i), parameters);
            INFO("node " << asker << " asks for the file of " << i);
            CHECK(net_.found(asker, search) >= 1);
            net_.run(5s);
            ++answered;
        }
        end_of_every_strategy(asker);
    }

    std::size_t answered = 0, crashes = 0;

private:
    struct Search {
        std::size_t number;
        Guid guid;
    };

    static EngineOptions options(std::uint64_t seed) {
        EngineOptions options;
        options.hit_cache = seed % 3 != 0;
        options.routing.hops_and_ttl_max = flood_ttl;
        return options;
    }
    void plan(std::size_t one, std::size_t other) {
        if (one != other) planned_.insert(std::minmax(one, other));
    }
    void connect_all() {
        for (auto const& [one, other] : planned_)
            if (net_.is_up(one) && net_.is_up(other) && !is_linked(one, other))
                net_.link(std::max(one, other), std::min(one, other));
    }
    [[nodiscard]] bool is_linked(std::size_t one, std::size_t other) const {
        auto const& links = net_.nodes[one].core->links();
        return std::any_of(links.begin(), links.end(), [&](overlay::LinkInfo const& link) {
            return link.remote.address == address_of(other).address;
        });
    }
    void mishap() {
        auto const number = rng_.below(net_.nodes.size()), other = rng_.below(net_.nodes.size());
        switch (rng_.below(8)) {
            case 0:
                if (net_.is_up(number)) crash(number);
                break;
            case 1:
                if (!net_.is_up(number)) net_.start(number);
                connect_all();
                break;
            case 2: net_.set_wire(number, other, Wire::broken); break;
            case 3: net_.set_wire(number, other, Wire::silent); break;
            case 4: net_.set_wire(number, other, Wire::good); break;
            case 5: net_.delays = {1ms, std::chrono::milliseconds{1 + rng_.below(400)}}; break;
            default:
                if (net_.is_up(number)) searches_.push_back({number, launch(number, word_of(other))});
        }
    }
    void crash(std::size_t number) {
        net_.crash(number);
        std::erase_if(searches_, [&](Search const& one) { return one.number == number; });
        ++crashes;
    }
    Guid launch(std::size_t number, std::string words) {
        auto parameters = by(static_cast<Kind>(rng_.below(7)));
        parameters.steps_max = static_cast<std::uint32_t>(1 + rng_.below(60));
        if (rng_.below(2) == 0) parameters.check_every = static_cast<std::uint32_t>(rng_.below(8));
        return net_.launch(number, std::move(words), parameters);
    }
    void check_bounds() {
        REQUIRE(net_.overlapping_transmits == 0);
        for (auto& node : net_.nodes) {
            // A copy of a query is not handed up again, but as a walker or a key request that passes.
            std::set<Guid> seen;
            for (auto const& query : node.queries) REQUIRE((query.again || seen.insert(query.guid).second));
            node.queries.clear();
            if (!node.core) continue;
            for (auto const& link : node.core->links()) REQUIRE(link.queued_bytes <= queued_bytes_max);
        }
    }
    void end_of_every_strategy(std::size_t asker) {
        std::vector<Guid> all;
        for (unsigned kind = 0; kind < 7; ++kind) {
            auto parameters = by(static_cast<Kind>(kind));
            parameters.steps_max = 200;
            all.push_back(net_.launch(asker, "music", parameters));
            net_.run(5s);
        }
        net_.run(300s);
        for (unsigned kind = 0; kind < all.size(); ++kind) {
            INFO("strategy " << kind);
            CHECK(net_.is_finished(asker, all[kind]));
        }
        check_bounds();
    }

    Rng rng_;
    EngineNetwork net_;
    std::set<std::pair<std::size_t, std::size_t>> planned_;
    std::vector<Search> searches_;
};

}  // namespace

/// PRALINE_ENGINE_SEEDS asks for more seeds, PRALINE_ENGINE_FIRST begins elsewhere.
TEST_CASE("nodes crash and wires fail while searches run, and once all is mended every file is found again",
          "[simulation]") {
    auto const first = praline::test::number_from("PRALINE_ENGINE_FIRST", 1);
    auto const seeds = praline::test::number_from("PRALINE_ENGINE_SEEDS", 20);
    std::size_t answered = 0, crashes = 0;
    for (auto seed = first; seed < first + seeds; ++seed) {
        INFO("PRALINE_ENGINE_FIRST=" << seed << " PRALINE_ENGINE_SEEDS=1");
        Story story{seed};
        story.act_one();
        story.act_two();
        answered += story.answered;
        crashes += story.crashes;
    }
    CHECK(answered >= 2 * seeds);
    CHECK(crashes >= seeds);
}

}  // namespace simulation_test
