#include "search/session/row_index.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <tuple>

#include "node/base/rng.hpp"
#include "node/wire/keywords.hpp"
#include "search/session/limits.hpp"

namespace row_index_test {
using namespace praline;
using namespace praline::search;

namespace {

struct Table {
    explicit Table(std::vector<std::string> words = {}) : rows{std::move(words)} {}
    /// Row `number`, from a source of that number; the same row again with another source is one more source.
    void add(std::uint32_t number, std::string const& name, std::uint64_t size = 100, std::uint8_t source = 1,
             bool cached = false) {
        Urn urn;
        urn.sha1 = Sha1{{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8),
                         static_cast<std::uint8_t>(number >> 16)}};
        Source one;
        one.servent = Guid{{source}};
        one.name = name;
        if (cached) one.cached_seconds = 5;
        (void)rows.add(urn, size, std::move(one), SessionLimits{}, true, revision);
    }
    std::vector<std::string> names(RowQuery const& choice) {
        RowIndex index{choice};
        finish(index);
        return names(index);
    }
    /// @returns in how many steps.
    std::size_t finish(RowIndex& index) const {
        std::size_t steps = 1;
        for (; !index.advance(rows); ++steps) REQUIRE(steps < 1'000'000);
        return steps;
    }
    std::vector<std::string> names(RowIndex const& index) const {
        std::vector<std::string> out;
        for (auto const id : index.page(0, index.size())) out.push_back(rows.row(id)->name);
        return out;
    }
    ResultTable rows;
    std::uint64_t revision = 0;
};

using Names = std::vector<std::string>;

RowQuery ordered(RowOrder order, bool descending = false) {
    RowQuery choice;
    choice.order = order;
    choice.descending = descending;
    return choice;
}

/// What a row index must say, slowly.
std::vector<std::uint32_t> slow_twin(ResultTable const& table, RowQuery const& choice) {
    std::vector<ResultRow const*> rows;
    for (std::uint32_t id = 1; id <= table.size(); ++id) {
        auto const& row = *table.row(id);
        bool fits = row.sources.size() >= choice.sources_min && row.size_bytes >= choice.size_min &&
                    row.size_bytes <= choice.size_max;
        if (choice.kind) fits = fits && row.kind == *choice.kind;
        if (choice.fresh_only) fits = fits && !row.is_cached();
        for (auto const& word : wire::keywords(choice.text))
            fits = fits && row.canonical.find(word) != std::string::npos;
        if (fits) rows.push_back(&row);
    }
    auto const smaller = [&](ResultRow const& a, ResultRow const& b) {
        switch (choice.order) {
            case RowOrder::arrival: return a.id < b.id;
            case RowOrder::name: return a.canonical < b.canonical;
            case RowOrder::size: return a.size_bytes < b.size_bytes;
            case RowOrder::sources: return a.sources.size() < b.sources.size();
            case RowOrder::kind: return std::tie(a.kind, a.canonical) < std::tie(b.kind, b.canonical);
            case RowOrder::relevance: return a.relevance() < b.relevance();
        }
        return false;
    };
    std::stable_sort(rows.begin(), rows.end(), [&](ResultRow const* a, ResultRow const* b) {
        return choice.descending ? smaller(*b, *a) : smaller(*a, *b);
    });
    std::vector<std::uint32_t> ids;
    for (auto const* row : rows) ids.push_back(row->id);
    return ids;
}

}  // namespace

TEST_CASE("orders have names, and others are none") {
    CHECK(bool{row_order_named("relevance") == RowOrder::relevance});
    CHECK(bool{row_order_named("arrival") == RowOrder::arrival});
    CHECK_FALSE(row_order_named("colour"));
}

TEST_CASE("rows are sorted by name without regard to case, marks and punctuation, and equal ones stay as they came") {
    Table t;
    t.add(1, "Zebra.txt", 5);
    t.add(2, "\xC3\xA9tude.txt", 9);
    t.add(3, "apple_pie.txt", 5);
    CHECK(t.names(ordered(RowOrder::name)) == Names{"apple_pie.txt", "\xC3\xA9tude.txt", "Zebra.txt"});
    CHECK(t.names(ordered(RowOrder::name, true)) == Names{"Zebra.txt", "\xC3\xA9tude.txt", "apple_pie.txt"});
    CHECK(t.names(ordered(RowOrder::size, true)) == Names{"\xC3\xA9tude.txt", "Zebra.txt", "apple_pie.txt"});
    CHECK(t.names(ordered(RowOrder::size)) == Names{"Zebra.txt", "apple_pie.txt", "\xC3\xA9tude.txt"});
}

TEST_CASE("rows are chosen by words, kind, size, sources and freshness") {
    Table t;
    t.add(1, "walnut cake.pdf", 100);
    t.add(2, "walnut.mp3", 200, 1, true);
    t.add(3, "hazelnut.mp3", 300);
    t.add(3, "hazelnut.mp3", 300, 2);
    RowQuery choice;
    choice.text = "  WALNUT  ";
    CHECK(t.names(choice) == Names{"walnut cake.pdf", "walnut.mp3"});
    choice.kind = ContentKind::audio;
    CHECK(t.names(choice) == Names{"walnut.mp3"});
    choice.fresh_only = true;
    CHECK(t.names(choice).empty());
    choice = {};
    choice.size_min = 200;
    CHECK(t.names(choice) == Names{"walnut.mp3", "hazelnut.mp3"});
    choice.size_max = 200;
    CHECK(t.names(choice) == Names{"walnut.mp3"});
    choice = {};
    choice.sources_min = 2;
    CHECK(t.names(choice) == Names{"hazelnut.mp3"});
    choice = {};
    choice.text = "nut no-such-word";
    CHECK(t.names(choice).empty());
}

