#include "tools/simulate/world/network_model.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include <catch2/catch.hpp>

namespace network_model_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;

namespace {

std::map<Fate, Node> count_fates(NetworkModel const& model, Node nodes) {
    std::map<Fate, Node> count;
    for (Node node = 0; node < nodes; ++node) ++count[model.fate(node)];
    return count;
}

}  // namespace

TEST_CASE("a network without faults carries everything in the same time") {
    NetworkModel const model{NetworkOptions{}, 1000, 1};
    QueryNetwork const network = model.query(7);
    for (Node node = 0; node + 1 < 1000; ++node) {
        Passage const passage = network.passage(node, node + 1);
        REQUIRE(passage.delay_ms == 100);
        REQUIRE_FALSE(passage.lost);
        REQUIRE(network.there(node, 1'000'000'000));
        REQUIRE(network.fate(node) == Fate::honest);
    }
    CHECK(NetworkOptions{}.faultless());
}

TEST_CASE("uniform latencies take every value between their bounds alike, and no other") {
    NetworkOptions options;
    options.latency = Latency::uniform;
    options.latency_low_ms = 10;
    options.latency_high_ms = 100;
    NetworkModel const model{options, 1000, 1};
    std::map<std::uint32_t, unsigned> drawn;
    for (std::uint64_t query = 0; query < 100; ++query)
        for (Node node = 1; node < 1000; ++node) ++drawn[model.query(query).passage(0, node).delay_ms];
    REQUIRE(drawn.size() == 91);
    CHECK(drawn.begin()->first == 10);
    CHECK(drawn.rbegin()->first == 100);
    for (auto const& [delay, count] : drawn) REQUIRE(count == Approx(99'900 / 91.0).epsilon(0.2));  // six deviations
    CHECK(model.delay_max_ms() == 100);
}

TEST_CASE("what happens to a message hangs on seed, query, turn, link and direction, and on nothing else") {
    NetworkOptions options;
    options.latency = Latency::uniform;
    options.latency_low_ms = 1;
    options.latency_high_ms = 60'000;
    NetworkModel const model{options, 10, 1}, same{options, 10, 1}, other{options, 10, 2};
    auto const delay = [](QueryNetwork const& network, Node from, Node to) {
        return network.passage(from, to).delay_ms;
    };
    std::uint32_t const drawn = delay(model.query(3), 4, 5);
    CHECK(delay(same.query(3), 4, 5) == drawn);
    CHECK(delay(model.query(3).turn(9).turn(0), 4, 5) == drawn);  // a turn replaces the last one
    CHECK(delay(model.query(3, 9), 4, 5) == delay(model.query(3).turn(9), 4, 5));
    CHECK(delay(other.query(3), 4, 5) != drawn);
    CHECK(delay(model.query(2), 4, 5) != drawn);
    CHECK(delay(model.query(3).turn(1), 4, 5) != drawn);
    CHECK(delay(model.query(3), 5, 4) != drawn);
    CHECK(delay(model.query(3), 4, 6) != drawn);
}

TEST_CASE("a link of measured latency keeps it, both ways: a fifth at most 70 ms, a fifth at least 280") {
    NetworkOptions options;
    options.latency = Latency::per_link;
    NetworkModel const model{options, 100'000, 1};
    std::vector<std::uint32_t> delays;
    for (Node node = 0; node + 1 < 100'000; ++node) {
        std::uint32_t const delay = model.query(1).passage(node, node + 1).delay_ms;
        REQUIRE(model.query(2, 5).passage(node + 1, node).delay_ms == delay);
        REQUIRE(delay >= 1);
        REQUIRE(delay <= model.delay_max_ms());
        delays.push_back(delay);
    }
    auto const share = [&](auto wanted) {
        return static_cast<double>(std::count_if(delays.begin(), delays.end(), wanted)) / 99'999;
    };
    CHECK(share([](std::uint32_t delay) { return delay < 70; }) == Approx(0.2).margin(0.006));
    CHECK(share([](std::uint32_t delay) { return delay >= 280; }) == Approx(0.2).margin(0.006));
}

TEST_CASE("as many messages are lost as was asked for") {
    NetworkOptions options;
    options.loss = 0.07;
    NetworkModel const model{options, 100'000, 1};
    Node lost = 0;
    for (Node node = 0; node + 1 < 100'000; ++node) lost += model.query(1).passage(node, node + 1).lost ? 1 : 0;
    CHECK(lost == Approx(7000).margin(330));  // four deviations
    CHECK_FALSE(options.faultless());
}

TEST_CASE("exactly so many nodes are dead, drop or lie, and others under another seed") {
    NetworkOptions options;
    options.failed = 0.1;
    options.droppers = 0.02;
    options.liars = 0.5;
    NetworkModel const model{options, 1000, 1}, other{options, 1000, 2};
    for (auto const* one : {&model, &other}) {
        auto count = count_fates(*one, 1000);
        CHECK(count[Fate::failed] == 100);
        CHECK(count[Fate::dropper] == 20);
        CHECK(count[Fate::liar] == 500);
        CHECK(count[Fate::honest] == 380);
    }
    bool differs = false;
    for (Node node = 0; node < 1000; ++node) differs = differs || model.fate(node) != other.fate(node);
    CHECK(differs);
}

TEST_CASE("with churn so many nodes are away when a query begins, and some come and go while it lasts, once at most") {
    NetworkOptions options;
    options.away = 0.3;
    constexpr Node nodes = 200'000;
    NetworkModel const model{options, nodes, 1};
    QueryNetwork const network = model.query(1);
    constexpr std::uint64_t later_ms = 1'000'000;
    Node away = 0, left = 0, came = 0;
    for (Node node = 0; node < nodes; ++node) {
        bool const first = network.there(node, 0), last = network.there(node, later_ms);
        away += first ? 0 : 1;
        left += first && !last ? 1 : 0;
        came += !first && last ? 1 : 0;
        bool changed = false;
        for (std::uint64_t at = 0; at <= later_ms; at += later_ms / 8) {
            bool const now = network.there(node, at);
            REQUIRE((!changed || now == last));
            changed = changed || now != first;
        }
    }
    CHECK(away == Approx(0.3 * nodes).epsilon(0.02));
    // Of a session of 46,901 s on average as long a time ends within 1,000 s of any moment, and as many come as go.
    CHECK(left == Approx(0.7 * nodes * 1000 / 46'901).epsilon(0.08));
    CHECK(came == Approx(0.7 * nodes * 1000 / 46'901).epsilon(0.08));
    CHECK(model.query(2).there(0, 0) == model.query(2).there(0, 0));
}

TEST_CASE("sessions last as long as was measured") {
    Rng rng{1};
    std::vector<std::uint64_t> drawn(100'001);
    for (auto& session : drawn) session = Sessions::draw_ms(rng);
    std::sort(drawn.begin(), drawn.end());
    CHECK(drawn.front() == Sessions::shortest_ms);
    CHECK(static_cast<double>(drawn[50'000]) == Approx(5'159'000).epsilon(0.02));   // x_m · 2^(1/α)
    CHECK(static_cast<double>(drawn[90'001]) == Approx(23'525'000).epsilon(0.05));  // x_m · 10^(1/α)
    CHECK(drawn.front() % 1000 == 0);
}

TEST_CASE("a network that cannot be is refused with a sentence") {
    auto const refused = [](auto change) {
        NetworkOptions options;
        change(options);
        try {
            check_network(options);
        } catch (BadInput const& error) {
            return std::string{error.what()};
        }
        return std::string{};
    };
    CHECK(refused([](auto&) {}).empty());
    CHECK(refused([](auto& options) { options.loss = -0.1; }) == "the loss is a share: at least 0, less than 1");
    CHECK(refused([](auto& options) { options.loss = std::numeric_limits<double>::quiet_NaN(); }) ==
          "the loss is a share: at least 0, less than 1");
    CHECK_FALSE(refused([](auto& options) { options.away = 1; }).empty());
    CHECK_FALSE(refused([](auto& options) { options.failed = 0.6, options.liars = 0.6; }).empty());
    CHECK(refused([](auto& options) { options.latency_low_ms = 0; }) == "the latency is at least 1 ms");
    CHECK(refused([](auto& options) { options.latency_low_ms = 60'001; }) == "the latency is at most 60000 ms");
    CHECK(refused([](auto& options) {
              options.latency = Latency::uniform, options.latency_low_ms = 20, options.latency_high_ms = 19;
          }) == "the highest latency is less than the lowest");
    CHECK_FALSE(refused([](auto& options) { options.results_enough = 0; }).empty());
}

}  // namespace network_model_test
