#include "node/base/text.hpp"

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"

namespace text_test {
using namespace praline;

namespace {

Bytes bytes_of(std::string_view text) {
    auto const view = as_view(text);
    return Bytes{view.begin(), view.end()};
}

Bytes random_bytes(Rng& rng, std::size_t count) {
    Bytes bytes(count);
    for (auto& byte : bytes) byte = static_cast<std::byte>(rng.below(256));
    return bytes;
}

}  // namespace

TEST_CASE("base32 has the values of its specification") {
    std::pair<std::string_view, std::string_view> const table[] = {
        {"", ""},
        {"f", "MY"},
        {"fo", "MZXQ"},
        {"foo", "MZXW6"},
        {"foob", "MZXW6YQ"},
        {"fooba", "MZXW6YTB"},
        {"foobar", "MZXW6YTBOI"},
    };
    for (auto const& [plain, text] : table) {
        REQUIRE(to_base32(as_view(plain)) == text);
        REQUIRE(from_base32(text) == bytes_of(plain));
        REQUIRE(from_base32(to_lower_ascii(text)) == bytes_of(plain));
    }
}

TEST_CASE("a GUID in base32 takes 26 characters") {
    REQUIRE(to_base32(*from_hex("a0a1a2a3a4a5a6a7ffa9aaabacadae00")) == "UCQ2FI5EUWTKP75JVKV2ZLNOAA");
}

TEST_CASE("base32 refuses foreign characters, padding and bits left over") {
    for (auto const bad : {"M0", "M1", "M8", "MY==", "M Y", "M", "MZ", "MZXW6Y", "MZXW6YR", "\xC3\x89"})
        REQUIRE_FALSE(from_base32(bad).has_value());
}

TEST_CASE("hexadecimal and base32 come back for any bytes") {
    Rng rng{1};
    for (std::size_t size = 0; size < 100; ++size) {
        auto const bytes = random_bytes(rng, size);
        REQUIRE(from_hex(to_hex(bytes)) == bytes);
        REQUIRE(from_base32(to_base32(bytes)) == bytes);
    }
    REQUIRE(from_hex("Ff00") == Bytes{std::byte{255}, std::byte{0}});
    for (auto const bad : {"f", "0g", "0x", " 00"}) REQUIRE_FALSE(from_hex(bad).has_value());
}

TEST_CASE("numbers are whole texts that fit") {
    REQUIRE(parse_number("0") == 0U);
    REQUIRE(parse_number("18446744073709551615") == ~std::uint64_t{0});
    for (auto const bad : {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "18446744073709551616"})
        REQUIRE_FALSE(parse_number(bad).has_value());
}

TEST_CASE("text is trimmed, split and compared without case") {
    REQUIRE(trim(" \t a b\r\n") == "a b");
    REQUIRE(trim("   ").empty());
    REQUIRE(split(" a, ,b ,", ',') == std::vector<std::string_view>{"a", "b"});
    REQUIRE(split("", ',').empty());
    REQUIRE(equals_ignoring_case("X-Try", "x-tRY"));
    REQUIRE_FALSE(equals_ignoring_case("X-Try", "X-Tr"));
    REQUIRE_FALSE(equals_ignoring_case("[", "{"));
}

TEST_CASE("UTF-8 is valid when each character is, and shortest") {
    for (auto const good : {"", "plain", "é", "日本", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"})
        REQUIRE(is_valid_utf8(good));
    for (auto const bad : {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE3\x82", "a\xFF"})
        REQUIRE_FALSE(is_valid_utf8(bad));
}

TEST_CASE("percent encoding comes back, and half escapes are refused") {
    REQUIRE(percent_encode("a b/é") == "a%20b%2F%C3%A9");
    REQUIRE(percent_decode("a%20b%2f") == "a b/");
    Rng rng{2};
    for (std::size_t size = 0; size < 60; ++size) {
        auto const bytes = random_bytes(rng, size);
        REQUIRE(percent_decode(percent_encode(as_text(bytes))) == as_text(bytes));
    }
    for (auto const bad : {"%", "%2", "a%2", "%zz", "%2g"}) REQUIRE_FALSE(percent_decode(bad).has_value());
}

}  // namespace text_test
