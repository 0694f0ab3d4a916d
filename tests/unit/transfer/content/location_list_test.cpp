#include "transfer/content/location_list.hpp"

#include <catch2/catch.hpp>

#include "transfer/content/limits.hpp"

namespace praline::content::location_list_test {

namespace {

std::vector<NamedLocation> read(std::string_view value) {
    std::vector<NamedLocation> locations;
    read_locations(value, locations);
    return locations;
}

std::vector<Endpoint> endpoints_in(std::string_view value) {
    std::vector<Endpoint> endpoints;
    for (auto const& one : read(value)) endpoints.push_back(one.endpoint);
    return endpoints;
}

Endpoint at(char const* text) { return *Endpoint::parse(text); }

constexpr char const* urn = "urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB";

}  // namespace

TEST_CASE("a list of alternate locations names addresses, with the usual port where none is named") {
    CHECK(endpoints_in("1.2.3.4:6000, 5.6.7.8") == std::vector{at("1.2.3.4:6000"), at("5.6.7.8:6346")});
    CHECK(endpoints_in("[2a00::5]:5400,[2a00::6]") == std::vector{at("[2a00::5]:5400"), at("[2a00::6]:6346")});
    CHECK(endpoints_in("tls=C0, 1.2.3.4:1") == std::vector{at("1.2.3.4:1")});
    CHECK(endpoints_in("1.2.3.4:1 2002-04-30T08:30Z,,  ,5.6.7.8:2") == std::vector{at("1.2.3.4:1"), at("5.6.7.8:2")});
    CHECK(endpoints_in("1.2.3.4:1,1.2.3.4:1").size() == 1);
}

TEST_CASE("what is no host is left out of a list of alternate locations") {
    CHECK(read("").empty());
    CHECK(read("host.example.org:6346, 0.0.0.0:1, 224.0.0.1:6346, 1.2.3.4:0, 1.2.3.4:70000, 1.2.3, [::]:1").empty());
    CHECK(read("255.255.255.255:1, 1.2.3.4:port, :6346, [2a00::5, \xff\xfe").empty());
}

TEST_CASE("the older form of alternate locations is a URL with the hash of the file") {
    auto const url = std::string{"http://1.2.3.4:6347/uri-res/N2R?"} + urn;
    auto const found = read(url + " 2002-04-30T08:30Z, http://5.6.7.8/URI-RES/n2r?" + urn);
    REQUIRE(found.size() == 2);
    CHECK(found[0].endpoint == at("1.2.3.4:6347"));
    CHECK(found[0].sha1 == Urn::parse(urn)->sha1);
    CHECK(found[1].endpoint == at("5.6.7.8:80"));
    CHECK(read("http://1.2.3.4:6347/get/1/a.bin, http://1.2.3.4:6347, http://1.2.3.4/uri-res/N2R?urn:md5:x").empty());
    CHECK(read(std::string{"http://host.example.org/uri-res/N2R?"} + urn).empty());
}

TEST_CASE("of ten thousand alternate locations a few are kept, and no more than some are looked at") {
    std::string good, bad;
    for (unsigned number = 0; number < 10'000; ++number) {
        good += Endpoint{0x0A000000 + number * 256 + 1, 6346}.text() + ",";
        bad += "nonsense,";
    }
    CHECK(read(good).size() == locations_per_head_max);
    CHECK(read(bad + "1.2.3.4:1").empty());
    // Another field of the same head adds to the same list.
    auto locations = read(good);
    read_locations("9.9.9.9:1", locations);
    CHECK(locations.size() == locations_per_head_max);
}

TEST_CASE("a list of locations is read as it was written") {
    std::vector const endpoints{at("1.2.3.4:6000"), at("[2a00::5]:5400")};
    CHECK(location_list(endpoints) == "1.2.3.4:6000, [2a00::5]:5400");
    CHECK(endpoints_in(location_list(endpoints)) == endpoints);
}

}  // namespace praline::content::location_list_test
