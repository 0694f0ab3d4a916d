#include "node/wire/codec.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "node/base/text.hpp"
#include "node/wire/ggep.hpp"
#include "node/wire/vendor.hpp"
#include "unit/node/wire/vectors.hpp"

namespace codec_test {
using namespace praline;
using namespace praline::wire;

namespace {

Bytes operator+(Bytes left, Bytes const& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Guid const servent = *Guid::from_hex("a0a1a2a3a4a5a6a7ffa9aaabacadae00");

/// A decoder, and again what it makes of what it made.
template <class T>
bool settles(Result<T> (*decode)(ByteView), ByteView payload) {
    auto const first = decode(payload);
    if (!first) return false;
    auto const second = decode(encode(*first));
    return second && *second == *first;
}

}  // namespace

TEST_CASE("a ping may end with a NUL and hold nothing but one") {
    REQUIRE(decode_ping(hex("c3815840 00"))->ggep.size() == 1);
    REQUIRE(decode_ping(hex("00"))->ggep.empty());
    REQUIRE(decode_ping(hex("41")).error() == WireError::bad_value);
    REQUIRE(decode_ping(Bytes(extension_bytes_max + 1, std::byte{0})).error() == WireError::limit_exceeded);
}

TEST_CASE("a broken GGEP block counts as absent") {
    REQUIRE(decode_ping(hex("c3815800"))->ggep.empty());
    auto const query = decode_query(hex("8800 666f6f00 c3815800"));
    REQUIRE(query->text == "foo");
    REQUIRE(query->ggep.empty());
}

TEST_CASE("a pong's files in the wrong byte order are put right, absurd ones refused") {
    REQUIRE(decode_pong(hex("ca18c000020a 0000000c 00000000"))->files == 12);
    REQUIRE(decode_pong(hex("ca18c000020a ffffffff 00000000")).error() == WireError::bad_value);
}

TEST_CASE("a bye's reason is its first line, with or without an end") {
    REQUIRE(decode_bye(hex("c800") + bytes_of("Closing\r\nServer: Test\r\n\r\n"))->reason == "Closing");
    REQUIRE(decode_bye(hex("c800") + bytes_of("Closing"))->reason == "Closing");
    REQUIRE(decode_bye(hex("c800"))->reason.empty());
}

TEST_CASE("the flags of a query: speeds are none, the wrong byte order is put right") {
    auto const flags = [](std::string_view word) {
        return decode_query(hex(word) + bytes_of("foo") + hex("00"))->flags;
    };
    REQUIRE(flags("8800") == 0x8800);
    REQUIRE(flags("0000") == 0);
    REQUIRE(flags("0064") == 0);
    REQUIRE(flags("0098") == 0x9800);
}

TEST_CASE("a query without an end or not in UTF-8 is refused") {
    REQUIRE(decode_query(hex("8800") + bytes_of("foo")).error() == WireError::truncated);
    REQUIRE(decode_query(hex("8800 ff00")).error() == WireError::bad_value);
    REQUIRE(decode_query(hex("88")).error() == WireError::truncated);
}

TEST_CASE("the text of GGEP XQ takes the place of the short one") {
    auto const query = decode_query(hex("8800 5c00 c3 82 5851 44") + bytes_of("long"));
    REQUIRE(query->text == "long");
    REQUIRE(query->ggep.empty());
}

TEST_CASE("a query's URN may come as text, GGEP u or GGEP H") {
    Urn const abc = *Urn::parse("urn:sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
    auto const text = decode_query(hex("8800 00") + bytes_of("URN:SHA1:vgmt4nsha2awvor6evyxqugcnsonbwe5"));
    auto const item_u = decode_query(hex("8800 00 c3 81 75 65") + bytes_of("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"));
    auto const item_h = decode_query(hex("8800 00 c3 81 48 55 01 a9993e364706816aba3e25717850c26c9cd0d89d"));
    REQUIRE(text->urns == std::vector<Urn>{abc});
    REQUIRE(item_u->urns == std::vector<Urn>{abc});
    REQUIRE(item_h->urns == std::vector<Urn>{abc});
    REQUIRE(item_h->ggep.empty());
}

TEST_CASE("a query of many URNs keeps no more than the limit") {
    Query query;
    for (std::uint8_t i = 0; i < 40; ++i) {
        Sha1 sha1;
        sha1.bytes[0] = i;
        query.urns.push_back(Urn{sha1, {}});
    }
    REQUIRE(decode_query(encode(query))->urns.size() == query_urns_max);
}

namespace {

QueryHit small_hit() {
    QueryHit hit;
    hit.endpoint = {0xC000020A, 6346};
    hit.vendor = "PRLN";
    hit.servent = servent;
    HitRecord record;
    record.name = "a.bin";
    record.size_bytes = 5;
    record.urn = *Urn::parse("urn:bitprint:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5.ASD4UJSEH5M47PDYB46KBTSQTSGDKLBHYXOMUIA");
    hit.records = {record};
    return hit;
}

}  // namespace

TEST_CASE("a hit says the same in every style") {
    auto const hit = small_hit();
    for (auto const style : {HitStyle::urn_text, HitStyle::ggep_h, HitStyle::mixed})
        REQUIRE(decode_query_hit(encode(hit, style)).value() == hit);
    REQUIRE(as_text(encode(hit, HitStyle::urn_text)).find("urn:sha1:VGMT") != std::string_view::npos);
    REQUIRE(as_text(encode(hit, HitStyle::ggep_h)).find("urn:") == std::string_view::npos);
    Query query;
    query.flags = QueryFlags::marked;
    REQUIRE(hit_style_for(query) == HitStyle::urn_text);
    query.flags |= QueryFlags::ggep_h;
    REQUIRE(hit_style_for(query) == HitStyle::ggep_h);
}

TEST_CASE("sizes from 2 GiB on travel in GGEP LF") {
    for (std::uint64_t const size : {std::uint64_t{0}, std::uint64_t{0x7FFFFFFF}, std::uint64_t{0x80000000},
                                     std::uint64_t{0xFFFFFFFF}, std::uint64_t{5368709120}, ~std::uint64_t{0}}) {
        auto hit = small_hit();
        hit.records[0].size_bytes = size;
        auto const payload = encode(hit);
        bool const elsewhere = Bytes{payload.begin() + 15, payload.begin() + 19} == hex("ffffffff");
        REQUIRE(elsewhere == (size >= 0x80000000U));
        REQUIRE(decode_query_hit(payload)->records.at(0).size_bytes == size);
    }
}

TEST_CASE("every combination of a hit's bits comes back, push the other way round") {
    for (unsigned bits = 0; bits < 16; ++bits) {
        auto hit = small_hit();
        hit.push_needed = (bits & 1) != 0;
        hit.busy = (bits & 2) != 0;
        hit.has_uploaded = (bits & 4) != 0;
        hit.browsable = (bits & 8) != 0;
        auto const payload = encode(hit);
        auto const open = as_text(payload).find("PRLN") + 5;
        REQUIRE(std::to_integer<unsigned>(payload[open]) == (hit.push_needed ? 0x2D : 0x2C));
        REQUIRE((std::to_integer<unsigned>(payload[open + 1]) & 1) == 1);
        REQUIRE(decode_query_hit(payload).value() == hit);
    }
}

TEST_CASE("a hit's trailer: no trailer, one open byte, a chat byte before GGEP, XML behind it") {
    auto const head = hex("01 ca18c000020a 00000000 01000000 05000000 6100 00");
    auto const guid = hex("a0a1a2a3a4a5a6a7ffa9aaabacadae00");
    REQUIRE(decode_query_hit(head + guid)->vendor.empty());
    REQUIRE(decode_query_hit(head + bytes_of("NAPS") + hex("01 01") + guid)->push_needed);

    auto const with_chat = decode_query_hit(head + bytes_of("LIME") + hex("02 2d 21 01 c3 82 4248 40") + guid);
    REQUIRE(with_chat->vendor == "LIME");
    REQUIRE(with_chat->push_needed);
    REQUIRE(with_chat->browsable);

    // An byte of the XML looks like the start of GGEP; what the open data calls XML is not searched.
    auto const xml = bytes_of(
                         "<x>\xC3\x82"
                         "BH@</x>") +
                     hex("00");
    auto const with_xml = decode_query_hit(head + bytes_of("LIME") + hex("04 3c 01") +
                                           Bytes{static_cast<std::byte>(xml.size()), std::byte{0}} + xml + guid);
    REQUIRE(with_xml.has_value());
    REQUIRE_FALSE(with_xml->browsable);
    REQUIRE(decode_query_hit(head + bytes_of("LIME") + hex("20 2c") + guid).error() == WireError::bad_length);
}

TEST_CASE("a hit promises no more records than it has") {
    auto payload = encode(small_hit());
    payload[0] = std::byte{0};
    REQUIRE(decode_query_hit(payload).error() == WireError::bad_value);
    payload[0] = std::byte{255};
    REQUIRE(decode_query_hit(payload).has_error());
}

TEST_CASE("names that are not UTF-8 are read as Latin-1, and a vendor code is always printable") {
    auto hit = small_hit();
    hit.records[0].name = "\xE9t\xE9";
    hit.vendor = {'\xFF', '\0', 'A', ' '};
    auto const decoded = decode_query_hit(encode(hit));
    REQUIRE(decoded->records.at(0).name == "été");
    REQUIRE(decoded->vendor == "??A?");
}

TEST_CASE("255 records fit and come back") {
    auto hit = small_hit();
    hit.records.resize(hit_records_max, hit.records[0]);
    REQUIRE(decode_query_hit(encode(hit)).value() == hit);
    auto const one = small_hit();
    REQUIRE(encode(hit).size() - encode(one).size() == 254 * encoded_bytes(one.records[0], HitStyle::urn_text));
}

TEST_CASE("alternate locations and push proxies are bounded") {
    auto hit = small_hit();
    hit.push_proxies.assign(300, Endpoint{0xC0000214, 1});
    hit.records[0].alternates.assign(300, Endpoint{0xC0000214, 1});
    auto const decoded = decode_query_hit(encode(hit));
    REQUIRE(decoded->push_proxies.size() == endpoints_max);
    REQUIRE(decoded->records.at(0).alternates.size() == endpoints_max);
}

TEST_CASE("query routing messages come back, and their first fields are checked") {
    REQUIRE(encode(Qrp{QrpReset{8, 7}}) == hex("000800000007"));
    REQUIRE(encode(Qrp{QrpReset{65536, 2}}) == hex("000000010002"));
    REQUIRE(encode(Qrp{QrpPatch{1, 1, false, 8, hex("0000fa0000000000")}}) == hex("01010100080000fa0000000000"));
    REQUIRE(encode(Qrp{QrpPatch{1, 1, false, 4, hex("00a00000")}}) == hex("010101000400a00000"));
    REQUIRE(encode(Qrp{QrpPatch{1, 1, true, 4, hex("789c6358c0c0000001e400a1")}}) ==
            hex("0101010104789c6358c0c0000001e400a1"));
    for (auto const text : {"000800000007", "000000010002", "01010100080000fa0000000000", "010101000400a00000",
                            "0101010104789c6358c0c0000001e400a1", "01010100040000000a", "010101000400600000"})
        REQUIRE(encode(decode_qrp(hex(text)).value()) == hex(text));
    REQUIRE(decode_qrp(hex("0008000000")).error() == WireError::truncated);
    REQUIRE(decode_qrp(hex("000800000000")).error() == WireError::bad_value);
    REQUIRE(decode_qrp(hex("0100010004")).error() == WireError::bad_value);
    REQUIRE(decode_qrp(hex("0102010004")).error() == WireError::bad_value);
    REQUIRE(decode_qrp(hex("0101010204")).error() == WireError::unknown_type);
    REQUIRE(decode_qrp(hex("0101010003")).error() == WireError::bad_value);
    REQUIRE(decode_qrp(hex("02")).error() == WireError::unknown_type);
    REQUIRE(decode_qrp({}).error() == WireError::truncated);
}

TEST_CASE("several messages in a row are taken one by one") {
    Bytes stream;
    for (auto const vector : vectors::all) stream = stream + hex(vector);
    ByteView rest = stream;
    std::size_t count = 0;
    while (!rest.empty()) {
        auto const message = first_message(rest);
        REQUIRE(message.has_value());
        rest = rest.subspan(header_bytes + message->payload.size());
        ++count;
    }
    REQUIRE(count == std::size(vectors::all));
}

TEST_CASE("garbage gives a value that settles, or an error") {
    Rng rng{2026};
    std::map<std::string, int> good;
    for (int i = 0; i < 3000; ++i) {
        auto garbage = random_bytes(rng, rng.below(i % 50 == 0 ? 70000 : 200));
        // Every other one starts like something real, so that the decoders are not left at the first byte.
        if (i % 2 == 0) {
            auto const model = hex(vectors::all[rng.below(std::size(vectors::all))]);
            Bytes mutated{model.begin() + header_bytes, model.end()};
            for (std::uint64_t k = rng.below(4); k > 0 && !mutated.empty(); --k)
                mutated[rng.below(mutated.size())] = static_cast<std::byte>(rng.below(256));
            garbage = mutated;
        }
        static_cast<void>(decode_header(garbage));
        static_cast<void>(first_message(garbage));
        good["ping"] += settles(decode_ping, garbage);
        good["pong"] += settles(decode_pong, garbage);
        good["bye"] += settles(decode_bye, garbage);
        good["push"] += settles(decode_push, garbage);
        good["query"] += settles(decode_query, garbage);
        good["qrp"] += settles(decode_qrp, garbage);
        good["vendor"] += settles(decode_vendor, garbage);
        REQUIRE(decode_query(garbage).has_value() == settles(decode_query, garbage));
        if (auto const hit = decode_query_hit(garbage)) {
            ++good["hit"];
            for (auto const& record : hit->records) REQUIRE(is_valid_utf8(record.name));
            REQUIRE(decode_query_hit(encode(*hit, HitStyle::ggep_h)).value() == *hit);
        }
        if (auto const vendor = decode_vendor(garbage)) static_cast<void>(decode_vendor_message(*vendor));
    }
    for (auto const name : {"ping", "pong", "bye", "push", "query", "vendor", "hit"}) REQUIRE(good[name] > 10);
}

}  // namespace codec_test
