#include "tools/simulate/world/workload.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <catch2/catch.hpp>

namespace workload_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;

namespace {

RunOptions with_items(std::uint32_t items, double replication) {
    RunOptions options;
    options.replication = replication;
    options.workload.items = items;
    return options;
}

}  // namespace

TEST_CASE("a weighted draw follows its weights and never draws what weighs nothing") {
    std::vector<std::uint64_t> const weights{1, 0, 3, 6};
    WeightedDraw const draw{weights};
    std::vector<int> count(4);
    Rng rng{1};
    for (int i = 0; i < 10'000; ++i) ++count[draw.draw(rng)];
    CHECK(count[1] == 0);
    CHECK(std::abs(count[0] - 1000) < 150);
    CHECK(std::abs(count[2] - 3000) < 230);
    CHECK(std::abs(count[3] - 6000) < 245);
}

TEST_CASE("item i is asked for as often as 1 / i^exponent; exponent 0 makes all alike, a large one leaves none out") {
    auto const weights = zipf_weights(100, 1);
    CHECK(static_cast<double>(weights[0]) / static_cast<double>(weights[9]) == Approx(10).epsilon(1e-9));
    auto const flat = zipf_weights(7, 0);
    CHECK(std::set<std::uint64_t>(flat.begin(), flat.end()).size() == 1);
    CHECK(zipf_weights(1000, 10).back() >= 1);
}

TEST_CASE("allocations share out the same copies: alike, by popularity, by its square root") {
    std::vector<std::uint64_t> const popularity{900, 400, 100};
    CHECK(allocate(popularity, Allocation::uniform, 300, 1000) == std::vector<std::uint64_t>{100, 100, 100});
    CHECK(allocate(popularity, Allocation::proportional, 140, 1000) == std::vector<std::uint64_t>{90, 40, 10});
    CHECK(allocate(popularity, Allocation::square_root, 60, 1000) == std::vector<std::uint64_t>{30, 20, 10});
    CHECK(allocate(popularity, Allocation::proportional, 140, 50) == std::vector<std::uint64_t>{50, 40, 10});
    CHECK(allocate(std::vector<std::uint64_t>{1000, 1}, Allocation::proportional, 10, 50).back() == 1);
}

TEST_CASE("square-root allocation has the expected search size of the formula, proportional that of uniform") {
    // Random probing: sum of q_i / p_i, times copies a node; known values for 100 items.
    auto const size = [](double exponent, Allocation allocation) {
        auto const popularity = zipf_weights(100, exponent);
        auto const copies = allocate(popularity, allocation, 10'000'000, 10'000'000);
        double const asked = std::accumulate(popularity.begin(), popularity.end(), 0.0),
                     all = std::accumulate(copies.begin(), copies.end(), 0.0);
        double sum = 0;
        for (std::size_t item = 0; item < 100; ++item)
            sum += static_cast<double>(popularity[item]) / asked * all / static_cast<double>(copies[item]);
        return sum;
    };
    CHECK(size(1.2, Allocation::uniform) == Approx(100));
    CHECK(size(1.2, Allocation::proportional) == Approx(100).epsilon(0.001));
    CHECK(size(0.8, Allocation::square_root) == Approx(79.058).epsilon(0.001));
    CHECK(size(1.2, Allocation::square_root) == Approx(53.261).epsilon(0.001));
    CHECK(size(2.4, Allocation::square_root) == Approx(9.392).epsilon(0.001));
}

TEST_CASE(
    "files of a host are as measured: 75 % have 100 at most, 7 % more than 1,000, and those hold more than half") {
    Rng rng{3};
    std::vector<std::uint64_t> files;
    for (int i = 0; i < 100'000; ++i) files.push_back(draw_file_count(rng));
    auto const share = [&](auto holds) {
        return static_cast<double>(std::count_if(files.begin(), files.end(), holds)) / 100'000;
    };
    CHECK(share([](std::uint64_t count) { return count <= 100; }) == Approx(0.75).margin(0.006));
    CHECK(share([](std::uint64_t count) { return count > 1000; }) == Approx(0.07).margin(0.004));
    std::uint64_t all = 0, of_many = 0;
    for (std::uint64_t const count : files) all += count, of_many += count > 1000 ? count : 0;
    CHECK(2 * of_many > all);
    CHECK(*std::min_element(files.begin(), files.end()) == 1);
    CHECK(*std::max_element(files.begin(), files.end()) <= 30'000);
}

TEST_CASE("copies lie on distinct nodes that share; free riders hold nothing") {
    RunOptions options = with_items(50, 0.1);
    options.workload.free_riders = 0.25;
    options.workload.zipf = 0.6;
    options.workload.allocation = Allocation::proportional;
    for (auto const files : {FileCounts::equal, FileCounts::measured}) {
        options.workload.files = files;
        Catalogue const catalogue{options, 400, Rng{5}};
        Node riders = 0;
        for (Node node = 0; node < 400; ++node) riders += catalogue.shares(node) ? 0 : 1;
        CHECK(riders == 100);
        std::uint64_t copies = 0;
        for (Item item = 0; item < 50; ++item) {
            auto const& holders = catalogue.holders(item);
            CHECK(std::set<Node>(holders.begin(), holders.end()).size() == holders.size());
            for (Node const holder : holders) REQUIRE(catalogue.shares(holder));
            copies += holders.size();
        }
        CHECK(std::abs(static_cast<double>(copies) - 2000) < 60);
        CHECK(catalogue.holders(0).size() > catalogue.holders(49).size());
    }
}

TEST_CASE("who asks does not have it, and with fetching once never asks for it again") {
    RunOptions options = with_items(3, 0.3);
    options.workload.fetch_once = true;
    Catalogue catalogue{options, 20, Rng{6}};
    std::set<std::pair<Item, Node>> asked;
    Rng rng{7};
    for (int i = 0; i < 30; ++i) {
        Wanted const wanted = catalogue.next(rng);
        REQUIRE_FALSE(catalogue.has(wanted.source, wanted.item));
        REQUIRE(asked.emplace(wanted.item, wanted.source).second);
        catalogue.found(wanted, {}, {}, rng);
    }
    for (int i = 30; i < 42; ++i) catalogue.found(catalogue.next(rng), {}, {}, rng);  // 3 items, 14 nodes without each
    CHECK_THROWS_AS(catalogue.next(rng), BadInput);
}

TEST_CASE("copies come where the rule says, a full store gives up one of them and never what was placed at first") {
    RunOptions options = with_items(4, 0.05);
    options.workload.store = 2;
    std::vector<Node> const way{3, 4}, visited{3, 4, 5, 6, 7, 8};
    auto const copies_of = [&](Copying copying) {
        options.workload.copying = copying;
        Catalogue catalogue{options, 20, Rng{8}};
        Rng rng{9};
        Node source = 10;
        while (catalogue.has(source, 0)) ++source;
        auto const before = catalogue.holders(0);
        catalogue.found({0, source}, way, visited, rng);
        std::set<Node> fresh;
        for (Node const node : catalogue.holders(0))
            if (std::find(before.begin(), before.end(), node) == before.end()) fresh.insert(node == source ? 99 : node);
        for (Node const node : before) CHECK(catalogue.has(node, 0));
        return fresh;
    };
    CHECK(copies_of(Copying::none).empty());
    CHECK(copies_of(Copying::owner) == std::set<Node>{99});
    auto const path = copies_of(Copying::path);
    CHECK(path.contains(99));
    CHECK(path.size() >= 2);
    for (Node const node : path) CHECK((node == 99 || node == 3 || node == 4));
    CHECK(copies_of(Copying::random).size() <= 2);

    options.workload.copying = Copying::owner;
    Catalogue catalogue{options, 20, Rng{8}};
    Rng rng{9};
    Node source = 0;
    while (catalogue.has(source, 0) || catalogue.has(source, 1) || catalogue.has(source, 2)) ++source;
    for (Item const item : {0U, 1U, 2U}) catalogue.found({item, source}, {}, {}, rng);
    CHECK(catalogue.has(source, 2));
    CHECK(catalogue.has(source, 0) != catalogue.has(source, 1));
}

TEST_CASE("catalogues that cannot be are refused") {
    CHECK_THROWS_AS((Catalogue{with_items(10, 0.001), 100, Rng{1}}), BadInput);  // a tenth of a copy each
    RunOptions options = with_items(10, 0.1);
    options.workload.free_riders = 1;
    CHECK_THROWS_AS((Catalogue{options, 100, Rng{1}}), BadInput);
    CHECK_THROWS_AS((Catalogue{with_items(1'000'000, 0.9), 1000, Rng{1}}), BadInput);
}

}  // namespace workload_test
