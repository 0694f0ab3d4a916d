#include <catch2/catch.hpp>

#include "transfer/download/source_list.hpp"

namespace praline::download {

namespace {

using namespace std::chrono_literals;

Source at_port(std::uint16_t port) {
    Source source;
    source.endpoint = {0x7F000001, port};
    return source;
}
Instant at(Duration since) { return Instant{since}; }

}  // namespace

TEST_CASE("the source that failed least is asked first, and waits longer each time") {
    SourceList list{Limits{}};
    CHECK(list.add(at_port(1)));
    CHECK(list.add(at_port(2)));
    CHECK_FALSE(list.add(at_port(1)));
    auto* const first = list.pick(at(0s));
    REQUIRE(first);
    CHECK(first->source.endpoint.port == 1);
    CHECK_FALSE(list.failed(first->id, Fault::closed, std::nullopt, at(0s)));
    CHECK(list.pick(at(0s))->source.endpoint.port == 2);
    CHECK(list.pick(at(10s))->source.endpoint.port == 2);
    CHECK_FALSE(list.failed(1, Fault::closed, std::nullopt, at(10s)));
    CHECK(list.find(1)->retry_at == at(12s));
    CHECK(list.next_retry() == at(0s));
}

TEST_CASE("what a busy source asks for is kept within limits") {
    SourceList list{Limits{}};
    list.add(at_port(1));
    CHECK_FALSE(list.failed(1, Fault::busy, 0s, at(0s)));
    CHECK(list.find(1)->retry_at == at(1s));
    CHECK_FALSE(list.failed(1, Fault::busy, 30s, at(0s)));
    CHECK(list.find(1)->retry_at == at(30s));
    CHECK_FALSE(list.failed(1, Fault::busy, std::chrono::seconds::max(), at(0s)));
    CHECK(list.find(1)->retry_at == at(1200s));
}

TEST_CASE("a source that has not the file is dropped and does not come back") {
    for (auto const fault : {Fault::not_found, Fault::wrong_size, Fault::wrong_content}) {
        SourceList list{Limits{}};
        list.add(at_port(1));
        auto const why = list.failed(1, fault, std::nullopt, at(0s));
        REQUIRE(why);
        CHECK(why->starts_with("127.0.0.1:1 "));
        CHECK(list.size() == 0);
        CHECK_FALSE(list.add(at_port(1)));
    }
}

TEST_CASE("corrupt slices and endless failures are forgiven only so often") {
    SourceList list{Limits{}};
    list.add(at_port(1));
    CHECK_FALSE(list.failed(1, Fault::corrupt, std::nullopt, at(0s)));
    CHECK(list.failed(1, Fault::corrupt, std::nullopt, at(0s)));
    list.add(at_port(2));
    int failures = 0;
    while (!list.failed(2, Fault::unreachable, std::nullopt, at(0s))) ++failures;
    CHECK(failures + 1 == static_cast<int>(Limits{}.failures_max));
}

TEST_CASE("sources survive the disk, whatever their names") {
    Source source = at_port(7);
    source.servent.bytes[3] = 9;
    source.index = 12;
    source.name = "a b\n\xff";
    source.push_needed = true;
    std::vector<Source> const all{source, at_port(8)};
    CHECK(parse_sources(sources_text(all)) == all);
    CHECK(parse_sources("nonsense\n1.2.3.4 99999 x 1 0 . .\n").empty());
}

}  // namespace praline::download
