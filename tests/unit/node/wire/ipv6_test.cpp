#include <catch2/catch.hpp>

#include "node/wire/codec.hpp"
#include "node/wire/ggep.hpp"
#include "unit/node/wire/vectors.hpp"

/// IPv6 in messages whose fixed fields hold IPv4 only. node/wire/protocol/messages.md
namespace ipv6_test {
using namespace praline;
using namespace praline::wire;

namespace {

Address const v6 = *Address::parse("2a00:1450:4001::5");
Bytes const v6_bytes = hex("2a00 1450 4001 0000 0000 0000 0000 0005");
Bytes const no_v4 = hex("7f000000");

Pong pong_of(Address const& address) {
    Pong pong;
    pong.endpoint = {address, 6346};
    pong.files = 12;
    return pong;
}

Push push_of(Address const& address) {
    Push push;
    push.call_back = {address, 6346};
    push.file_index = 3;
    return push;
}

QueryHit hit_of(Address const& address) {
    QueryHit hit;
    hit.endpoint = {address, 6346};
    hit.vendor = "PRLN";
    hit.records.emplace_back();
    hit.records.back().name = "a.txt";
    return hit;
}

std::string text_of(ByteView bytes) { return std::string{as_text(bytes)}; }

}  // namespace

TEST_CASE("an IPv6 address travels in GGEP 6, and the field for IPv4 says that there is none") {
    auto const pong = encode(pong_of(v6));
    CHECK(text_of(ByteView{pong}.subspan(2, 4)) == text_of(no_v4));
    CHECK(text_of(pong).find(text_of(v6_bytes)) != std::string::npos);
    CHECK(decode_pong(pong).value() == pong_of(v6));

    auto const push = encode(push_of(v6));
    CHECK(text_of(ByteView{push}.subspan(20, 4)) == text_of(no_v4));
    CHECK(decode_push(push).value() == push_of(v6));

    auto const hit = encode(hit_of(v6));
    CHECK(text_of(ByteView{hit}.subspan(3, 4)) == text_of(no_v4));
    CHECK(decode_query_hit(hit)->endpoint == hit_of(v6).endpoint);
    CHECK(decode_query_hit(hit)->ggep.empty());
}

TEST_CASE("an IPv4 host says nothing of IPv6, and is read as it always was") {
    Address const v4 = Address::v4(0xC000020A);
    CHECK(encode(pong_of(v4)).size() == 14);
    CHECK(encode(push_of(v4)).size() == 26);
    CHECK(decode_pong(encode(pong_of(v4))).value() == pong_of(v4));
    CHECK(decode_push(encode(push_of(v4))).value() == push_of(v4));
    CHECK(decode_query_hit(encode(hit_of(v4)))->endpoint == hit_of(v4).endpoint);
}

TEST_CASE("beside an IPv4 address GGEP 6 is a second address, which stays where it is") {
    auto pong = pong_of(Address::v4(0xC000020A));
    add(pong.ggep, "6", v6_bytes);
    auto const back = decode_pong(encode(pong)).value();
    CHECK(back == pong);
    CHECK(back.endpoint.address.is_v4());
    REQUIRE(find(back.ggep, "6") != nullptr);
}

TEST_CASE("a GGEP 6 that is no IPv6 address gives a host nobody can be sent to, never another one") {
    for (auto const& bad :
         {Bytes{}, hex("01"), hex("2a00 1450 4001 0000 0000 0000 0000 00"),
          hex("2a00 1450 4001 0000 0000 0000 0000 0005 00"), hex("0000 0000 0000 0000 0000 ffff c000 020a")}) {
        Pong pong;
        pong.endpoint = {Address::v4(0x7F000000), 6346};
        add(pong.ggep, "6", bad);
        auto const back = decode_pong(encode(pong));
        REQUIRE(back.has_value());
        CHECK(back->endpoint.address == Address::v4(0x7F000000));
        CHECK(back->endpoint.is_loopback());
    }
}

TEST_CASE("lists of hosts with room for IPv4 only leave IPv6 ones out") {
    Endpoint const four{0xC000020A, 6346}, six{v6, 6347};
    CHECK(decode_endpoints(encode_endpoints({six, four, six})).value() == std::vector<Endpoint>{four});
    CHECK(encode_endpoints({six}).empty());
}

}  // namespace ipv6_test
