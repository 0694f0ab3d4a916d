#include "tools/praline/source_searches.hpp"

#include <catch2/catch.hpp>

#include "tools/praline/node_limits.hpp"

namespace source_searches_test {
using namespace praline;
using namespace std::chrono_literals;

namespace {

Instant at(Duration time) { return Instant{} + time; }
Guid guid(std::size_t number) {
    return Guid{{static_cast<std::uint8_t>(255 - number)}};
}  // the oldest is not the smallest

}  // namespace

TEST_CASE("of too many searches for sources the oldest is evicted") {
    SourceSearches searches;
    for (std::size_t i = 0; i < NodeLimits::source_searches_max; ++i)
        CHECK_FALSE(searches.begin(guid(i), "d" + std::to_string(i), at(std::chrono::seconds{i})));
    CHECK(bool{searches.begin(guid(100), "new", at(100s)) == guid(0)});
    CHECK(searches.download_of(guid(0)) == nullptr);
    CHECK(*searches.download_of(guid(1)) == "d1");
    CHECK(*searches.download_of(guid(100)) == "new");
}

TEST_CASE("hits of a search for sources are taken for a while") {
    SourceSearches searches;
    (void)searches.begin(guid(1), "a", at(0s));
    (void)searches.begin(guid(2), "b", at(10s));
    CHECK(searches.expire(at(NodeLimits::source_search_for - 1s)).empty());
    CHECK(searches.expire(at(NodeLimits::source_search_for)) == std::vector<Guid>{guid(1)});
    CHECK(searches.download_of(guid(2)) != nullptr);
}

TEST_CASE("a query for sources carries words of the name, few enough to be relayed, and the SHA-1 alone") {
    Urn const urn{Sha1{{1}}, TigerHash{{2}}};
    auto const query = source_query(urn, "Some Walnut Cake.ogg");
    CHECK(query.text.find("walnut") != std::string::npos);
    REQUIRE(query.urns.size() == 1);
    CHECK(bool{query.urns.front() == Urn{Sha1{{1}}, {}}});
    CHECK(source_query(urn, "").text == "\\");
    std::string long_name;
    for (int i = 0; i < 100; ++i) long_name += " word" + std::to_string(100 + i);
    CHECK(source_query(urn, long_name).text.size() <= NodeLimits::source_query_bytes_max);
}

TEST_CASE("only records of the file itself are sources; a Tiger root decides where no SHA-1 was named") {
    wire::QueryHit hit;
    hit.records.resize(3);
    hit.records[0].urn = Urn{Sha1{{1}}, TigerHash{{9}}};
    hit.records[1].urn = Urn{Sha1{{2}}, TigerHash{{9}}};
    auto const by_sha1 = sources_in(hit, Urn{Sha1{{1}}, TigerHash{{9}}});
    REQUIRE(by_sha1.size() == 1);
    CHECK(by_sha1.front().from_hit);
    CHECK(sources_in(hit, Urn{{}, TigerHash{{9}}}).size() == 2);
    CHECK(sources_in(hit, Urn{Sha1{{3}}, {}}).empty());
}

TEST_CASE("a request to connect back is repeated once, and only while the download waits for it") {
    PushRequests pushes;
    pushes.sent(guid(1), 7, at(0s));
    CHECK_FALSE(pushes.take(guid(2)));
    CHECK(bool{pushes.take(guid(1)) == 7U});
    CHECK_FALSE(pushes.take(guid(1)));
    pushes.sent(guid(1), 8, at(0s));
    pushes.expire(at(NodeLimits::push_for));
    CHECK_FALSE(pushes.take(guid(1)));
}

TEST_CASE("other places are those of the file itself") {
    wire::QueryHit hit;
    hit.records.resize(2);
    hit.records[0].urn.sha1 = Sha1{{1}};
    hit.records[0].alternates = {Endpoint{0xC0000201, 1}, Endpoint{0xC0000202, 2}};
    hit.records[1].urn.sha1 = Sha1{{2}};
    hit.records[1].alternates = {Endpoint{0xC0000203, 3}};
    CHECK(alternates_in(hit, Urn{Sha1{{1}}, {}}) == hit.records[0].alternates);
    CHECK(alternates_in(hit, Urn{Sha1{{3}}, {}}).empty());
    CHECK(alternates_in(hit, Urn{{}, TigerHash{{1}}}).empty());
}

}  // namespace source_searches_test
