#include "search/cache/hit_cache.hpp"

#include <catch2/catch.hpp>

namespace hit_cache_test {
using namespace praline;
using namespace praline::search;
using namespace std::chrono_literals;

namespace {

constexpr Instant begin{1h};
constexpr Forwarder near{PeerId{1}, Address::v4(0x0B000001)};

wire::Query words(std::string text) {
    wire::Query query;
    query.text = std::move(text);
    return query;
}

Urn urn_of(std::uint8_t number) {
    Urn urn;
    urn.sha1 = Sha1{{number}};
    return urn;
}

wire::Query hash(std::uint8_t number, std::string text = "\\") {
    auto query = words(std::move(text));
    query.urns.push_back(urn_of(number));
    return query;
}

Guid servent(std::uint8_t number) {
    Guid guid;
    guid.bytes[0] = number;
    return guid;
}

Endpoint host(std::uint8_t number) { return {0x0A000000U + number, 6346}; }

wire::QueryHit hit(std::uint8_t source, std::vector<std::string> names, std::optional<Urn> urn = std::nullopt) {
    wire::QueryHit one;
    one.endpoint = host(source);
    one.servent = servent(source);
    for (auto& name : names) {
        wire::HitRecord record;
        record.name = std::move(name);
        record.size_bytes = 5;
        if (urn) record.urn = *urn;
        one.records.push_back(std::move(record));
    }
    return one;
}

std::size_t found(HitCache& cache, wire::Query const& query, Instant now) {
    std::size_t records = 0;
    for (auto const& one : cache.find(query, now)) records += one.hit.records.size();
    return records;
}

}  // namespace

TEST_CASE("the same words in another order, spelling or number ask for the same") {
    CHECK(cache_key(words("Linux  music")) == cache_key(words("MUSIC linux Linux")));
    CHECK(cache_key(words("Été")) == cache_key(words("ete")));
    CHECK(cache_key(words("linux")) != cache_key(words("linux music")));
    CHECK(cache_key(hash(1)) == cache_key(hash(1, "some words")));
    CHECK(cache_key(hash(1)) != cache_key(hash(2)));
    CHECK(cache_key(words("\\")).empty());
}

TEST_CASE("a hit that went through answers the next who asks, with its age and its hops") {
    HitCache cache;
    CHECK(cache.store(words("linux music"), hit(1, {"Music of Linux.ogg"}), Hops{3}, 0, near, begin) == 1);
    auto const again = cache.find(words("music LINUX"), begin + 40s);
    REQUIRE(again.size() == 1);
    CHECK(again[0].age_seconds == 40);
    CHECK(again[0].hops == Hops{3});
    CHECK(again[0].hit.records.at(0).name == "Music of Linux.ogg");
    CHECK(cache.find(words("linux"), begin).empty());
}

TEST_CASE("a hit from another's cache is as old here as it was there, and none outlives the limit") {
    HitCache cache;
    cache.store(words("linux"), hit(1, {"linux"}), Hops{1}, 500, near, begin);
    CHECK(cache.find(words("linux"), begin + 100s).at(0).age_seconds == 600);
    CHECK(cache.find(words("linux"), begin + 101s).empty());
    CHECK(cache.empty());
    CHECK(cache.bytes() == 0);
    CHECK(cache.store(words("linux"), hit(1, {"linux"}), Hops{1}, 601, near, begin) == 0);
    CHECK(cache.store(words("linux"), hit(1, {"linux"}), Hops{1}, 0xFFFFFFFF, near, begin) == 0);
    CHECK(cache.empty());
}

TEST_CASE("what does not answer the query is not kept: neither names without its words nor other hashes") {
    HitCache cache;
    CHECK(cache.store(words("linux music"), hit(1, {"linux only", "linux and music", "spam"}), Hops{1}, 0, near,
                      begin) == 1);
    CHECK(cache.store(words("linux"), hit(1, {"linuxes"}), Hops{1}, 0, near, begin) == 0);
    CHECK(cache.store(hash(1), hit(1, {"anything"}, urn_of(1)), Hops{1}, 0, near, begin) == 1);
    CHECK(cache.store(hash(1, "some words"), hit(2, {"some words"}, urn_of(2)), Hops{1}, 0, near, begin) == 0);
    CHECK(cache.store(hash(1, "some words"), hit(2, {"some words"}), Hops{1}, 0, near, begin) == 0);
    CHECK(cache.store(words("\\"), hit(1, {"anything"}), Hops{1}, 0, near, begin) == 0);
    CHECK(cache.records() == 2);
}

TEST_CASE("one source cannot fill an entry, however many files it claims") {
    CacheLimits limits;
    limits.records_per_source_max = 3;
    HitCache cache{limits};
    CHECK(cache.store(words("linux"), hit(1, {"linux 1", "linux 2"}), Hops{1}, 0, near, begin) == 2);
    CHECK(cache.store(words("linux"), hit(1, {"linux 3", "linux 4", "linux 5"}), Hops{1}, 0, near, begin) == 1);
    CHECK(cache.store(words("linux"), hit(2, {"linux 9"}), Hops{1}, 0, near, begin) == 1);
    CHECK(found(cache, words("linux"), begin) == 4);
}

TEST_CASE("one neighbour has a share of an entry, by address, whatever sources it names") {
    CacheLimits limits;
    limits.records_per_entry_max = 8;
    limits.records_per_forwarder_max = 2;
    HitCache cache{limits};
    Forwarder const again{PeerId{7}, near.address}, other{PeerId{8}, Address::v4(0x0B000002)};
    CHECK(cache.store(words("linux"), hit(1, {"linux 1"}), Hops{1}, 0, near, begin) == 1);
    CHECK(cache.store(words("linux"), hit(2, {"linux 2", "linux 3"}), Hops{1}, 0, again, begin) == 1);
    CHECK(cache.store(words("linux"), hit(3, {"linux 4"}), Hops{1}, 0, near, begin) == 0);
    CHECK(cache.store(words("linux"), hit(3, {"linux 4"}), Hops{1}, 0, other, begin) == 1);
    // Nor does it take over what another has told.
    CHECK(cache.store(words("linux"), hit(3, {"linux 4"}), Hops{1}, 0, near, begin + 5s) == 0);
    CHECK(cache.store(words("linux"), hit(1, {"linux 1"}), Hops{1}, 0, near, begin + 5s) == 1);
    CHECK(found(cache, words("linux"), begin + 5s) == 3);
}

TEST_CASE("a kept hit has made at least one hop") {
    HitCache cache;
    cache.store(words("linux"), hit(1, {"linux"}), Hops{0}, 0, near, begin);
    CHECK(cache.find(words("linux"), begin).at(0).hops == Hops{1});
}

TEST_CASE("a source that refuses loses all its hits, by address or by name; others keep theirs") {
    HitCache cache;
    cache.store(words("linux"), hit(1, {"linux"}), Hops{1}, 0, near, begin);
    cache.store(words("linux"), hit(2, {"linux"}), Hops{1}, 0, near, begin);
    cache.store(words("music"), hit(1, {"music"}), Hops{1}, 0, near, begin);
    cache.store(words("music"), hit(3, {"music"}), Hops{1}, 0, near, begin);
    CHECK(cache.forget(host(1), Guid{}) == 2);
    CHECK(found(cache, words("linux"), begin) == 1);
    CHECK(found(cache, words("music"), begin) == 1);
    CHECK(cache.forget(Endpoint{}, servent(3)) == 1);
    CHECK(found(cache, words("music"), begin) == 0);
    CHECK(cache.forget(host(9), Guid{}) == 0);
    CHECK(cache.size() == 1);
}

TEST_CASE("the same hit again is kept once, with the younger age") {
    HitCache cache;
    cache.store(words("linux"), hit(1, {"linux"}), Hops{1}, 0, near, begin);
    CHECK(cache.store(words("linux"), hit(1, {"linux"}), Hops{1}, 300, near, begin + 10s) == 0);
    CHECK(cache.find(words("linux"), begin + 10s).at(0).age_seconds == 10);
    CHECK(cache.store(words("linux"), hit(1, {"linux"}), Hops{1}, 0, near, begin + 60s) == 1);
    auto const one = cache.find(words("linux"), begin + 65s);
    REQUIRE(one.size() == 1);
    CHECK(one[0].age_seconds == 5);
    CHECK(cache.records() == 1);
}

TEST_CASE("entries, records and bytes are bounded; the longest unused gives way") {
    CacheLimits limits;
    limits.entries_max = 3;
    limits.records_per_entry_max = 4;
    HitCache cache{limits};
    for (auto const* const text : {"aaa", "bbb", "ccc"})
        cache.store(words(text), hit(1, {text}), Hops{1}, 0, near, begin);
    (void)cache.find(words("aaa"), begin);
    cache.store(words("ddd"), hit(1, {"ddd"}), Hops{1}, 0, near, begin);
    CHECK(cache.size() == 3);
    CHECK(found(cache, words("aaa"), begin) == 1);
    CHECK(found(cache, words("bbb"), begin) == 0);
    for (std::uint8_t source = 1; source < 50; ++source)
        cache.store(words("aaa"), hit(source, {"aaa"}), Hops{1}, 0, near, begin + 1s * source);
    CHECK(found(cache, words("aaa"), begin + 50s) == 4);

    limits.entries_max = 1000;
    limits.bytes_max = 20'000;
    HitCache small{limits};
    for (int i = 0; i < 500; ++i) {
        auto const text = "word" + std::to_string(i);
        small.store(words(text), hit(1, {text}), Hops{1}, 0, near, begin);
        REQUIRE(small.bytes() <= limits.bytes_max);
    }
    CHECK(small.size() > 2);
    CHECK(found(small, words("word499"), begin) == 1);
    limits.bytes_max = 10;
    HitCache none{limits};
    none.store(words("linux"), hit(1, {"linux"}), Hops{1}, 0, near, begin);
    CHECK(none.empty());
    CHECK(none.bytes() == 0);
}

TEST_CASE("whatever is stored, found and forgotten, the bytes add up and the bounds hold") {
    CacheLimits limits;
    limits.entries_max = 5;
    limits.records_per_entry_max = 6;
    limits.records_per_source_max = 2;
    limits.bytes_max = 12'000;
    Rng rng{11};
    HitCache cache{limits};
    Instant now = begin;
    std::vector<std::string> const vocabulary{"almond", "cocoa", "nougat", "sugar", "hazelnut", "praline", "toffee"};
    for (int step = 0; step < 5000; ++step) {
        now += std::chrono::milliseconds{rng.below(60'000)};
        auto const& word = vocabulary[rng.below(vocabulary.size())];
        auto const source = static_cast<std::uint8_t>(rng.below(5));
        switch (rng.below(5)) {
            case 0: cache.forget(host(source), Guid{}); break;
            case 1:
                for (auto const& one : cache.find(words(word), now)) {
                    REQUIRE(one.age_seconds <= limits.age_max.count());
                    REQUIRE_FALSE(one.hit.records.empty());
                }
                break;
            default:
                cache.store(words(word), hit(source, {word + " " + std::to_string(rng.below(3)), word, "other"}),
                            Hops{1}, static_cast<std::uint32_t>(rng.below(900)), near, now);
        }
        REQUIRE(cache.size() <= limits.entries_max);
        REQUIRE(cache.bytes() <= limits.bytes_max);
        REQUIRE(cache.records() <= limits.entries_max * limits.records_per_entry_max);
        REQUIRE(cache.empty() == (cache.bytes() == 0));
    }
}

}  // namespace hit_cache_test
