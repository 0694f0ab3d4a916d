#include "transfer/content/metalink.hpp"

#include <catch2/catch.hpp>

namespace praline::content::metalink_test {
namespace {

TEST_CASE("a Metalink file names the file, its size, its hash and where it is") {
    Metalink metalink;
    metalink.name = "folder/a & b.bin", metalink.size_bytes = 5, metalink.generator = "Praline";
    metalink.sha1.bytes[0] = 0xAB;
    metalink.urls = {"http://192.0.2.1:6346/x?a&b", "http://192.0.2.2:6346/x"};
    REQUIRE(format_metalink(metalink) ==
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">\n"
            "  <generator>Praline</generator>\n"
            "  <file name=\"a &amp; b.bin\">\n"
            "    <size>5</size>\n"
            "    <hash type=\"sha-1\">ab00000000000000000000000000000000000000</hash>\n"
            "    <url priority=\"1\">http://192.0.2.1:6346/x?a&amp;b</url>\n"
            "    <url priority=\"2\">http://192.0.2.2:6346/x</url>\n"
            "  </file>\n"
            "</metalink>\n");
    metalink.urls.pop_back();
    CHECK(format_metalink(metalink).find("    <url>http://192.0.2.1:6346/x?a&amp;b</url>\n") != std::string::npos);
}

TEST_CASE("no name can end the tag or attribute that holds it, or be what XML cannot hold") {
    REQUIRE(xml_text("<a b=\"c\">&") == "&lt;a b=&quot;c&quot;&gt;&amp;");
    REQUIRE(xml_text("a\nb\tc") == "a&#10;b&#9;c");
    REQUIRE(xml_text(std::string_view{"a\0b\x1B", 4}) ==
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
    REQUIRE(xml_text("\xEF\xBF\xBE!") == "\xEF\xBF\xBD!");
    REQUIRE(xml_text("caf\xE9") == "caf\xEF\xBF\xBD");
    REQUIRE(xml_text("Été") == "Été");
}

}  // namespace
}  // namespace praline::content::metalink_test
