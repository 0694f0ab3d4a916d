#include <catch2/catch.hpp>

#include "node/base/rng.hpp"
#include "node/base/text.hpp"
#include "transfer/download/limits.hpp"
#include "transfer/download/safe_name.hpp"

namespace praline::download::safe_name_test {

TEST_CASE("a name from the network is one plain component") {
    CHECK(safe_name("song.mp3") == "song.mp3");
    CHECK(safe_name("../../etc/passwd") == "passwd");
    CHECK(safe_name("C:\\Windows\\evil.exe") == "evil.exe");
    CHECK(safe_name("..") == "unnamed");
    CHECK(safe_name("") == "unnamed");
    CHECK(safe_name("a/") == "unnamed");
    CHECK(safe_name(".bashrc") == "bashrc");
    CHECK(safe_name("a\x01\x7f\nb") == "a___b");
    CHECK(safe_name(std::string_view{"a\0b", 3}) == "a_b");
    CHECK(safe_name("a\xff\xfe") == "a__");
    CHECK(safe_name("con.txt") == "_con.txt");
    CHECK(safe_name("COM1") == "_COM1");
    CHECK(safe_name("trailing. . ") == "trailing");
    CHECK(safe_name("gpj.\xE2\x80\xAE"
                    "exe") == "gpj._exe");
    CHECK(safe_name("\xC3\xA4rger.ogg") == "\xC3\xA4rger.ogg");
}

TEST_CASE("long names are cut between characters and keep their extension") {
    std::string long_name;
    for (int i = 0; i < 300; ++i) long_name += "\xC3\xA4";
    auto const name = safe_name(long_name + ".flac");
    CHECK(name.size() <= name_bytes_max);
    CHECK(name.ends_with(".flac"));
    CHECK(is_valid_utf8(name));
    auto const second = numbered_name(name, 2);
    CHECK(second.size() <= name_bytes_max);
    CHECK(second.ends_with(" (2).flac"));
    CHECK(numbered_name("a.tar", 12) == "a (12).tar");
    CHECK(numbered_name("a", 2) == "a (2)");
    CHECK(numbered_name("a", 1) == "a");
}

TEST_CASE("no bytes make a name that leaves its folder") {
    Rng rng{7};
    for (int run = 0; run < 3000; ++run) {
        std::string raw;
        for (auto left = rng.below(300); left > 0; --left)
            raw += rng.below(3) == 0 ? "./\\"[rng.below(3)] : static_cast<char>(rng.below(256));
        auto const name = safe_name(raw);
        REQUIRE_FALSE(name.empty());
        REQUIRE(name.size() <= name_bytes_max);
        REQUIRE(name.find('/') == std::string::npos);
        REQUIRE(name.front() != '.');
        REQUIRE(is_valid_utf8(name));
        REQUIRE(safe_name(name) == name);
    }
}

}  // namespace praline::download::safe_name_test
