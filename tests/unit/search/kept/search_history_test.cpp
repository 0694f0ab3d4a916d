#include "search/kept/search_history.hpp"

#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

#include "unit/tools/praline/scratch.hpp"

namespace search_history_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::kept;
using namespace std::chrono_literals;

namespace {

HistoryEntry entry(std::string text) {
    HistoryEntry one;
    one.terms.text = std::move(text);
    one.terms.strategy = "random-walk";
    one.terms.parameters.walkers = 16;
    one.terms.parameters.state = false;
    one.started_at = 1'700'000'000;
    one.lasted = 12500ms;
    one.rows = 3, one.hits = 5, one.dropped = 1, one.saved_search = 2;
    one.cost.messages = 44, one.cost.bytes = 4000, one.cost.origins = 3, one.cost.reach_about = 60,
    one.cost.cached_hits = 1;
    one.cost.origins_at_least = true;
    one.cost.hidden_hits = 7, one.cost.excluded_hits = 8;
    one.cost.hits_by_hops[1] = 2, one.cost.hits_by_hops[200] = 3;
    one.cost.first_result = 125ms;
    one.cost.index = IndexCost{2, 640, 3500us, 20, true, "It is young."};
    return one;
}

}  // namespace

TEST_CASE("what has ended is read back as it was written, after a restart too") {
    ScratchDatabase scratch;
    SearchHistory{scratch.file}.end(0, entry("walnut cake"));
    SearchHistory history{scratch.file};
    REQUIRE(history.size() == 1);
    auto const one = history.page(0, 10).at(0);
    CHECK(one.id == 1);
    CHECK(one.terms.text == "walnut cake");
    CHECK(one.terms.strategy == "random-walk");
    CHECK(bool{one.terms.parameters.walkers == 16U});
    CHECK(bool{one.terms.parameters.state == false});
    CHECK_FALSE(one.terms.parameters.ttl);
    CHECK(one.started_at == 1'700'000'000);
    CHECK(bool{one.lasted == 12500ms});
    CHECK(one.rows == 3);
    CHECK(one.saved_search == 2);
    CHECK(one.cost.messages == 44);
    CHECK(one.cost.origins_at_least);
    CHECK(one.cost.hidden_hits == 7);
    CHECK(one.cost.excluded_hits == 8);
    CHECK(one.cost.hits_by_hops == entry("").cost.hits_by_hops);
    CHECK(bool{one.cost.first_result == 125ms});
    CHECK_FALSE(one.cost.tenth_result);
    REQUIRE(one.cost.index);
    CHECK(one.cost.index->messages == 2);
    CHECK(one.cost.index->bytes == 640);
    CHECK(bool{one.cost.index->took == 3500us});
    CHECK(one.cost.index->files == 20);
    CHECK(one.cost.index->more);
    CHECK(one.cost.index->problem == "It is young.");
}

TEST_CASE("a history from before there were index servers is read, and goes on") {
    ScratchDatabase scratch;
    SearchHistory{scratch.file}.end(0, entry("old"));
    for (auto const* const column : {"left_out", "index_price"})
        store::Database{scratch.file}.run(std::string{"ALTER TABLE search_history DROP COLUMN "} + column);
    SearchHistory history{scratch.file};
    history.end(0, entry("new"));
    auto const all = history.page(0, 10);
    REQUIRE(all.size() == 2);
    CHECK(all[0].cost.index);
    CHECK_FALSE(all[1].cost.index);
    CHECK(all[1].cost.hidden_hits == 0);
}

TEST_CASE("a history from before hits were left out is read, and goes on") {
    ScratchDatabase scratch;
    SearchHistory{scratch.file}.end(0, entry("old"));
    store::Database{scratch.file}.run("ALTER TABLE search_history DROP COLUMN left_out");
    SearchHistory history{scratch.file};
    history.end(0, entry("new"));
    auto const all = history.page(0, 10);
    REQUIRE(all.size() == 2);
    CHECK(all[0].cost.hidden_hits == 7);
    CHECK(all[1].cost.hidden_hits == 0);
    CHECK(all[1].cost.index);
}

TEST_CASE("the history is bounded, the latest first, and forgotten handles name nothing else") {
    ScratchDatabase scratch;
    SearchHistory history{scratch.file, 3};
    for (char const* text : {"one", "two", "three", "four", "five"}) history.end(0, entry(text));
    CHECK(history.size() == 3);
    auto const all = history.page(0, 100);
    REQUIRE(all.size() == 3);
    CHECK(all.front().terms.text == "five");
    CHECK(history.page(1, 1).at(0).terms.text == "four");
    CHECK(history.page(SIZE_MAX, SIZE_MAX).empty());
    CHECK(history.erase(all.front().id));
    CHECK_FALSE(history.erase(all.front().id));
    history.end(0, entry("six"));
    CHECK(history.page(0, 1).at(0).id > all.front().id);
    history.erase_all();
    CHECK(history.size() == 0);
}

TEST_CASE("the history opens while others write into the same file, as the library does when a node starts") {
    ScratchDatabase scratch;
    SearchHistory{scratch.file}.end(0, entry("walnut cake"));
    store::Database other{scratch.file};
    other.run("CREATE TABLE other (number INTEGER)");
    std::atomic<bool> stop{false};
    std::thread writer{[&] {
        while (!stop) {
            other.run("INSERT INTO other VALUES (1)");
            std::this_thread::yield();
        }
    }};
    for (int i = 0; i < 200; ++i) CHECK(SearchHistory{scratch.file}.size() == 1);
    stop = true;
    writer.join();
}

}  // namespace search_history_test
