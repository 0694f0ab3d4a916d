#include "unit/node/wire/vectors.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "node/wire/codec.hpp"
#include "node/wire/ggep.hpp"
#include "node/wire/vendor.hpp"

namespace vectors_test {
using namespace praline;
using namespace praline::wire;

namespace {

Guid const g1 = *Guid::from_hex("1011121314151617ff191a1b1c1d1e00");
Guid const g2 = *Guid::from_hex("2021222324252627ff292a2b2c2d2e00");
Guid const servent = *Guid::from_hex("a0a1a2a3a4a5a6a7ffa9aaabacadae00");
Endpoint const host{0xC000020A, 6346};
Endpoint const proxy{0xC0000214, 6346};
Sha1 const abc = *Sha1::from_base32("VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");

Ggep ggep(std::initializer_list<std::pair<std::string_view, std::string_view>> items) {
    Ggep result;
    for (auto const& [id, data] : items) add(result, id, hex(data));
    return result;
}

Bytes payload_of(std::string_view vector) {
    auto const all = hex(vector);
    auto const message = first_message(all).value();
    REQUIRE(message.payload.size() + header_bytes == all.size());
    return Bytes{message.payload.begin(), message.payload.end()};
}

template <class T>
void requires_both_ways(std::string_view vector, Function function, Guid const& guid, Ttl ttl, T const& value,
                        Result<T> (*decode)(ByteView)) {
    REQUIRE(encode_message(guid, function, ttl, Hops{0}, value) == hex(vector));
    auto const decoded = decode(payload_of(vector));
    REQUIRE(decoded.has_value());
    REQUIRE(*decoded == value);
    auto const header = decode_header(hex(vector)).value();
    REQUIRE(header.guid == guid);
    REQUIRE(header.function == static_cast<std::uint8_t>(function));
    REQUIRE(header.ttl == ttl);
    REQUIRE(header.hops == Hops{0});
}

template <class T>
void requires_vendor(std::string_view vector, Guid const& guid, T const& value) {
    requires_both_ways(vector, Function::vendor, guid, Ttl{1}, to_vendor(value), decode_vendor);
    auto const decoded = decode_vendor_message(decode_vendor(payload_of(vector)).value());
    REQUIRE(decoded.has_value());
    REQUIRE(std::get<T>(*decoded) == value);
}

Query urn_query() {
    Query query;
    query.flags = 0x8800;
    query.text = "\\";
    query.urns = {Urn{abc, {}}};
    return query;
}

QueryHit hit_of_vector() {
    QueryHit hit;
    hit.endpoint = host;
    hit.speed_kbits = 1000;
    HitRecord first;
    first.index = 1;
    first.size_bytes = 3;
    first.name = "abc.txt";
    first.urn.sha1 = abc;
    first.ggep = ggep({{"CT", "00105e5f"}});
    HitRecord second;
    second.index = 2;
    second.size_bytes = 1025;
    second.name = "thousand-a.bin";
    second.urn.sha1 = Sha1::from_base32("UUHHSQPHQXN5X6EMYK6CD7IJ7BHZTE77");
    second.urn.tiger_root = TigerHash::from_base32("PZMRYHGY6LTBEH63ZWAHDORHSYTLO4LEFUIKHWY");
    second.alternates = {Endpoint{0xC6336407, 6346}};
    hit.records = {first, second};
    hit.vendor = "TEST";
    hit.browsable = true;
    hit.push_proxies = {proxy};
    hit.ggep = ggep({{"TLS", ""}});
    hit.servent = servent;
    return hit;
}

}  // namespace

TEST_CASE("vectors 1 and 2: pings") {
    requires_both_ways(vectors::ping, Function::ping, g1, Ttl{1}, Ping{}, decode_ping);
    requires_both_ways(vectors::ping_ggep, Function::ping, g1, Ttl{1},
                       Ping{ggep({{"SCP", "01"}, {"VC", "5445535410"}})}, decode_ping);
}

TEST_CASE("vectors 3 and 4: pongs") {
    Pong const pong{host, 12, 1024,
                    ggep({{"DU", "201c"}, {"GUE", "02"}, {"LOC", "656e"}, {"UP", "020a05"}, {"VC", "5445535410"}})};
    requires_both_ways(vectors::pong, Function::pong, g1, Ttl{1}, pong, decode_pong);
    REQUIRE(decode_vlint(find(pong.ggep, "DU")->data) == 7200U);

    std::vector<Endpoint> const hosts{proxy, Endpoint{0xC6336407, 51413}, Endpoint{0xCB007109, 6347}};
    Pong packed{host, 0, 8, {}};
    add(packed.ggep, "IPP", encode_endpoints(hosts));
    add(packed.ggep, "IPP_TLS", {0xA0});
    requires_both_ways(vectors::pong_hosts, Function::pong, g1, Ttl{1}, packed, decode_pong);
    REQUIRE(decode_endpoints(find(packed.ggep, "IPP")->data).value() == hosts);
}

TEST_CASE("vectors 5 to 8: queries") {
    Query words;
    words.flags = 0xC800;
    words.text = "tiny test file";
    words.ggep = ggep({{"M", "04"}});
    requires_both_ways(vectors::query, Function::query, g2, Ttl{3}, words, decode_query);

    auto urn = urn_query();
    requires_both_ways(vectors::query_urn, Function::query, g2, Ttl{3}, urn, decode_query);
    urn.ggep = ggep({{"M", "04"}});
    requires_both_ways(vectors::query_urn_ggep, Function::query, g2, Ttl{3}, urn, decode_query);

    Query out_of_band;
    out_of_band.flags = 0x8C00;
    out_of_band.text = "tiny";
    out_of_band.ggep = ggep({{"SO", ""}});
    auto const guid = *Guid::from_hex("c000020a24252627ff292a2b2cca1800");
    requires_both_ways(vectors::query_oob, Function::query, guid, Ttl{3}, out_of_band, decode_query);
}

TEST_CASE("vector 9: a hit with both ways to name a file") {
    auto const hit = hit_of_vector();
    Header const header{g2, static_cast<std::uint8_t>(Function::query_hit), Ttl{4}, Hops{0}, 0};
    REQUIRE(frame(header, encode(hit, HitStyle::mixed)) == hex(vectors::query_hit));
    auto const decoded = decode_query_hit(payload_of(vectors::query_hit));
    REQUIRE(decoded.has_value());
    REQUIRE(*decoded == hit);
}

TEST_CASE("vectors 10 and 11: push and bye") {
    Push push{servent, 2, host, {}};
    requires_both_ways(vectors::push, Function::push, g1, Ttl{4}, push, decode_push);
    push.ggep = ggep({{"TLS", ""}});
    requires_both_ways(vectors::push_tls, Function::push, g1, Ttl{4}, push, decode_push);
    requires_both_ways(vectors::bye, Function::bye, g1, Ttl{1}, Bye{202, "Shutdown"}, decode_bye);
}

TEST_CASE("vectors 12 to 20: vendor messages") {
    requires_vendor(vectors::messages_supported, g1,
                    MessagesSupported{{{"BEAR", 4, 1}, {"GTKG", 7, 2}, {"LIME", 21, 1}, {"LIME", 22, 2}}});
    requires_vendor(vectors::features, g1, FeaturesSupported{{{"HSEP", 1}, {"TLS!", 1}}});
    requires_vendor(vectors::hops_flow, g1, HopsFlow{3});
    requires_vendor(vectors::tcp_connect_back, g1, TcpConnectBack{6346});
    requires_vendor(vectors::push_proxy_request, servent, PushProxyRequest{});
    requires_vendor(vectors::push_proxy_ack, servent, PushProxyAck{proxy.address.v4_number(), proxy.port});
    requires_vendor(vectors::oob_indication, g2, OobIndication{7, true, 2});
    requires_vendor(vectors::oob_ack, g2, OobAck{7, hex("deadbeef")});
    requires_vendor(vectors::head_ping, g2, HeadPing{3, Urn{abc, {}}, {}, 2});
}

TEST_CASE("a message cut anywhere is not yet a message") {
    for (auto const vector : vectors::all) {
        auto const whole = hex(vector);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            // A copy of its own, so that a sanitizer sees a single byte read too far.
            Bytes const cut{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)};
            auto const message = first_message(cut);
            REQUIRE(message.has_error());
            REQUIRE(message.error() == WireError::truncated);
        }
    }
}

