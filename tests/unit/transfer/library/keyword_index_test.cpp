#include "transfer/library/keyword_index.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "node/base/rng.hpp"
#include "transfer/library/limits.hpp"

using praline::Rng;
using praline::library::KeywordIndex;

namespace {

using Words = std::vector<std::string>;
using Ids = std::vector<std::uint32_t>;

Ids sorted(Ids ids) {
    std::sort(ids.begin(), ids.end());
    return ids;
}

/// The same promise, kept slowly.
struct Twin {
    std::map<std::uint32_t, Words> names;
    [[nodiscard]] Ids find(Words const& beginnings) const {
        Ids found;
        for (auto const& [id, words] : names) {
            auto const fits = [&words = words](std::string const& beginning) {
                return std::any_of(words.begin(), words.end(),
                                   [&](std::string const& word) { return word.starts_with(beginning); });
            };
            if (!beginnings.empty() && std::all_of(beginnings.begin(), beginnings.end(), fits)) found.push_back(id);
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
    CHECK(sorted(index.find({"mob"}, 10)) == Ids{1, 2});
    CHECK(index.find({"di", "moby"}, 10) == Ids{1});
    CHECK(index.find({"mobydick"}, 10).empty());
    CHECK(index.find({"oby"}, 10).empty());
    CHECK(index.find({"moby", "pdf"}, 10).empty());
    CHECK(index.find({}, 10).empty());
    CHECK(index.find({"moby"}, 1).size() == 1);
    CHECK(index.find({"moby"}, 0).empty());
}

TEST_CASE("a file that has gone is not found, and its words go with the last that has them") {
    KeywordIndex index;
    index.add(1, {"one", "common"});
    index.add(2, {"two", "common", "common"});
    index.remove(1);
    index.remove(1);
    index.remove(77);
    CHECK(index.find({"common"}, 10) == Ids{2});
    CHECK(index.words() == Words{"common", "two"});
}

TEST_CASE("random files come and go, and the index agrees with a slow twin") {
    Rng rng{1};
    auto const word = [&] {
        std::string text;
        for (std::uint64_t letters = 1 + rng.below(4); letters > 0; --letters)
            text += static_cast<char>('a' + rng.below(4));
        return text;
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
            auto victim = twin.names.begin();
            std::advance(victim, static_cast<std::ptrdiff_t>(rng.below(twin.names.size())));
            index.remove(victim->first);
            twin.names.erase(victim);
        }
        Words beginnings(rng.below(4));
        for (auto& text : beginnings) text = word();
        Ids const expected = twin.find(beginnings);
        REQUIRE(sorted(index.find(beginnings, 100'000)) == expected);
        std::size_t const most = rng.below(5);
        REQUIRE(index.find(beginnings, most).size() == std::min(most, expected.size()));
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
    CHECK(index.find({words.front()}, 10) == Ids{1});
    CHECK(index.find({words.back()}, 10).empty());
    CHECK(index.find(Words(query_words_max + 1, "w"), 10).empty());
}
