#include "transfer/library/counted_words.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "node/base/rng.hpp"

namespace counted_words_test {
using praline::Rng;
using praline::library::CountedWords;

namespace {

using Ids = std::vector<std::uint32_t>;
using Twin = std::map<std::string, std::set<std::uint32_t>>;

Ids walked(CountedWords const& words, std::string const& beginning, std::uint64_t start) {
    Ids ids;
    words.walk(words.range(beginning), start, [&](std::uint32_t id) { return ids.push_back(id), true; });
    return ids;
}

Ids of_twin(Twin const& twin, std::string const& beginning) {
    Ids ids;
    for (auto word = twin.lower_bound(beginning); word != twin.end() && word->first.starts_with(beginning); ++word)
        ids.insert(ids.end(), word->second.begin(), word->second.end());
    return ids;
}

}  // namespace

TEST_CASE("words of a beginning are counted and walked in order, round from anywhere") {
    CountedWords words;
    CHECK(words.range("a").count == 0);
    CHECK(walked(words, "", 0).empty());
    REQUIRE(words.add("star", 7) != nullptr);
    CHECK(words.add("star", 7) == nullptr);
    words.add("starling", 3);
    words.add("star", 5);
    words.add("stop", 9);
    CHECK(words.range("star").count == 3);
    CHECK(words.range("").count == 4);
    CHECK(walked(words, "star", 0) == Ids{5, 7, 3});
    CHECK(walked(words, "star", 2) == Ids{3, 5, 7});
    CHECK(walked(words, "star", 4) == Ids{7, 3, 5});
    CHECK(walked(words, "stark", 0).empty());
    words.remove("star", Ids{5, 6, 7});
    words.remove("nothing", Ids{5});
    CHECK(walked(words, "st", 0) == Ids{3, 9});
    CHECK(words.size() == 2);
}

TEST_CASE("thousands of words come and go, and every count is right") {
    Rng rng{3};
    CountedWords words;
    Twin twin;
    auto const word = [&] {
        std::string text;
        for (auto letters = 1 + rng.below(5); letters > 0; --letters) text += static_cast<char>('a' + rng.below(6));
        return text;
    };
    for (int step = 0; step < 30'000; ++step) {
        auto const text = word();
        // First it grows over many blocks, then it shrinks to nearly nothing.
        if (rng.below(10) < (step < 15'000 ? 9U : 1U)) {
            auto const id = static_cast<std::uint32_t>(rng.below(50));
            REQUIRE((words.add(text, id) != nullptr) == twin[text].insert(id).second);
        } else if (auto const known = twin.lower_bound(text); known != twin.end()) {
            Ids ids{known->second.begin(), known->second.end()};
            if (rng.below(2) == 0) ids.resize(1);
            words.remove(known->first, ids);
            for (auto const id : ids) known->second.erase(id);
            if (known->second.empty()) twin.erase(known);
        }
        if (step % 50 != 0) continue;
        auto const beginning = word().substr(0, rng.below(3));
        auto expected = of_twin(twin, beginning);
        REQUIRE(words.range(beginning).count == expected.size());
        auto const start = rng.next();
        if (!expected.empty())
            std::rotate(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(start % expected.size()),
                        expected.end());
        REQUIRE(walked(words, beginning, start) == expected);
        REQUIRE(words.size() == twin.size());
    }
}

}  // namespace counted_words_test
