#include "transfer/library/path_filter.hpp"

#include <catch2/catch.hpp>

namespace path_filter_test {
using namespace praline::library;

namespace {

bool fits(std::string_view filter, std::string_view path) {
    auto const folded = folded_for_filter(path);
    PathFilter const wanted{filter};
    return folded.empty() ? wanted.matches_ascii(path) : wanted.matches_folded(folded);
}

}  // namespace

TEST_CASE("a path fits that contains the text, folders too") {
    auto const* const path = "music/Miles Davis/Kind of Blue/01 So What.mp3";
    for (auto const* filter : {"Miles", "Kind of Blue", "hat", "davis/kind", "01 so", ".MP3", "music/", "  what  "})
        CHECK(fits(filter, path));
    for (auto const* filter : {"Coltrane", "Blue Note", "avis-kind", ".mp4", "musik"}) CHECK_FALSE(fits(filter, path));
}

TEST_CASE("case and accents do not count, in the path or in the filter") {
    CHECK(fits("ete", "s/Été_01.ogg"));
    CHECK(fits("ÉTÉ_0", "s/Été_01.ogg"));
    CHECK(fits("été", "s/ete.ogg"));
    CHECK(fits("łódź", "s/ŁÓDŹ miasto.txt"));
    CHECK(fits("ódź m", "s/ŁÓDŹ miasto.txt"));
    CHECK(fits("物語", "s/東京物語 1953.mkv"));
    CHECK(fits("топ", "s/Стоп.txt"));
    CHECK_FALSE(fits("стоя", "s/Стоп.txt"));
}

TEST_CASE("several words may stand in any order, punctuation counts where it is all there is") {
    CHECK(fits("dick moby", "s/Moby-Dick.txt"));
    CHECK(fits("what miles", "music/Miles Davis/So What.mp3"));
    CHECK_FALSE(fits("hat miles", "music/Miles Davis/So What.mp3"));
    CHECK(fits("C++", "s/c++ primer.pdf"));
    CHECK_FALSE(fits("C++", "s/c primer.pdf"));
    CHECK(fits("(", "s/film (1953).mkv"));
    CHECK_FALSE(fits("(", "s/film 1953.mkv"));
}

}  // namespace path_filter_test
