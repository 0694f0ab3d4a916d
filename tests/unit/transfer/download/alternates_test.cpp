#include "transfer/download/alternates.hpp"

#include <catch2/catch.hpp>

namespace praline::download::alternates_test {

namespace {

using namespace std::chrono_literals;

Endpoint at(char const* text) { return *Endpoint::parse(text); }
Sha1 file(unsigned number) {
    Sha1 sha1;
    sha1.bytes[0] = static_cast<std::uint8_t>(number);
    sha1.bytes[1] = static_cast<std::uint8_t>(number >> 8);
    return sha1;
}
Instant after(Duration time) { return Instant{} + 24h + time; }

struct Desk {
    content::AltLocations table;
    Alternates alternates{&table};
    std::vector<Endpoint> read(std::string const& lines, char const* namer, unsigned number = 1, Duration time = 0s) {
        auto const reply = parse_response("HTTP/1.1 206 Partial\r\n" + lines + "\r\n");
        REQUIRE(reply.has_value());
        std::vector<Endpoint> endpoints;
        for (auto const& source : alternates.sources(*reply, file(number), at(namer), after(time))) {
            CHECK(source.from_hit);
            endpoints.push_back(source.endpoint);
        }
        return endpoints;
    }
};

}  // namespace

TEST_CASE("a reply names sources, each once in an hour, and neither itself nor addresses that are nobody's business") {
    Desk desk;
    CHECK(desk.read("X-Alt: 5.5.5.5:1, 1.1.1.1:6346, 127.0.0.1:1, 10.1.1.1:1\r\n", "1.1.1.1:6346") ==
          std::vector{at("5.5.5.5:1")});
    CHECK(desk.read("X-Alt: 5.5.5.5:1\r\n", "1.1.1.1:6346", 1, 59min).empty());
    CHECK(desk.read("X-Alt: 5.5.5.5:1\r\n", "2.2.2.2:6346", 1, 59min).empty());
    CHECK(desk.read("X-Alt: 5.5.5.5:1\r\n", "2.2.2.2:6346", 1, 61min).size() == 1);
    CHECK(desk.read("X-Alt: 5.5.5.5:1\r\n", "2.2.2.2:6346", 2, 61min).size() == 1);
    CHECK(desk.read("X-Gnutella-Alternate-Location: http://6.6.6.6:1/uri-res/N2R?urn:sha1:"
                    "PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB\r\n",
                    "1.1.1.1:6346")
              .empty());
}

TEST_CASE("liars cannot have a stranger called more than a few times, whatever files, ports and namers they have") {
    Desk desk;
    std::size_t calls = 0;
    for (unsigned number = 0; number < 300; ++number) {
        auto const namer = Endpoint{0x21000001 + number * 0x10000, 6346}.text();
        auto const port = std::to_string(1 + number % 3);
        calls += desk.read("X-Alt: 66.6.6.6:" + port + ", 66.6.6.6:9\r\n", namer.c_str(), number).size();
    }
    CHECK(calls > 0);
    CHECK(calls <= AlternateLimits{}.per_target_max);
}

TEST_CASE("one namer, and all of them together, give so many sources in an hour") {
    Desk desk;
    std::size_t given = 0, by_all = 0;
    auto const name = [&](unsigned number, char const* namer) {
        return desk.read("X-Alt: " + Endpoint{0x31000001 + number * 0x10000, 6346}.text() + "\r\n", namer, number)
            .size();
    };
    for (unsigned number = 0; number < 100; ++number) given += name(number, "1.1.1.1:6346");
    CHECK(given == AlternateLimits{}.per_namer_max);
    for (unsigned number = 100; number < 700; ++number)
        by_all += name(number, Endpoint{0x21000001 + number * 0x10000, 6346}.text().c_str());
    CHECK(given + by_all == AlternateLimits{}.total_max);
}

TEST_CASE("what delivered is named to others, what failed is named as bad and no source again") {
    Desk desk;
    desk.alternates.delivered(file(1), at("5.5.5.5:1"), after(0s));
    auto const lines = [&](std::optional<Endpoint> const& own, std::uint64_t bytes) {
        return desk.alternates.request_lines(file(1), at("1.1.1.1:6346"), own, bytes, after(1min));
    };
    CHECK(lines({}, 0) == "X-Alt: 5.5.5.5:1\r\n");
    CHECK(lines(at("7.7.7.7:7"), 0) == "X-Node: 7.7.7.7:7\r\nX-Alt: 5.5.5.5:1\r\n");
    CHECK(lines(at("7.7.7.7:7"), 99) == "X-Node: 7.7.7.7:7\r\nX-Downloaded: 99\r\nX-Alt: 7.7.7.7:7, 5.5.5.5:1\r\n");
    CHECK(lines(at("10.0.0.7:7"), 99) == "X-Alt: 5.5.5.5:1\r\n");
    desk.alternates.failed(file(1), at("5.5.5.5:1"), after(0s));
    CHECK(lines({}, 0) == "X-NAlt: 5.5.5.5:1\r\n");
    CHECK(desk.read("X-Alt: 5.5.5.5:1\r\n", "2.2.2.2:6346").empty());
}

TEST_CASE("a denial is noted against what others say, and gives no source") {
    Desk desk;
    for (auto const* namer : {"1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1"})
        static_cast<void>(desk.read("X-Alt: 5.5.5.5:1\r\n", namer));
    CHECK(desk.alternates.request_lines(file(1), at("9.9.9.9:1"), {}, 0, after(0s)) == "X-Alt: 5.5.5.5:1\r\n");
    CHECK(desk.read("X-NAlt: 5.5.5.5:1\r\n", "4.4.4.4:1").empty());
    CHECK(desk.alternates.request_lines(file(1), at("9.9.9.9:1"), {}, 0, after(0s)).empty());
    Alternates none{nullptr};
    CHECK(none.in_hit({at("5.5.5.5:1")}, file(1), at("1.1.1.1:1"), at("1.1.1.1:1").address, after(0s)).empty());
}

TEST_CASE("what hits name is tried within the same limits, charged to the peer they came from, and never passed on") {
    Desk desk;
    auto const hit = [&](std::vector<Endpoint> const& named, char const* source, char const* teller,
                         unsigned number = 1) {
        std::vector<Endpoint> found;
        for (auto const& one : desk.alternates.in_hit(named, file(number), at(source), at(teller).address, after(0s)))
            found.push_back(one.endpoint);
        return found;
    };
    CHECK(hit({at("5.5.5.5:1"), at("9.9.9.9:9"), at("127.0.0.1:1"), at("10.1.1.1:1")}, "9.9.9.9:9", "1.1.1.1:1") ==
          std::vector{at("5.5.5.5:1")});
    CHECK(hit({at("5.5.5.5:1")}, "9.9.9.9:9", "2.2.2.2:1").empty());
    // A hit that claims to come from the place it names, by the way of three networks, makes nobody pass it on.
    for (auto const* teller : {"2.2.2.2:1", "3.3.3.3:1", "4.4.4.4:1"})
        static_cast<void>(hit({at("5.5.5.5:1"), at("5.5.5.5:2")}, "5.5.5.5:3", teller));
    CHECK(desk.alternates.request_lines(file(1), at("8.8.8.8:1"), {}, 0, after(0s)).empty());
    // However many sources a neighbour makes up, they are its own.
    std::size_t given = 0;
    for (unsigned number = 2; number < 100; ++number)
        given += hit({Endpoint{0x31000001 + number * 0x10000, 1}}, Endpoint{0x41000001 + number, 1}.text().c_str(),
                     "7.7.7.7:1", number)
                     .size();
    CHECK(given == AlternateLimits{}.per_namer_max);
    desk.alternates.delivered(file(201), at("6.6.6.6:1"), after(0s));
    desk.alternates.failed(file(201), at("6.6.6.6:1"), after(0s));
    CHECK(hit({at("6.6.6.6:1")}, "9.9.9.9:9", "2.2.2.2:1", 201).empty());
}

}  // namespace praline::download::alternates_test
