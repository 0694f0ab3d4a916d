#include "node/base/utf8.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "node/base/text.hpp"

namespace utf8_test {
using namespace praline;

/// As RFC 3629 writes them, by hand.
std::string encoded(std::uint32_t code) {
    auto const tail = [&](unsigned shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) return {static_cast<char>(code)};
    if (code < 0x800) return {static_cast<char>(0xC0 | (code >> 6)), tail(0)};
    if (code < 0x10000) return {static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0)};
    return {static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

TEST_CASE("each code point is read back from its bytes, but for surrogates, and from nothing less") {
    std::size_t wrong = 0;
    for (std::uint32_t code = 0; code < 0x110000; ++code) {
        auto const text = encoded(code);
        auto const longer = text + "x";
        auto const character = first_character(longer);
        bool const is_surrogate = code >= 0xD800 && code < 0xE000;
        bool const right =
            is_surrogate ? !character : character && character->code_point == code && character->bytes == text;
        bool const cut_off = text.size() > 1 && first_character(std::string_view{text}.substr(0, text.size() - 1));
        if (!right || cut_off || is_valid_utf8(text) == is_surrogate) ++wrong;
    }
    REQUIRE(wrong == 0);
    for (auto const bad : {"", "\x80", "\xC0\x80", "\xE0\x80\x80", "\xF4\x90\x80\x80", "\xFF"})
        REQUIRE_FALSE(first_character(bad));
}

TEST_CASE("a beginning does not end within a character") {
    std::string const text = "a\xC3\xA4\xE6\x97\xA5\xF0\x9F\x98\x80";
    REQUIRE(utf8_prefix(text, 100) == text);
    for (std::size_t most = 0; most < text.size(); ++most) {
        auto const cut = utf8_prefix(text, most);
        REQUIRE(cut.size() <= most);
        REQUIRE(is_valid_utf8(cut));
        REQUIRE(cut.size() + 4 > most);
    }
}

TEST_CASE("columns are those of a terminal") {
    REQUIRE(display_columns("") == 0);
    REQUIRE(display_columns("plain") == 5);
    REQUIRE(display_columns("\xC3\xA4rger") == 5);                      // one code point
    REQUIRE(display_columns("a\xCC\x88rger") == 5);                     // a, and a mark that combines with it
    REQUIRE(display_columns("\xE6\x97\xA5\xE6\x9C\xAC") == 4);          // two Chinese characters
    REQUIRE(display_columns("\xED\x95\x9C") == 2);                      // Korean
    REQUIRE(display_columns("\xEF\xBD\xB1") == 1);                      // a half-width one
    REQUIRE(display_columns("\xF0\x9F\x8D\xAB!") == 3);                 // a bar of chocolate
    REQUIRE(display_columns("\xE2\x80\x8B") == 0);                      // a blank of no width
    REQUIRE(display_columns("\xFF\x80") == 2);                          // no UTF-8: a sign for each byte
    REQUIRE(display_columns("\xD0\x9F\xD1\x80\xD0\xB0\xD0\xBB") == 4);  // Cyrillic
}

}  // namespace utf8_test
