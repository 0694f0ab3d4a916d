#include "node/wire/ggep.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "node/wire/zlib_stream.hpp"
#include "unit/node/wire/vectors.hpp"

namespace ggep_test {
using namespace praline;
using namespace praline::wire;

namespace {

Ggep one(std::string_view id, Bytes data) { return {GgepItem{std::string{id}, std::move(data)}}; }

Bytes length_bytes(std::size_t length) {
    auto const block = encode_ggep(one("X", Bytes(length, std::byte{1})));
    auto const end = block.end() - static_cast<std::ptrdiff_t>(length);
    return Bytes{block.begin() + 3, end};
}

Bytes deflated_block(ByteView deflated) {
    auto block = encode_ggep(one("X", Bytes{deflated.begin(), deflated.end()}));
    block[1] |= std::byte{0x20};
    return block;
}

}  // namespace

TEST_CASE("lengths take one to three bytes") {
    REQUIRE(length_bytes(0) == hex("40"));
    REQUIRE(length_bytes(1) == hex("41"));
    REQUIRE(length_bytes(63) == hex("7f"));
    REQUIRE(length_bytes(64) == hex("8140"));
    REQUIRE(length_bytes(200) == hex("8348"));
    REQUIRE(length_bytes(1000) == hex("8f68"));
    REQUIRE(length_bytes(4095) == hex("bf7f"));
    REQUIRE(length_bytes(4096) == hex("818040"));
    REQUIRE(length_bytes(65535) == hex("8fbf7f"));
    REQUIRE(length_bytes(262143) == hex("bfbf7f"));
}

TEST_CASE("integers lose their high zeros") {
    REQUIRE(encode_vlint(0).empty());
    REQUIRE(encode_vlint(1) == hex("01"));
    REQUIRE(encode_vlint(255) == hex("ff"));
    REQUIRE(encode_vlint(256) == hex("0001"));
    REQUIRE(encode_vlint(7200) == hex("201c"));
    REQUIRE(encode_vlint(0x80000000) == hex("00000080"));
    REQUIRE(encode_vlint(5368709120) == hex("0000004001"));
    REQUIRE(decode_vlint(hex("0000004001")) == 5368709120U);
    REQUIRE(decode_vlint(hex("ffffffffffffffff")) == ~std::uint64_t{0});
    REQUIRE_FALSE(decode_vlint(hex("000000000000000000")).has_value());
}

TEST_CASE("COBS leaves no zero and comes back") {
    auto const ones = [](std::size_t count) { return Bytes(count, std::byte{1}); };
    auto const joined = [](Bytes head, Bytes const& middle, Bytes const& tail) {
        head.insert(head.end(), middle.begin(), middle.end());
        head.insert(head.end(), tail.begin(), tail.end());
        return head;
    };
    std::vector<std::pair<Bytes, Bytes>> const table{
        {hex("00"), hex("0101")},
        {hex("0000"), hex("010101")},
        {hex("11"), hex("0211")},
        {hex("1100"), hex("021101")},
        {hex("110022"), hex("02110222")},
        {hex("1122000033"), hex("031122010233")},
        {ones(253), joined(hex("fe"), ones(253), {})},
        {ones(254), joined(hex("ff"), ones(254), {})},
        {ones(255), joined(hex("ff"), ones(254), hex("0201"))},
    };
    for (auto const& [plain, stuffed] : table) {
        REQUIRE(cobs_encode(plain) == stuffed);
        REQUIRE(cobs_decode(stuffed).value() == plain);
    }
}

TEST_CASE("COBS refuses zeros and groups that run over the end") {
    REQUIRE(cobs_decode(hex("0011")).error() == WireError::bad_value);
    REQUIRE(cobs_decode(hex("030011")).error() == WireError::bad_value);
    REQUIRE(cobs_decode(hex("0311")).error() == WireError::truncated);
    REQUIRE(cobs_decode({}).value().empty());
}

TEST_CASE("COBS and GGEP come back whatever the data") {
    Rng rng{11};
    for (std::size_t const size : {0, 1, 2, 253, 254, 255, 256, 507, 508, 509, 4095, 4096, 65535, 70000}) {
        for (int shape = 0; shape < 3; ++shape) {
            auto data = random_bytes(rng, size);
            if (shape == 1) std::replace(data.begin(), data.end(), std::byte{0}, std::byte{1});
            if (shape == 2)
                for (auto& byte : data) byte &= std::byte{1};
            auto const stuffed = cobs_encode(data);
            REQUIRE(std::find(stuffed.begin(), stuffed.end(), std::byte{0}) == stuffed.end());
            REQUIRE(cobs_decode(stuffed).value() == data);
            std::size_t budget = 100000;
            for (auto const place : {GgepPlace::anywhere, GgepPlace::nul_free})
                for (auto const deflate : {GgepDeflate::never, GgepDeflate::when_smaller}) {
                    Ggep items = one("first", data);
                    add(items, "B", data);
                    auto block = encode_ggep(items, place, deflate);
                    if (place == GgepPlace::nul_free)
                        REQUIRE(std::find(block.begin(), block.end(), std::byte{0}) == block.end());
                    auto const bytes = block.size();
                    block.push_back(std::byte{0x1C});
                    budget = 200000;
                    auto const decoded = decode_ggep(block, budget);
                    REQUIRE(decoded.has_value());
                    REQUIRE(decoded->items == items);
                    REQUIRE(decoded->consumed == bytes);
                }
        }
    }
}

TEST_CASE("a large size in GGEP LF is stuffed") {
    REQUIRE(encode_ggep(one("LF", encode_vlint(5368709120)), GgepPlace::nul_free) == hex("c3c24c4646010101034001"));
}

TEST_CASE("data deflated and stuffed comes back") {
    std::string spam;
    for (int i = 0; i < 40; ++i) spam += "spam ";
    auto const block = decode_ggep(hex("c3e158510c78da2b2e48cc55281efa0405a2c848a9"));
    REQUIRE(block.has_value());
    REQUIRE(block->items == one("X", bytes_of(spam)));
    auto const again = encode_ggep(block->items, GgepPlace::nul_free, GgepDeflate::when_smaller);
    REQUIRE(again.size() < 40);
    REQUIRE(decode_ggep(again)->items == block->items);
}

TEST_CASE("any fault spoils the whole block") {
    auto const error = [](std::string_view text) { return decode_ggep(hex(text)).error(); };
    REQUIRE(error("") == WireError::truncated);
    REQUIRE(error("c3") == WireError::truncated);
    REQUIRE(error("c4815840") == WireError::bad_value);       // not the magic byte
    REQUIRE(error("c3915840") == WireError::bad_value);       // reserved bit
    REQUIRE(error("c38040") == WireError::bad_value);         // id without letters
    REQUIRE(error("c3810740") == WireError::bad_value);       // control character in the id
    REQUIRE(error("c381e940") == WireError::bad_value);       // not ASCII
    REQUIRE(error("c3815800") == WireError::bad_length);      // neither MORE nor LAST
    REQUIRE(error("c38158c0") == WireError::bad_length);      // both
    REQUIRE(error("c38158818181") == WireError::bad_length);  // more than three bytes
    REQUIRE(error("c381584201") == WireError::truncated);     // data beyond the end
    REQUIRE(error("c3015840") == WireError::truncated);       // no LAST item
    REQUIRE(error("c3c158420301") == WireError::truncated);   // COBS group over the end
    REQUIRE(error("c3a15842789c") == WireError::bad_value);   // a zlib stream without an end
    REQUIRE(error("c3a158420102") == WireError::bad_value);   // no zlib stream
}

TEST_CASE("of items with one id the first counts") {
    auto const block = decode_ggep(hex("c30158410101594102815841ff"));
    REQUIRE(block.has_value());
    REQUIRE(block->items == Ggep{GgepItem{"X", hex("01")}, GgepItem{"Y", hex("02")}});
}

TEST_CASE("a block of too many items is refused") {
    Ggep items;
    for (std::size_t i = 0; i < ggep_items_max; ++i) add(items, "I" + std::to_string(i));
    REQUIRE(decode_ggep(encode_ggep(items))->items.size() == ggep_items_max);
    add(items, "more");
    REQUIRE(decode_ggep(encode_ggep(items)).error() == WireError::limit_exceeded);
}

TEST_CASE("a zip bomb in an item stops at the limit") {
    auto const fits = deflate_all(Bytes(ggep_inflated_bytes_max, std::byte{0}));
    REQUIRE(decode_ggep(deflated_block(fits))->items.at(0).data.size() == ggep_inflated_bytes_max);
    auto const bomb = deflate_all(Bytes(100 * ggep_inflated_bytes_max, std::byte{0}));
    REQUIRE(bomb.size() < 10000);
    REQUIRE(decode_ggep(deflated_block(bomb)).error() == WireError::limit_exceeded);
}

TEST_CASE("all items of a message share one inflate budget") {
    auto const half = deflated_block(deflate_all(Bytes(40000, std::byte{7})));
    std::size_t budget = ggep_inflated_bytes_max;
    REQUIRE(decode_ggep(half, budget).has_value());
    REQUIRE(budget == ggep_inflated_bytes_max - 40000);
    REQUIRE(decode_ggep(half, budget).error() == WireError::limit_exceeded);
}

TEST_CASE("endpoint lists are whole or refused, and bounded") {
    REQUIRE(decode_endpoints(hex("c0000214ca")).error() == WireError::bad_length);
    REQUIRE(decode_endpoints({}).value().empty());
    std::vector<Endpoint> const many(endpoints_max + 5, Endpoint{0x01020304, 5});
    REQUIRE(decode_endpoints(encode_endpoints(many)).value().size() == endpoints_max);
}

}  // namespace ggep_test