TEST_CASE("a payload cut within its fixed fields is an error, and one cut behind them never more than itself") {
    for (auto const vector : vectors::all) {
        auto const payload = payload_of(vector);
        auto const function = static_cast<Function>(decode_header(hex(vector)).value().function);
        for (std::size_t length = 0; length < payload.size(); ++length) {
            Bytes const cut{payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(length)};
            if (function == Function::ping) REQUIRE((decode_ping(cut).has_error() || decode_ping(cut)->ggep.empty()));
            if (function == Function::pong) REQUIRE(decode_pong(cut).has_error() == (length < 14));
            if (function == Function::push) REQUIRE(decode_push(cut).has_error() == (length < 26));
            if (function == Function::bye) REQUIRE(decode_bye(cut).has_error() == (length < 2));
            if (function == Function::vendor) {
                REQUIRE(decode_vendor(cut).has_error() == (length < 8));
                if (length >= 8) static_cast<void>(decode_vendor_message(decode_vendor(cut).value()));
            }
            if (function == Function::query) {
                bool const lacks_nul =
                    cut.size() < 3 || std::find(cut.begin() + 2, cut.end(), std::byte{0}) == cut.end();
                REQUIRE(decode_query(cut).has_error() == lacks_nul);
            }
            if (function == Function::query_hit && length < 27) REQUIRE(decode_query_hit(cut).has_error());
            if (function == Function::query_hit && length >= 27) {
                auto const hit = decode_query_hit(cut);
                REQUIRE((hit.has_error() || hit->records.size() == 2));
            }
        }
    }
}

TEST_CASE("vendor messages shorter than their version says are truncated") {
    for (auto const vector : vectors::all) {
        auto const bytes = hex(vector);
        if (decode_header(bytes).value().function != static_cast<std::uint8_t>(Function::vendor)) continue;
        auto vendor = decode_vendor(payload_of(vector)).value();
        bool const optional_end = vendor.code == "LIME" && vendor.selector == 11;  // the token may be missing
        while (!vendor.data.empty() && !optional_end) {
            vendor.data.pop_back();
            auto const message = decode_vendor_message(vendor);
            REQUIRE(message.has_error());
            REQUIRE(message.error() == WireError::truncated);
        }
    }
}

}  // namespace vectors_test
