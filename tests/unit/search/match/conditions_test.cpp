#include "search/match/conditions.hpp"

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"
#include "search/match/limits.hpp"
#include "search/match/search_text.hpp"

namespace conditions_test {
using namespace praline;
using namespace praline::search;

namespace {

Conditions of(std::string_view text) {
    auto asked = split_search_text(text);
    REQUIRE(asked.conditions.problem().empty());
    return asked.conditions;
}

constexpr std::uint64_t mebi = 1024 * 1024;

}  // namespace

TEST_CASE("a size is a limit, included or not, or a range") {
    CHECK(of("size:>10M").fits("a", 10 * mebi + 1));
    CHECK_FALSE(of("size:>10M").fits("a", 10 * mebi));
    CHECK(of("size:>=10MiB").fits("a", 10 * mebi));
    CHECK(of("SIZE:<1.5kb").fits("a", 1535));
    CHECK_FALSE(of("size:<1.5k").fits("a", 1536));
    CHECK(of("size:<=7").fits("a", 7));
    auto const between = of("size:1M..2M");
    CHECK((between.fits("a", mebi) && between.fits("a", 2 * mebi)));
    CHECK_FALSE((between.fits("a", mebi - 1) || between.fits("a", 2 * mebi + 1)));
    CHECK_FALSE(of("size:>1M size:<2M").fits("a", 2 * mebi));
    CHECK(of("size:<1023T").fits("a", 5));
}

TEST_CASE("sizes go up to a limit, and none beyond it is taken for a small one") {
    CHECK_FALSE(of("size:>1048576T").fits("a", std::uint64_t{1} << 60));
    CHECK(of("size:>1048576T").fits("a", (std::uint64_t{1} << 60) + 1));
    CHECK_FALSE(of("size:>3000000000").fits("a", 3'000'000'000));
    for (auto const* beyond : {"size:>16777216T", "size:>1048577T", "size:>1048576.001T", "size:>16777217T",
                               "size:<18446744073709551615", "size:<18446744073709551616", "size:0..1073741823T"}) {
        INFO(beyond);
        auto const problem = split_search_text(beyond).conditions.problem();
        CHECK(problem.find("is not understood. Write size:>10M, ") != std::string::npos);
        CHECK(problem.find("at most 1048576T") != std::string::npos);
    }
}

TEST_CASE("kinds and endings are asked for or left out, and of several one is enough") {
    CHECK(of("type:audio").fits("song.flac", 1));
    CHECK_FALSE(of("type:audio").fits("film.mkv", 1));
    CHECK(of("type:audio type:video").fits("film.mkv", 1));
    CHECK_FALSE(of("-type:program").fits("setup.exe", 1));
    CHECK(of("ext:FLAC ext:.ogg").fits("song.OGG", 1));
    CHECK_FALSE(of("ext:flac").fits("flac", 1));
    CHECK(of("ext:tar.gz").fits("all.tar.gz", 1));
    CHECK_FALSE(of("-ext:mp3").fits("song.mp3", 1));
}

TEST_CASE("a condition is no word of the search, unless it is quoted or of no known kind") {
    auto const text = split_search_text("angel sources:>2 \"type:audio\" re:zero -size:>1M");
    CHECK(text.wanted == "angel type:audio re:zero");
    CHECK(text.conditions.sources_min() == 3);
    CHECK(text.conditions.shown() == std::vector<std::string>{"sources:>2"});
    CHECK(text.problem().find("\"-size:>1m\" is not understood") == 0);
    CHECK(split_search_text(literal_search_text("ext:flac and size:>1M.txt")).conditions.shown().empty());
}

TEST_CASE("what is not understood is said with what would be") {
    for (auto const* bad : {"type:", "type:song", "ext:", "size:", "size:10M", "size:>", "size:>1X", "size:>1.2.3M",
                            "size:>99999999999T", "size:<0", "size:..", "sources:2", "sources:>", "sources:>1000000"}) {
        INFO(bad);
        CHECK_FALSE(split_search_text(bad).conditions.problem().empty());
    }
    std::string many;
    for (std::size_t at = 0; at <= conditions_max; ++at) many += " type:audio";
    CHECK_FALSE(split_search_text(many).conditions.problem().empty());
}

TEST_CASE("any text is taken, and nothing of it changes what a search without conditions shows") {
    constexpr std::string_view letters = "size:>.<=0123MkiB ext:typesourcesaudio\"-";
    Rng rng{7};
    for (int run = 0; run < 2000; ++run) {
        std::string text;
        for (int at = 0; at < 20; ++at) text += letters[rng.below(letters.size())];
        auto const asked = split_search_text(text);
        if (!asked.conditions.any()) REQUIRE(asked.conditions.fits("name.txt", 5));
    }
}

}  // namespace conditions_test
