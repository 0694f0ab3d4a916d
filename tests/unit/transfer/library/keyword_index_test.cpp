#include "transfer/library/keyword_index.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "node/base/rng.hpp"
#include "node/wire/keywords.hpp"
#include "transfer/library/limits.hpp"

namespace keyword_index_test {
using praline::Rng;
using praline::library::KeywordIndex;
using praline::library::Matches;

namespace {

using Words = std::vector<std::string>;
using Ids = std::vector<std::uint32_t>;

Ids sorted(Ids ids) {
    std::sort(ids.begin(), ids.end());
    return ids;
}

Ids find(KeywordIndex const& index, Words const& asked, std::size_t most) { return index.find(asked, {most}).ids; }

/// The same promise, kept slowly.
struct Twin {
    std::map<std::uint32_t, Words> names;
    [[nodiscard]] Ids find(Words const& beginnings) const {
        Ids found;
        for (auto const& [id, words] : names) {
            bool const has_leader = std::any_of(beginnings.begin(), beginnings.end(), praline::wire::can_lead);
            if (has_leader && praline::wire::has_words(beginnings, words)) found.push_back(id);
        }
        return found;
    }
    [[nodiscard]] Words words() const {
        Words all;
        for (auto const& [id, words] : names) all.insert(all.end(), words.begin(), words.end());
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        return all;
    }
};

}  // namespace

TEST_CASE("a file is found by the beginnings of its words, in any order") {
    KeywordIndex index;
    index.add(1, {"moby", "dick", "txt"});
    index.add(2, {"moby", "duck", "ogg"});
    CHECK(sorted(find(index, {"mob"}, 10)) == Ids{1, 2});
    CHECK(find(index, {"di", "moby"}, 10) == Ids{1});
    CHECK(find(index, {"mobydick"}, 10).empty());
    CHECK(find(index, {"oby"}, 10).empty());
    CHECK(find(index, {"moby", "pdf"}, 10).empty());
    CHECK(find(index, {}, 10).empty());
    CHECK(find(index, {"moby"}, 1).size() == 1);
    CHECK(find(index, {"moby"}, 0).empty());
}

TEST_CASE("a file that has gone is not found, and its words go with the last that has them") {
    KeywordIndex index;
    index.add(1, {"one", "common"});
    index.add(2, {"two", "common", "common"});
    index.remove({1});
    index.remove({1});
    index.remove({77});
    CHECK(find(index, {"common"}, 10) == Ids{2});
    CHECK(index.words() == Words{"common", "two"});
}

TEST_CASE("random files come and go, and the index agrees with a slow twin") {
    Rng rng{1};
    std::vector<std::string> const letters{"a", "b", "c", "d", "東", "京", "物", "ø"};
    auto const word = [&] {
        // Of one script, as canonical words are.
        auto const first = rng.below(4) == 0 ? 4U : 0U;
        std::string text;
        for (std::uint64_t left = 1 + rng.below(4); left > 0; --left)
            text += letters[first + rng.below(first == 0 ? 4 : 3)];
        return rng.below(10) == 0 ? letters.back() : text;
    };
    KeywordIndex index;
    Twin twin;
    std::uint32_t next_id = 1;
    for (int step = 0; step < 4000; ++step) {
        if (rng.below(3) != 0 || twin.names.empty()) {
            Words words(rng.below(6));
            for (auto& text : words) text = word();
            index.add(next_id, words);
            twin.names[next_id++] = words;
        } else {
            Ids gone;
            for (auto left = 1 + rng.below(4); left > 0 && !twin.names.empty(); --left) {
                auto victim = twin.names.begin();
                std::advance(victim, static_cast<std::ptrdiff_t>(rng.below(twin.names.size())));
                gone.push_back(victim->first);
                twin.names.erase(victim);
            }
            index.remove(gone);
        }
        Words asked(rng.below(4));
        for (auto& text : asked) text = word();
        Ids const expected = twin.find(asked);
        auto const found = index.find(asked, {100'000, rng.next()});
        if (found.all_looked_at) REQUIRE(sorted(found.ids) == expected);
        auto const ids = sorted(found.ids);
        REQUIRE(std::includes(expected.begin(), expected.end(), ids.begin(), ids.end()));
        std::size_t const most = rng.below(5);
        if (found.all_looked_at) REQUIRE(find(index, asked, most).size() == std::min(most, expected.size()));
        if (step % 100 == 0) REQUIRE(index.words() == twin.words());
    }
}

TEST_CASE("more words than a name or a query may have are not looked at") {
    using namespace praline::library;
    KeywordIndex index;
    Words words;
    for (std::size_t i = 0; i <= name_words_max; ++i) words.push_back("w" + std::to_string(i));
    index.add(1, words);
    CHECK(index.word_count() == name_words_max);
    CHECK(find(index, {words.front()}, 10) == Ids{1});
    CHECK(find(index, {words.back()}, 10).empty());
    Words different;
    for (std::size_t i = 0; i <= query_words_max; ++i)
        different.push_back("w" + std::to_string(i % 2) + std::string(i, 'x'));
    CHECK(find(index, different, 10).empty());
    CHECK(find(index, Words(query_words_max + 1, "w1"), 10) == Ids{1});
}

TEST_CASE("words without blanks are found anywhere in a run") {
    KeywordIndex index;
    index.add(1, {"東京物語", "1953", "mkv"});
    index.add(2, {"京都", "物語"});
    CHECK(sorted(find(index, {"物語"}, 10)) == Ids{1, 2});
    CHECK(sorted(find(index, {"京"}, 10)) == Ids{1, 2});
    CHECK(find(index, {"京物語"}, 10) == Ids{1});
    CHECK(find(index, {"京語"}, 10).empty());
    CHECK(find(index, {"都物"}, 10).empty());
    index.remove({1});
    CHECK(find(index, {"物語"}, 10) == Ids{2});
    CHECK(find(index, {"京物"}, 10).empty());
}

TEST_CASE("the cost of a query is bounded, whatever it asks for") {
    using namespace praline::library;
    KeywordIndex index;
    for (std::uint32_t id = 1; id <= 20'000; ++id)
        index.add(id, {"open", "track", std::to_string(id), "1", "2", "3", "4", "5", "6", "7", "8", "9", "東京物語"});
    Words many;
    for (int i = 0; i < 62; ++i) many.push_back(std::to_string(i));
    Words repeated(62, "1");
    many.push_back("zzzzq");
    repeated.push_back("zzzzq");
    auto const one = index.find({"open"}, {10}).steps;
    for (auto const& asked : {Words{"1", "zzzzq"}, repeated, many, Words{"zzzzq"}}) {
        CHECK(index.find(asked, {10}).ids.empty());
        CHECK(index.find(asked, {10}).steps <= 2 * one);  // a word that is nowhere ends it
    }
    Words present{"open", "track", "nowhere"};
    for (int i = 1; i <= 9; ++i) present.push_back(std::to_string(i));
    for (auto const& asked : {Words{"open", "t", "q"}, present, Words{"東京", "京物語", "物", "q"},
                              Words{"1", "2", "3"}, Words{"11", "12"}})
        CHECK(index.find(asked, {100'000}).steps <=
              query_steps_max + query_words_max * (unspaced_steps + lookup_steps));
    CHECK(index.find({"1", "2", "q"}, {10}).ids.empty());
}

TEST_CASE("of many files that match, another start finds others") {
    KeywordIndex index;
    for (std::uint32_t id = 1; id <= 1000; ++id) index.add(id, {"common", "c" + std::to_string(id)});
    auto const first = index.find({"common"}, {50, 0});
    auto const second = index.find({"common"}, {50, 500});
    REQUIRE(first.ids.size() == 50);
    REQUIRE(second.ids.size() == 50);
    CHECK(first.ids != second.ids);
    CHECK_FALSE(first.all_looked_at);
    // Every start finds all when there is room for all.
    for (std::uint64_t const start : {0U, 1U, 999U, 1000U, 12'345U})
        CHECK(index.find({"c"}, {10'000, start}).ids.empty());
    for (std::uint64_t const start : {0U, 1U, 999U, 1000U, 12'345U})
        CHECK(index.find({"com"}, {10'000, start}).ids.size() == 1000);
}

TEST_CASE("files that are not accepted make room for others") {
    KeywordIndex index;
    for (std::uint32_t id = 1; id <= 100; ++id) index.add(id, {"common"});
    auto const found = index.find({"common"}, {10, 0, [](std::uint32_t id) { return id > 50; }});
    CHECK(sorted(found.ids) == Ids{51, 52, 53, 54, 55, 56, 57, 58, 59, 60});
}

}  // namespace keyword_index_test