TEST_CASE("the most relevant is what was asked for and little else, then what many have") {
    Table t{{"walnut", "cake"}};
    t.add(1, "a cake with cream and perhaps a walnut on top of it.txt");
    t.add(2, "cake walnut.txt");
    t.add(3, "walnut cake.txt");
    CHECK(t.names(ordered(RowOrder::relevance, true)).front() == "walnut cake.txt");
    CHECK(t.names(ordered(RowOrder::relevance, true)).back().starts_with("a cake"));
    for (std::uint8_t source = 2; source < 60; ++source) t.add(2, "cake walnut.txt", 100, source);
    CHECK(t.names(ordered(RowOrder::relevance, true)).front() == "cake walnut.txt");
}

TEST_CASE("pages are parts of the whole, and past its end there is nothing") {
    Table t;
    for (std::uint32_t i = 1; i <= 10; ++i) t.add(i, "name");
    RowIndex index{RowQuery{}};
    t.finish(index);
    CHECK(index.page(0, 3) == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(index.page(8, 100) == std::vector<std::uint32_t>{9, 10});
    CHECK(index.page(10, 1).empty());
    CHECK(index.page(SIZE_MAX, SIZE_MAX).empty());
    CHECK(index.page(5, SIZE_MAX).size() == 5);
}

TEST_CASE("an index that is kept up to date says what a fresh sort would say") {
    Rng rng{77};
    for (int round = 0; round < 60; ++round) {
        Table t{{"nut"}};
        RowQuery choice = ordered(static_cast<RowOrder>(rng.below(6)), rng.below(2) == 0);
        if (rng.below(2) == 0) choice.text = "nut";
        if (rng.below(4) == 0) choice.sources_min = 2;
        if (rng.below(4) == 0) choice.fresh_only = true;
        if (rng.below(4) == 0) choice.kind = ContentKind::audio;
        RowIndex index{choice};
        for (int step = 0; step < 300; ++step) {
            auto const number = static_cast<std::uint32_t>(1 + rng.below(150));
            std::string const name = std::string(number % 5 == 0 ? 20 : 0, 'a') + "n" + std::string(rng.below(3), 'u') +
                                     "t " + std::to_string(number % 7) + (number % 3 == 0 ? ".mp3" : ".txt");
            t.add(number, name, number % 11, static_cast<std::uint8_t>(1 + rng.below(9)), rng.below(2) == 0);
            if (rng.below(10) != 0) continue;
            t.finish(index);
            REQUIRE(index.page(0, index.size()) == slow_twin(t.rows, choice));
        }
    }
}

TEST_CASE("many rows are sorted in steps, and what changes between the steps is in its place at the end") {
    Rng rng{5};
    constexpr std::uint32_t rows = 9000;
    std::array const stems{std::string{"walnut"}, std::string(8, 'a'), std::string(40, 'b'), std::string{}};
    for (auto const order :
         {RowOrder::arrival, RowOrder::name, RowOrder::size, RowOrder::sources, RowOrder::kind, RowOrder::relevance}) {
        for (bool const descending : {false, true}) {
            Table t{{"walnut"}};
            auto const add_one = [&](std::uint32_t number) {
                auto const& stem = stems[number % stems.size()];
                std::string const name =
                    stem.empty() ? "" : stem + std::to_string(number % 3000) + (number % 5 == 0 ? ".mp3" : ".txt");
                t.add(number, name, number % 4, static_cast<std::uint8_t>(rng.below(9)));
            };
            for (std::uint32_t number = 1; number <= rows; ++number) add_one(number);
            RowIndex index{ordered(order, descending)};
            std::size_t steps = 1;
            for (; !index.advance(t.rows); ++steps) {
                CHECK_FALSE(index.ready());
                for (int change = 0; steps < 20 && change < 50; ++change)
                    add_one(static_cast<std::uint32_t>(1 + rng.below(rows + 500)));
                t.add(static_cast<std::uint32_t>(4 * rng.below(rows / 4) + 3), "named at last", 3, 200);
            }
            CHECK(index.ready());
            CHECK(index.page(0, index.size()) == slow_twin(t.rows, index.choice()));
        }
    }
}

TEST_CASE("no step of sorting takes over more than it may, however many rows there are and whatever their names") {
    Table t;
    constexpr std::uint32_t rows = 40'000;
    for (std::uint32_t number = 1; number <= rows; ++number)
        t.add(number, std::string(200, 'x') + std::to_string(number * 7919 % rows));
    RowIndex index{ordered(RowOrder::name)};
    // Each of 200 bytes that all share is looked at, eight at a time, for every row.
    CHECK(t.finish(index) >= rows * (200 / 8) / index_step_max);
    CHECK(index.page(0, index.size()) == slow_twin(t.rows, index.choice()));
    for (std::uint32_t number = 1; number <= 5000; ++number) t.add(number, "", 100, 2);
    CHECK(t.finish(index) >= 5000 / changes_a_step_max);
    CHECK(index.page(0, index.size()) == slow_twin(t.rows, index.choice()));
    CHECK(t.finish(index) == 1);
}

}  // namespace row_index_test
