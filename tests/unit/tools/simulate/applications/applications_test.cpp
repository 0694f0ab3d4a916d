#include <algorithm>
#include <cmath>
#include <set>

#include <catch2/catch.hpp>

#include "tools/simulate/applications/draws.hpp"
#include "tools/simulate/applications/objects.hpp"
#include "tools/simulate/applications/storage.hpp"
#include "tools/simulate/applications/web_cache.hpp"
#include "tools/simulate/applications/work_units.hpp"

namespace praline::simulate::applications::applications_test {

using structured::Key;
using structured::Node;

namespace {

constexpr Key gap = ~Key{0} / 8;

std::vector<Key> eight_keys() {
    std::vector<Key> keys;
    for (Key node = 0; node < 8; ++node) keys.push_back(node * gap);
    return keys;
}

}  // namespace

TEST_CASE("draws have the shape that they are asked for") {
    Rng chance{3};
    std::vector<double> sizes;
    double sum = 0, squares = 0;
    for (int i = 0; i < 100'000; ++i) {
        double const one = normal(chance);
        sum += one;
        squares += one * one;
        sizes.push_back(log_normal(100, 300, chance));
    }
    CHECK(sum / 100'000 == Approx(0).margin(0.02));
    CHECK(squares / 100'000 == Approx(1).margin(0.03));
    std::nth_element(sizes.begin(), sizes.begin() + 50'000, sizes.end());
    CHECK(sizes[50'000] == Approx(100).margin(3));
    Zipf const zipf{10, 1};
    int first = 0, second = 0;
    for (int i = 0; i < 30'000; ++i) {
        auto const rank = zipf.draw(chance);
        REQUIRE(rank < 10);
        first += rank == 0 ? 1 : 0;
        second += rank == 1 ? 1 : 0;
    }
    CHECK(first == Approx(2 * second).epsilon(0.1));
}

TEST_CASE("a file is on the nodes nearest to its key, each once, and takes their room until it is removed") {
    Storage storage{{3, 4, 1, 0, 1}, eight_keys(), std::vector<double>(8, 100)};
    Rng chance{1};
    auto const copies = storage.put(50, chance);
    REQUIRE(copies);
    Rng same{1};
    Key const key = same.next();
    std::set<Node> nodes, expected;
    for (auto const& copy : *copies) {
        nodes.insert(copy.node);
        CHECK_FALSE(copy.is_diverted);
    }
    auto const far = [&](Node node) { return std::min(gap * node - key, key - gap * node); };
    std::vector<Node> order{0, 1, 2, 3, 4, 5, 6, 7};
    std::sort(order.begin(), order.end(), [&](Node one, Node other) { return far(one) < far(other); });
    expected.insert(order.begin(), order.begin() + 3);
    CHECK(nodes == expected);
    CHECK(storage.use() == Approx(150.0 / 800));
    storage.remove(*copies, 50);
    CHECK(storage.use() == 0);
}

TEST_CASE("a copy without room is diverted to the emptiest of the leaf set, or the file has another key") {
    std::vector<double> room(8, 10.0);
    room[2] = 1000;
    Storage diverting{{1, 4, 0.5, 0.5, 1}, eight_keys(), room};
    Rng chance{1};
    int diverted = 0, failed = 0;
    for (int file = 0; file < 40; ++file) {
        auto const copies = diverting.put(6, chance);
        if (!copies) ++failed;
        if (!copies || !copies->front().is_diverted) continue;
        ++diverted;
        CHECK(copies->front().node == 2);
    }
    CHECK(diverted > 0);
    CHECK(failed > 0);  // keys of nodes that have node 2 not in their leaf set
    Storage patient{{1, 4, 0.5, 0, 100}, eight_keys(), room};
    for (int file = 0; file < 40; ++file) {
        auto const copies = patient.put(6, chance);
        REQUIRE(copies);
        CHECK(copies->front().node == 2);
    }
    CHECK_FALSE(patient.put(5000, chance));
}

TEST_CASE("diversion fills nodes that without it are left half empty") {
    StorageExperiment experiment;
    experiment.nodes = 225;
    experiment.files = 186'000;
    auto const with = store(experiment);
    experiment.settings = {5, 32, 1, 0, 1};
    auto const without = store(experiment);
    CHECK(with.use > 0.97);
    REQUIRE(with.failed_by_95);
    CHECK(*with.failed_by_95 < 0.05);
    CHECK(with.diverted > 0.05);
    CHECK(without.use < 0.7);
    CHECK(without.failed > 0.45);
    CHECK(without.diverted == 0);
    CHECK_FALSE(without.failed_by_95);
}

TEST_CASE("caches that are large enough answer together what a proxy answers") {
    WebCacheExperiment experiment;
    experiment.clients = 20;
    experiment.objects = 2000;
    experiment.requests = 20'000;
    experiment.cache = 2000;
    auto const roomy = share_caches(experiment);
    CHECK(roomy.home_store == roomy.central);
    CHECK(roomy.directory == roomy.central);
    CHECK(roomy.central > 0.8);
    experiment.cache = 20;
    auto const tight = share_caches(experiment);
    CHECK(tight.home_store < tight.central);
    CHECK(tight.directory < tight.central);
    experiment.cache = 0;
    auto const none = share_caches(experiment);
    CHECK(none.central + none.home_store + none.directory == 0);
}

TEST_CASE("wrong units pass as often as the formula says, and never when wrong results do not agree") {
    WorkUnitsExperiment experiment;
    experiment.wrong = 0.2;
    auto const outcome = give_out(experiment);
    CHECK(outcome.wrong == Approx(wrong_by_formula(experiment)).margin(0.003));
    CHECK(outcome.right + outcome.wrong + outcome.undecided == Approx(1));
    CHECK(outcome.copies_mean > 2);
    experiment.alike = 0;
    CHECK(give_out(experiment).wrong == 0);
    experiment.copies_most = 1;
    CHECK(give_out(experiment).undecided == 1);
    CHECK(Pool{}.left() == Approx(0.28).margin(0.001));
}

TEST_CASE("a message comes to an object's nearest server, until it is unpublished") {
    structured::Settings settings;
    settings.nodes = 300;
    auto const overlay = make_tapestry(settings);
    auto const underlay = underlay_of(settings);
    structured::Live const live{300, 0, Rng{1}};
    ObjectPointers pointers{*overlay, *underlay, live};
    pointers.publish(5, 77);
    pointers.publish(200, 77);
    for (Node from = 0; from < 300; from += 11) {
        auto const found = pointers.send(from, 77);
        REQUIRE(found);
        CHECK((found->server == 5 || found->server == 200));
        CHECK(found->length >= underlay->distance(from, found->server) - 1e-9);
    }
    CHECK(pointers.send(5, 77)->server == 5);
    CHECK(pointers.send(200, 77)->hops == 0);
    pointers.unpublish(5, 77);
    for (Node from = 0; from < 300; from += 11) CHECK(pointers.send(from, 77)->server == 200);
    pointers.unpublish(200, 77);
    CHECK_FALSE(pointers.send(1, 77));
}

TEST_CASE("far objects cost less than twice the straight way, near ones more") {
    ObjectsExperiment experiment;
    experiment.settings.nodes = 500;
    experiment.settings.underlay = structured::make_underlay("transit-stub:4:4:2:8", 500, 1);
    experiment.messages = 5000;
    auto const outcome = send_to_objects(experiment);
    CHECK(outcome.found == 1);
    REQUIRE(outcome.penalty_far_p50);
    CHECK(*outcome.penalty_far_p50 < 2);
    CHECK(*outcome.penalty_far_p50 >= 1);
    CHECK(outcome.penalty_near_p50 > outcome.penalty_far_p50);
    experiment.settings = {};
    experiment.settings.nodes = 1;
    CHECK_FALSE(send_to_objects(experiment).penalty_p50);
}

}  // namespace praline::simulate::applications::applications_test
