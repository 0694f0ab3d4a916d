#include "transfer/content/magnet.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"

namespace magnet_test {
using namespace praline;
using namespace praline::content;

namespace {

std::string const sha1 = "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5";
std::string const root = "ASD4UJSEH5M47PDYB46KBTSQTSGDKLBHYXOMUIA";

}  // namespace

TEST_CASE("a magnet link gives topic, name, length and sources") {
    auto const magnet = parse_magnet("magnet:?xt=urn:bitprint:" + sha1 + "." + root +
                                     "&dn=A%20name+with%2Bsigns.txt&xl=3&xs=http%3A%2F%2F192.0.2.1%3A6346%2Fx&kt=a+b");
    REQUIRE(magnet.has_value());
    REQUIRE(magnet->topics.size() == 1);
    CHECK(magnet->urn()->sha1->base32() == sha1);
    CHECK(magnet->urn()->tiger_root->base32() == root);
    CHECK(magnet->name == "A name with+signs.txt");
    CHECK(magnet->keywords == "a b");
    CHECK(magnet->size_bytes == 3);
    CHECK(magnet->sources == std::vector<std::string>{"http://192.0.2.1:6346/x"});
}

TEST_CASE("topics of one link are put together, in any spelling of the keys") {
    auto const magnet = parse_magnet("MAGNET:?XT.1=urn%3Asha1%3A" + sha1 + "&xt.2=urn:tree:tiger:" + root +
                                     "&xt=urn:ed2k:31D6CFE0D16AE931B73C59D7E0C089C0&x.guid=1&novalue&=");
    REQUIRE(magnet.has_value());
    CHECK(magnet->topics.size() == 2);
    CHECK(magnet->urn()->text() == "urn:bitprint:" + sha1 + "." + root);
}

TEST_CASE("topics that contradict each other name no file") {
    auto const magnet = parse_magnet("magnet:?xt=urn:sha1:" + sha1 + "&xt=urn:sha1:" + std::string(32, 'A'));
    REQUIRE(magnet.has_value());
    CHECK(magnet->topics.size() == 2);
    CHECK_FALSE(magnet->urn());
    CHECK_FALSE(parse_magnet("magnet:?dn=x")->urn());
}

TEST_CASE("what is written is read back") {
    Magnet magnet;
    magnet.topics.push_back(*Urn::parse("urn:sha1:" + sha1));
    magnet.topics.push_back(*Urn::parse("urn:tree:tiger:" + root));
    magnet.name = "100% & more = \"+\" \xC3\xA9t\xC3\xA9/../x";
    magnet.keywords = "one two";
    magnet.size_bytes = 18'446'744'073'709'551'615ULL;
    magnet.sources = {"http://192.0.2.1/uri-res/N2R?urn:sha1:" + sha1, "a&b"};
    auto const back = parse_magnet(format_magnet(magnet));
    REQUIRE(back.has_value());
    CHECK(*back == magnet);
    CHECK(format_magnet(magnet).starts_with("magnet:?xt=urn:sha1:" + sha1 + "&xt="));
}

TEST_CASE("links that are none are refused") {
    CHECK(parse_magnet("").error() == WireError::bad_value);
    CHECK(parse_magnet("magnet:").error() == WireError::bad_value);
    CHECK(parse_magnet("http://x/?xt=urn:sha1:" + sha1).error() == WireError::bad_value);
    CHECK(parse_magnet("magnet:?xl=-1").error() == WireError::bad_value);
    CHECK(parse_magnet("magnet:?xl=99999999999999999999").error() == WireError::bad_value);
}

TEST_CASE("a magnet link is bounded in every direction") {
    CHECK(parse_magnet("magnet:?dn=" + std::string(magnet_bytes_max, 'a')).error() == WireError::limit_exceeded);
    std::string fields = "magnet:?";
    for (std::size_t i = 0; i <= magnet_fields_max; ++i) fields += "a=b&";
    CHECK(parse_magnet(fields).error() == WireError::limit_exceeded);
    std::string sources = "magnet:?";
    for (std::size_t i = 0; i <= magnet_sources_max; ++i) sources += "xs=b&";
    CHECK(parse_magnet(sources)->sources.size() == magnet_sources_max);
    CHECK(parse_magnet("magnet:?dn=" + std::string(magnet_name_bytes_max + 1, 'a'))->name.empty());
    CHECK(parse_magnet("magnet:?dn=%FF%FE")->name.empty());
}

TEST_CASE("links as they are found on web pages are read") {
    std::string const topic = "xt=urn:sha1:" + sha1;
    auto const name_of = [&](std::string const& rest) { return parse_magnet("magnet:?" + topic + "&" + rest)->name; };
    CHECK(name_of("dn=100% wool guide.txt") == "100% wool guide.txt");
    CHECK(name_of("dn=wool 50%") == "wool 50%");
    CHECK(name_of("dn=a%2") == "a%2");
    CHECK(name_of("amp;dn=%C3%A9t%C3%A9") == "\xC3\xA9t\xC3\xA9");
    std::string trackers;
    for (int number = 0; number < 400; ++number) trackers += "&tr=udp%3A%2F%2Ftracker.example.org%3A6969%2Fannounce";
    auto const reads = [&](std::string const& link) {
        auto const magnet = parse_magnet(link);
        return magnet && magnet->urn() && magnet->urn()->sha1 && magnet->urn()->sha1->base32() == sha1 &&
               magnet_problem(link).empty();
    };
    CHECK(reads("magnet:?" + topic + trackers));
    CHECK(reads("  \n<magnet:?" + topic + ">  "));
    CHECK(reads("Magnet://?" + topic));
    CHECK(reads("magnet:?dn=x&amp;XT.1=URN:SHA1:" + to_lower_ascii(sha1) + "&amp;xl=3"));
    CHECK(reads(
        "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&xt=urn:ed2k:31D6CFE0D16AE931B73C59D7E0C089C0&" +
        topic));
    CHECK(reads("magnet:?xt=urn:bitprint:" + sha1 + "." + root + "+urn:sha1:" + sha1));
    CHECK(reads("magnet:?xt=urn:sha1:" + to_hex(*from_base32(sha1))));
    auto const escaped =
        parse_magnet("magnet:?" + topic + "&xs=http%3A%2F%2F192.0.2.1%3A6346%2Furi-res%2FN2R%3Furn%3Asha1%3A" + sha1);
    CHECK(escaped->sources == std::vector<std::string>{"http://192.0.2.1:6346/uri-res/N2R?urn:sha1:" + sha1});
}

TEST_CASE("a link that numbers its fields may name several files") {
    std::string const other = std::string(32, 'A'), third = std::string(32, 'B');
    auto const link =
        "magnet:?xt.1=urn:sha1:" + sha1 + "&dn.1=one&xl.1=10&xs.1=http://192.0.2.1/a&xt.2=urn:sha1:" + other +
        "&dn.2=two&as.2=http%3A%2F%2F192.0.2.2%2Fb&kt=both&xt.2=urn:tree:tiger:" + root + "&xt.3=urn:sha1:" + third;
    auto const files = parse_magnets(link);
    REQUIRE(files.has_value());
    REQUIRE(files->size() == 3);
    CHECK(files->at(0).urn()->sha1->base32() == sha1);
    CHECK(files->at(0).name == "one");
    CHECK(files->at(0).size_bytes == 10);
    CHECK(files->at(0).sources == std::vector<std::string>{"http://192.0.2.1/a"});
    CHECK(files->at(1).urn()->text() == "urn:bitprint:" + other + "." + root);
    CHECK(files->at(1).name == "two");
    CHECK(files->at(1).sources == std::vector<std::string>{"http://192.0.2.2/b"});
    CHECK_FALSE(files->at(1).size_bytes);
    CHECK(files->at(2).urn()->sha1->base32() == third);
    CHECK(magnet_problem(link).empty());
    CHECK(*parse_magnet(link) == files->front());
}

TEST_CASE("numbers of the topics of one file name one file") {
    auto const one = [](std::string const& fields) {
        auto const files = parse_magnets("magnet:?" + fields);
        REQUIRE(files.has_value());
        CHECK(files->size() == 1);
        return files->front();
    };
    auto const bitprint = "urn:bitprint:" + sha1 + "." + root;
    CHECK(one("xt.1=urn:sha1:" + sha1 + "&xt.2=urn:tree:tiger:" + root + "&dn=x").urn()->text() == bitprint);
    CHECK(one("xt.1=urn:sha1:" + sha1 + "&xt.2=" + bitprint + "&xt=urn:btih:0123&dn.2=x&xl.1=3").urn()->text() ==
          bitprint);
    CHECK(one("xt.1=urn:sha1:" + sha1 + "&xs.1=a&xs.2=b&as.3=c&dn.9=x").sources ==
          std::vector<std::string>{"a", "b", "c"});
    CHECK(one("xt=urn:sha1:" + sha1 + "&x.pe=192.0.2.1:6346&x.pe=%5B2001:db8::1%5D:7").peers ==
          std::vector<std::string>{"192.0.2.1:6346", "[2001:db8::1]:7"});
    // Two hashes under one number are a mistake, not two files.
    auto const wrong =
        "xt.1=urn:sha1:" + sha1 + "&xt.1=urn:sha1:" + std::string(32, 'A') + "&xt.2=urn:tree:tiger:" + root;
    CHECK_FALSE(one(wrong).urn());
}

TEST_CASE("of several files the one that cannot be fetched says why") {
    auto const link = "magnet:?xt.1=urn:sha1:" + sha1 + "&dn.1=one&xt.2=urn:btih:0123&dn.2=two";
    REQUIRE(parse_magnets(link)->size() == 2);
    CHECK(magnet_problem(parse_magnets(link)->at(0)).empty());
    CHECK(magnet_problem(parse_magnets(link)->at(1)).find("only by urn:btih") != std::string::npos);
    CHECK(magnet_problem(link).find("only by urn:btih") != std::string::npos);
    std::string many = "magnet:?";
    for (std::size_t number = 0; number <= magnet_files_max; ++number) many += "dn." + std::to_string(number) + "=a&";
    CHECK(parse_magnets(many).error() == WireError::limit_exceeded);
}

TEST_CASE("a refused link is refused for the true reason") {
    auto const says = [](std::string const& link, std::string const& part) {
        return magnet_problem(link).find(part) != std::string::npos;
    };
    CHECK(says("magnet:?dn=x", "names no SHA-1"));
    CHECK(says("magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567", "only by urn:btih"));
    CHECK(says("magnet:?xt=urn:sha1:TOOSHORT", "damaged"));
    CHECK(says("magnet:?xt=urn:sha1:" + sha1 + "&xt=urn:sha1:" + std::string(32, 'A'), "contradict"));
    CHECK(says("magnet:?xt=urn:sha1:" + sha1 + "&xl=many", "xl"));
    CHECK(says("magnet:?xt=urn:sha1:" + sha1 + "&dn=" + std::string(magnet_bytes_max, 'a'), "too long"));
    CHECK(says("http://192.0.2.1/", "no magnet link"));
}

}  // namespace magnet_test
