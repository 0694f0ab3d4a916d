#include "unit/node/wire/vectors.hpp"

#include <catch2/catch.hpp>

#include "node/wire/codec.hpp"
#include "node/wire/ggep.hpp"
#include "node/wire/praline.hpp"

namespace praline::wire::praline_test {
namespace {

Query query_with(std::string text) {
    Query query;
    query.text = std::move(text);
    return query;
}

}  // namespace

TEST_CASE("a walker and a key survive the way over the wire") {
    Query query = query_with("some words");
    WalkerItem const walker{7, 12, 1024, 4, true, false};
    KeyItem const key{0xFEDCBA9876543210, 20};
    put(query, walker);
    put(query, key);
    auto const back = decode_query(encode(query));
    REQUIRE(back.has_value());
    CHECK(bool{walker_of(*back) == walker});
    CHECK(bool{key_of(*back) == key});
    CHECK(back->text == "some words");
}

TEST_CASE("a walker put twice is the later one, once") {
    Query query = query_with("words");
    put(query, WalkerItem{1, 1, 10, 4, false, true});
    put(query, WalkerItem{1, 2, 10, 4, false, true});
    CHECK(query.ggep.size() == 1);
    REQUIRE(walker_of(query));
    CHECK(walker_of(query)->step == 2);
    CHECK(walker_of(query)->biased);
}

TEST_CASE("items too short or of another version count as not there") {
    Query query = query_with("words");
    put(query, WalkerItem{1, 1, 10, 4, false, false});
    query.ggep.front().data.pop_back();
    CHECK_FALSE(walker_of(query));
    put(query, KeyItem{5, 9});
    query.ggep.back().data.front() = std::byte{2};
    CHECK_FALSE(key_of(query));
    CHECK_FALSE(walker_of(query_with("words")));
}

TEST_CASE("a hit from a cache says so and for how long") {
    QueryHit hit;
    CHECK_FALSE(cached_of(hit));
    put(hit, CachedItem{90});
    REQUIRE(cached_of(hit));
    CHECK(cached_of(hit)->age_seconds == 90);
}

TEST_CASE("notes survive the way over the wire, strangers' messages are none") {
    for (PralineNote const& note : {PralineNote{CheckNote{3, 8}}, PralineNote{CheckAnswerNote{3, 8, true}},
                                    PralineNote{CheckAnswerNote{3, 8, false}}, PralineNote{KeyReturnNote{19}}}) {
        auto const back = decode_note(to_vendor(note));
        REQUIRE(back.has_value());
        CHECK(bool{*back == note});
    }
    auto const other = decode_note(Vendor{"LIME", 1, 1, {}});
    REQUIRE(other.has_value());
    CHECK_FALSE(other->has_value());
}

TEST_CASE("a note cut short or with a senseless answer is an error") {
    Vendor cut = to_vendor(CheckAnswerNote{3, 8, true});
    cut.data.back() = std::byte{2};
    CHECK(decode_note(cut).error() == WireError::bad_value);
    while (!cut.data.empty()) {
        cut.data.pop_back();
        CHECK(decode_note(cut).error() == WireError::truncated);
    }
}

TEST_CASE("queries with a walker or a key request have the bytes that protocol/vectors.md shows") {
    auto const guid = *Guid::from_hex("2021222324252627ff292a2b2c2d2e00");
    Query walk = query_with("some words");
    put(walk, WalkerItem{7, 12, 1024, 4, true, false});
    CHECK(encode_message(guid, Function::query, Ttl{1}, Hops{11}, walk) ==
          hex("2021222324252627ff292a2b2c2d2e00 80 01 0b 24000000"
              "8800736f6d6520776f72647300 c3c3505257510401010402070101020c01010102040101"));
    Query request = query_with("some words");
    put(request, KeyItem{0xFEDCBA9876543210, 20});
    CHECK(encode_message(guid, Function::query, Ttl{1}, Hops{0}, request) ==
          hex("2021222324252627ff292a2b2c2d2e00 80 01 00 1d000000"
              "8800736f6d6520776f72647300 c38350524b4a01141032547698badcfe"));
}

TEST_CASE("notes have the bytes that protocol/vectors.md shows") {
    auto const guid = *Guid::from_hex("2021222324252627ff292a2b2c2d2e00");
    auto const bytes = [&](PralineNote const& note) {
        return encode_message(guid, Function::vendor, Ttl{1}, Hops{0}, to_vendor(note));
    };
    CHECK(bytes(CheckNote{7, 12}) ==
          hex("2021222324252627ff292a2b2c2d2e00 31 01 00 10000000 50524c4e01000100 070000000c000000"));
    CHECK(bytes(CheckAnswerNote{7, 12, true}) ==
          hex("2021222324252627ff292a2b2c2d2e00 31 01 00 11000000 50524c4e02000100 070000000c00000001"));
    CHECK(bytes(KeyReturnNote{19}) == hex("2021222324252627ff292a2b2c2d2e00 31 01 00 09000000 50524c4e03000100 13"));
}

TEST_CASE("what pongs and cached hits say has the bytes that protocol/vectors.md shows") {
    Pong pong{Endpoint{0xC000020A, 6346}, 12, 1024, {}};
    put_links(pong, 30);
    put_capacity(pong, 2000);
    CHECK(encode_message(*Guid::from_hex("1011121314151617ff191a1b1c1d1e00"), Function::pong, Ttl{1}, Hops{0}, pong) ==
          hex("1011121314151617ff191a1b1c1d1e00 01 01 00 1f000000"
              "ca18c000020a0c00000000040000 c30350524e421e008350525544d0070000"));
    QueryHit hit;
    put(hit, CachedItem{90});
    CHECK(encode_ggep(hit.ggep) == hex("c38350524345015a000000"));
}

TEST_CASE("a pong says how many links to ultrapeers there are") {
    Pong pong;
    CHECK_FALSE(links_of(pong).has_value());
    put_links(pong, 300);
    CHECK(bool{links_of(pong) == std::uint16_t{300}});
    pong.ggep.front().data.pop_back();
    CHECK_FALSE(links_of(pong).has_value());
}

}  // namespace praline::wire::praline_test
