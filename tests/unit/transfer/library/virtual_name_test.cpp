#include "transfer/library/virtual_name.hpp"

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"
#include "node/base/text.hpp"

namespace virtual_name_test {
using namespace praline;
using namespace praline::library;

TEST_CASE("names others see are valid UTF-8 without anything that steers") {
    CHECK(clean_name("plain name.txt") == "plain name.txt");
    CHECK(clean_name("\xC3\xA9t\xC3\xA9 \xE6\x97\xA5\xF0\x9F\x8E\xB5.ogg") ==
          "\xC3\xA9t\xC3\xA9 \xE6\x97\xA5\xF0\x9F\x8E\xB5.ogg");
    CHECK(clean_name("bad\xFF\xC3.txt") == "bad__.txt");
    CHECK(clean_name("new\nline\ttab\x7F") == "new_line_tab_");
    CHECK(clean_name("..\\up") == ".._up");
    CHECK(clean_name("txt\xE2\x80\xAE"
                     "exe") == "txt_exe");
    CHECK(clean_name("a\xC2\x85"
                     "b") == "a_b");
    CHECK(clean_name("") == "_");
}

TEST_CASE("any bytes give a clean name that stays as it is") {
    Rng rng{1};
    for (int round = 0; round < 5000; ++round) {
        std::string raw(rng.below(12), '\0');
        for (char& byte : raw) byte = static_cast<char>(rng.below(3) == 0 ? 0xC0 + rng.below(64) : rng.below(256));
        std::string const clean = clean_name(raw);
        REQUIRE(is_valid_utf8(clean));
        REQUIRE(clean.find('/') == std::string::npos);
        REQUIRE(clean_name(clean) == clean);
    }
}

TEST_CASE("a second folder of one name gets a number") {
    CHECK(unique_name("music", {}) == "music");
    CHECK(unique_name("music", {"music"}) == "music (2)");
    CHECK(unique_name("music", {"music", "music (2)"}) == "music (3)");
}

TEST_CASE("a path lies within a folder only at a slash") {
    CHECK(is_within("/a/b", "/a"));
    CHECK(is_within("/a", "/a"));
    CHECK(is_within("/a", "/"));
    CHECK_FALSE(is_within("/ab", "/a"));
    CHECK_FALSE(is_within("/", "/a"));
}

}  // namespace virtual_name_test
