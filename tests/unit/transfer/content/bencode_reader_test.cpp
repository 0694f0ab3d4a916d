#include "transfer/content/bencode_reader.hpp"

#include <catch2/catch.hpp>

#include "transfer/content/bencode.hpp"
#include "transfer/content/limits.hpp"

namespace bencode_reader_test {
using namespace praline;
using namespace praline::content;

TEST_CASE("what is bencoded is read back") {
    BencodeDictionary inner;
    inner.set("b", bencode(7)).set("a", bencode_list({bencode("x"), bencode(std::string_view{"\0", 1})}));
    auto const text = inner.text();
    auto const value = read_bencode(text);
    REQUIRE(value.has_value());
    CHECK(value->text() == text);
    CHECK(*value->find("b")->number() == 7);
    REQUIRE(value->find("a")->list()->size() == 2);
    CHECK(*value->find("a")->list()->front().bytes() == "x");
    CHECK(value->find("c") == nullptr);
    CHECK(value->number() == nullptr);
    CHECK(*read_bencode("i-3e")->number() == -3);
    CHECK(read_bencode("0:")->bytes()->empty());
    CHECK(*read_bencode("d1:ai1e1:ai2ee")->find("a")->number() == 1);
}

TEST_CASE("what is no bencoded value is refused") {
    for (auto const* const text : {"x", "ie", "i-0e", "i03e", "i1xe", "i99999999999999999999e", "-1:a", "01:a", "1:ab",
                                   "i1ei2e", "di1ei2ee", "1x:a", "leX", "i 1e"})
        CHECK(read_bencode(text).error() == WireError::bad_value);
    for (auto const* const text : {"", "i1", "l", "d", "5:abc", "d1:a", "l1:a", "9", "18446744073709551615:a"})
        CHECK(read_bencode(text).error() == WireError::truncated);
}

TEST_CASE("bencoded values are bounded in depth and number") {
    CHECK(read_bencode(std::string(bencode_depth_max + 2, 'l')).error() == WireError::limit_exceeded);
    std::string many = "l";
    for (std::size_t count = 0; count <= bencode_values_max; ++count) many += "0:";
    CHECK(read_bencode(many + "e").error() == WireError::limit_exceeded);
}

}  // namespace bencode_reader_test
