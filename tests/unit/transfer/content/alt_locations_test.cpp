#include "transfer/content/alt_locations.hpp"

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"

namespace praline::content::alt_locations_test {

namespace {

using namespace std::chrono_literals;

Endpoint at(char const* text) { return *Endpoint::parse(text); }
Address from(char const* text) { return *Address::parse(text); }
Sha1 file(std::uint8_t number) {
    Sha1 sha1;
    sha1.bytes[0] = number;
    return sha1;
}
Instant after(Duration time) { return Instant{} + 24h + time; }

struct Table {
    AltLocations locations;
    AltLocations::Asker asker{from("88.1.1.1"), {}, true};
    std::vector<Endpoint> told(Duration time = 0s) const {
        return locations.confirmed(file(1), asker, 10, after(time));
    }
    bool named(char const* location, char const* namer, Duration time = 0s) {
        return locations.named(file(1), at(location), from(namer), after(time));
    }
    void denied(char const* location, char const* namer) {
        locations.denied(file(1), at(location), from(namer), after(0s));
    }
};

}  // namespace

TEST_CASE("a location is passed on when it named itself, served this node, or three parties name it") {
    Table table;
    CHECK(table.named("5.5.5.5:6346", "5.5.5.5"));
    CHECK(table.told() == std::vector{at("5.5.5.5:6346")});
    CHECK(table.named("6.6.6.6:6346", "1.1.1.1"));
    CHECK(table.named("6.6.6.6:6346", "1.1.1.77"));
    CHECK(table.named("6.6.6.6:6346", "2.2.2.2"));
    CHECK(table.told().size() == 1);
    CHECK(table.named("6.6.6.6:6346", "3.3.3.3"));
    CHECK(table.told().size() == 2);
    table.locations.served(file(1), at("7.7.7.7:6346"), after(1s));
    CHECK(table.told().front() == at("7.7.7.7:6346"));
    CHECK(table.locations.confirmed(file(2), table.asker, 10, after(0s)).empty());
    CHECK(table.locations.confirmed(file(1), table.asker, 2, after(0s)).size() == 2);
}

TEST_CASE("what was said or tried half a day ago does not count, and is dropped when its file is spoken of") {
    Table table;
    CHECK(table.named("5.5.5.5:6346", "5.5.5.5"));
    table.locations.served(file(1), at("7.7.7.7:6346"), after(0s));
    CHECK(table.told(12h).size() == 2);
    CHECK(table.told(13h).empty());
    CHECK(table.named("6.6.6.6:6346", "6.6.6.6", 13h));
    CHECK(table.locations.size(file(1)) == 1);
}

TEST_CASE("a denial takes back the word of its own party, and never what others said") {
    Table table;
    for (auto const* namer : {"1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"}) CHECK(table.named("6.6.6.6:6346", namer));
    table.denied("6.6.6.6:6346", "4.4.4.9");
    CHECK(table.told().empty());  // three for it, one against
    CHECK(table.named("6.6.6.6:6346", "4.4.4.4"));
    CHECK(table.told().size() == 1);
    // However many deny it, the claims of the others stay: once the denials are old, it counts again.
    for (auto const* namer : {"9.1.1.1", "9.2.1.1", "9.3.1.1", "9.4.1.1", "9.5.1.1", "9.6.1.1", "9.7.1.1"})
        table.denied("6.6.6.6:6346", namer);
    CHECK(table.told().empty());
    CHECK(table.locations.size(file(1)) == 1);
    // Two liars do not speak louder than the address itself, nor than what this node has seen.
    CHECK(table.named("5.5.5.5:6346", "5.5.5.5"));
    table.denied("5.5.5.5:6346", "9.1.1.1");
    table.denied("5.5.5.5:6346", "9.2.1.1");
    CHECK(table.told() == std::vector{at("5.5.5.5:6346")});
    table.denied("5.5.5.5:6346", "9.3.1.1");
    CHECK(table.told().empty());
    table.locations.served(file(1), at("5.5.5.5:6346"), after(0s));
    CHECK(table.told() == std::vector{at("5.5.5.5:6346")});
    table.denied("1.2.3.4:1", "9.3.1.1");
    CHECK(table.locations.size(file(1)) == 2);
}

TEST_CASE("a location that refused this node is not passed on for two hours, whoever names it") {
    Table table;
    CHECK(table.named("5.5.5.5:6346", "5.5.5.5"));
    table.locations.refused(file(1), at("5.5.5.5:6346"), after(0s));
    CHECK_FALSE(table.named("5.5.5.5:6346", "5.5.5.5", 1h));
    CHECK(table.told(1h).empty());
    CHECK(table.locations.refusing(file(1), table.asker, 10, after(1h)) == std::vector{at("5.5.5.5:6346")});
    CHECK(table.named("5.5.5.5:6346", "5.5.5.5", 3h));
    CHECK(table.told(3h).size() == 1);
    CHECK(table.locations.refusing(file(1), table.asker, 10, after(3h)).empty());
}

TEST_CASE("one address that others speak of is kept a few times only, whatever files and ports are named") {
    AltLocations locations;
    std::size_t kept = 0;
    for (std::uint16_t port = 1; port <= 100; ++port)
        for (std::uint8_t number = 0; number < 100; ++number)
            kept += locations.named(file(number), {from("66.6.6.6"), port}, from("1.1.1.1"), after(0s)) ? 1 : 0;
    CHECK(kept == AltLocationLimits{}.hearsay_per_target_max);
    // A server of many files is no stranger to what it says itself.
    for (std::uint8_t number = 100; number < 120; ++number)
        CHECK(locations.named(file(number), at("66.6.6.6:6346"), from("66.6.6.6"), after(0s)));
    // Of one file it may name some ports, and two of them are passed on.
    kept = 0;
    for (std::uint16_t port = 1; port <= 20; ++port)
        kept += locations.named(file(200), {from("5.5.5.5"), port}, from("5.5.5.5"), after(0s)) ? 1 : 0;
    CHECK(kept == AltLocationLimits{}.per_address_max);
    CHECK(locations.confirmed(file(200), {from("88.1.1.1"), {}, true}, 10, after(0s)).size() ==
          AltLocationLimits{}.told_per_address_max);
}

TEST_CASE("when the table is full the oldest location of the party that named most is evicted") {
    AltLocationLimits limits;
    limits.locations_max = 10;
    limits.per_namer_max = 8;
    limits.per_file_max = 6;
    AltLocations locations{limits};
    CHECK(locations.named(file(1), at("5.5.5.5:1"), from("5.5.5.5"), after(0s)));
    for (std::uint32_t number = 0; number < 100; ++number)
        locations.named(file(static_cast<std::uint8_t>(number % 7)), {0x21000001 + number * 0x10000, 6346},
                        from("1.1.1.1"), after(1s));
    CHECK(locations.size() == 9);
    for (std::uint32_t number = 0; number < 6; ++number) {
        Address const own = Address::v4(0x42000001 + number * 0x10000);
        CHECK(locations.named(file(1), {own, 6346}, own, after(2s)));
    }
    CHECK(locations.size() <= 10);
    CHECK(locations.size(file(1)) == 6);
}

TEST_CASE("addresses of a machine or a network are spoken of there alone") {
    Table table;
    CHECK_FALSE(table.named("127.0.0.1:6346", "88.2.2.2"));
    CHECK_FALSE(table.named("10.0.0.1:6346", "88.2.2.2"));
    CHECK_FALSE(table.named("169.254.1.1:80", "88.2.2.2"));
    CHECK_FALSE(table.named("[::1]:6346", "88.2.2.2"));
    CHECK_FALSE(table.named("[2002:7f00:1::1]:6346", "88.2.2.2"));
    CHECK_FALSE(table.named("127.0.0.1:6346", "10.0.0.1"));
    CHECK_FALSE(table.named("0.0.0.0:6346", "127.0.0.1"));
    CHECK(table.locations.size() == 0);
    CHECK(table.named("10.0.0.1:6346", "10.0.0.1"));
    CHECK(table.named("127.0.0.1:6346", "127.0.0.1"));
    CHECK(table.told().empty());
    table.asker.address = from("10.0.0.7");
    CHECK(table.told() == std::vector{at("10.0.0.1:6346")});
    table.asker.address = from("127.0.0.1");
    CHECK(table.told().size() == 2);
}

TEST_CASE("an asker is told neither of itself nor of addresses it cannot use, and this node's own is never kept") {
    Table table;
    table.locations.set_own(at("99.9.9.9:6346"));
    CHECK_FALSE(table.named("99.9.9.9:6346", "99.9.9.9"));
    table.locations.served(file(1), at("99.9.9.9:6346"), after(0s));
    CHECK(table.locations.size() == 0);
    CHECK(table.named("88.1.1.1:6346", "88.1.1.1"));
    CHECK(table.named("[2a00::5]:6346", "2a00::5"));
    CHECK(table.told() == std::vector{at("[2a00::5]:6346")});
    table.asker.takes_v6 = false;
    CHECK(table.told().empty());
    CHECK(table.named("127.0.0.1:7001", "127.0.0.1"));
    CHECK(table.named("127.0.0.1:7002", "127.0.0.1"));
    AltLocations::Asker const local{from("127.0.0.1"), {at("127.0.0.1:7001")}, false};
    CHECK(table.locations.confirmed(file(1), local, 10, after(0s)) ==
          std::vector{at("88.1.1.1:6346"), at("127.0.0.1:7002")});
}

TEST_CASE("whatever peers say, the table keeps its limits") {
    Rng rng{7};
    AltLocationLimits limits;
    limits.locations_max = 60;
    limits.per_namer_max = 20;
    limits.per_file_max = 16;
    AltLocations locations{limits};
    Duration time = 0s;
    for (int step = 0; step < 30'000; ++step) {
        auto const which = file(static_cast<std::uint8_t>(rng.below(9)));
        auto const network = 0x05000000 + static_cast<std::uint32_t>(rng.below(12)) * 0x10000;
        Address const namer = Address::v4(network + 1);
        Endpoint const location{0x05000001 + static_cast<std::uint32_t>(rng.below(12)) * 0x10000,
                                static_cast<std::uint16_t>(1 + rng.below(8))};
        time += std::chrono::seconds{rng.below(20)};
        switch (rng.below(8)) {
            case 0: locations.denied(which, location, namer, after(time)); break;
            case 1: locations.served(which, location, after(time)); break;
            case 2: locations.refused(which, location, after(time)); break;
            default: locations.named(which, location, namer, after(time)); break;
        }
        std::size_t all = 0;
        for (std::uint8_t number = 0; number < 9; ++number) {
            CHECK(locations.size(file(number)) <= limits.per_file_max);
            all += locations.size(file(number));
        }
        REQUIRE(all == locations.size());
        REQUIRE(all <= limits.locations_max);
    }
    CHECK(locations.size() > 20);
}

}  // namespace praline::content::alt_locations_test
