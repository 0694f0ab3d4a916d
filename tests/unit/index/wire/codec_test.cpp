#include "index/wire/codec.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

#include "node/base/byte_reader.hpp"
#include "node/base/text.hpp"
#include "unit/index/wire/samples.hpp"

namespace codec_test {
using namespace praline;
using namespace praline::index;

namespace {

constexpr std::array v6_documentation{std::byte{0x20}, std::byte{0x01}, std::byte{0x0D}, std::byte{0xB8}};

ByteView without_length(Bytes const& frame) { return ByteView{frame}.subspan(4); }

/// The length that a frame says is the one it has.
void require_whole(Bytes const& frame) {
    REQUIRE(frame_bytes(frame).value() == frame.size());
    REQUIRE(frame.size() <= frame_bytes_max + 4);
}

}  // namespace

TEST_CASE("every message of a node comes out as it went in") {
    for (auto const& message : samples::from_node()) {
        auto const frame = encode(message);
        require_whole(frame);
        REQUIRE(decode_from_node(without_length(frame)).value() == message);
        REQUIRE(decode_to_node(without_length(frame)).error() == WireError::unknown_type);
        REQUIRE(decode_between_servers(without_length(frame)).error() == WireError::unknown_type);
    }
}

TEST_CASE("every message to a node comes out as it went in") {
    for (auto const& message : samples::to_node()) {
        auto const frame = encode(message);
        require_whole(frame);
        REQUIRE(decode_to_node(without_length(frame)).value() == message);
        REQUIRE(decode_from_node(without_length(frame)).error() == WireError::unknown_type);
        REQUIRE(decode_between_servers(without_length(frame)).error() == WireError::unknown_type);
    }
}

TEST_CASE("every message between servers comes out as it went in, with its envelope") {
    for (auto const& message : samples::between_servers()) {
        auto const frame = encode(samples::envelope(), message);
        require_whole(frame);
        auto const addressed = decode_between_servers(without_length(frame)).value();
        REQUIRE(addressed.message == message);
        REQUIRE(addressed.envelope == samples::envelope());
        REQUIRE(decode_from_node(without_length(frame)).error() == WireError::unknown_type);
        REQUIRE(decode_to_node(without_length(frame)).error() == WireError::unknown_type);
    }
}

TEST_CASE("the samples hold every message there is") {
    auto const kinds = [](auto const& messages) {
        std::vector<bool> seen(std::variant_size_v<typename std::decay_t<decltype(messages)>::value_type>);
        for (auto const& message : messages) seen[message.index()] = true;
        return std::count(seen.begin(), seen.end(), false);
    };
    REQUIRE(kinds(samples::from_node()) == 0);
    REQUIRE(kinds(samples::to_node()) == 0);
    REQUIRE(kinds(samples::between_servers()) == 0);
}

TEST_CASE("the bytes of a frame are the ones that other versions expect") {
    REQUIRE(to_hex(encode(FromNode{Ping{0x0102030405060708}})) ==
            "09000000"
            "04"
            "0807060504030201");
    REQUIRE(to_hex(encode(FromNode{SignOut{}})) ==
            "01000000"
            "05");
    REQUIRE(to_hex(encode(FromNode{Search{7, {"ab", Urn{samples::sha1(1), std::nullopt}, 100, 1, 2, "x"}}})) ==
            "35000000"
            "03"
            "07000000"
            "02006162"
            "01"
            "010102030405060708090a0b0c0d0e0f1011121314"
            "00"
            "6400"
            "0100000000000000"
            "0200000000000000"
            "010078");
    REQUIRE(to_hex(encode(ToNode{Refused{RefusalReason::busy, "No.", 1}})) ==
            "0b000000"
            "47"
            "0a"
            "03004e6f2e"
            "01000000");
    REQUIRE(to_hex(encode(ToNode{Leaving{{{ServerId{1}, 2, {0x7F000001, 80}, 3}}}})) ==
            "1a000000"
            "46"
            "0100"
            "0100000000000000"
            "0200000000000000"
            "0100007f"
            "5000"
            "03");
    REQUIRE(to_hex(encode(Envelope{ServerId{1}, ServerId{2}, 3, true}, ServerMessage{Probe{4}})) ==
            "22000000"
            "85"
            "0100000000000000"
            "0200000000000000"
            "0300000000000000"
            "01"
            "0400000000000000");
    REQUIRE(to_hex(encode(
                Envelope{ServerId{1}, ServerId{2}, 3, true},
                ServerMessage{Hello{
                    server_protocol_version, {ServerId{4}, 5, {0x7F000001, 80}, 6}, true, samples::group_times()}})) ==
            "48000000"
            "81"
            "0100000000000000"
            "0200000000000000"
            "0300000000000000"
            "01"
            "0200"
            "0400000000000000"
            "0500000000000000"
            "0100007f"
            "5000"
            "06"
            "01"
            "20a1070000000000"
            "04000000"
            "0087930300000000");
}

TEST_CASE("the longest messages that the limits allow fit a frame") {
    Entry const entry = samples::full_entry();
    Publisher publisher = samples::publisher();
    publisher.agent = std::string(agent_bytes_max, 'a');
    Row const row{entry, 1, std::vector<Publisher>(row_sources_max, publisher)};
    ToNode const found = Found{1, {std::vector<Row>(answer_rows_max, row), true, true}};
    auto const long_frame = encode(found);
    require_whole(long_frame);
    REQUIRE(long_frame.size() > 400'000);
    REQUIRE(decode_to_node(without_length(long_frame)).value() == found);
    ServerMessage const write =
        Write{1, publisher, {}, {{}, {1, 1}, false, {}, std::vector<Entry>(change_entries_max, entry)}};
    auto const write_frame = encode({}, write);
    require_whole(write_frame);
    REQUIRE(decode_between_servers(without_length(write_frame)).value().message == write);
    ServerMessage const records =
        Records{1, {}, true, std::vector<LeasedRecord>(records_max, LeasedRecord{samples::record(), 1})};
    require_whole(encode({}, records));
    require_whole(encode({}, CopyPart{{}, true, {}, std::vector<Entry>(change_entries_max, entry), false, false}));
    require_whole(encode({}, Digests{1, std::vector<DigestNode>(digest_nodes_max)}));
}

TEST_CASE("a frame's length is known as soon as its first four bytes are") {
    auto const bytes = [](char const* hex) { return frame_bytes(*from_hex(hex)); };
    for (auto const* const few : {"", "05", "050000"}) REQUIRE(bytes(few).value() == std::nullopt);
    REQUIRE(bytes("05000000").value() == 9);
    REQUIRE(bytes("0500000099").value() == 9);
    REQUIRE(bytes("00000800").value() == frame_bytes_max + 4);
    REQUIRE(bytes("01000800").error() == WireError::limit_exceeded);
    REQUIRE(bytes("ffffffff").error() == WireError::limit_exceeded);
    REQUIRE(bytes("00000000").error() == WireError::bad_length);
}

TEST_CASE("an address is four bytes of IPv4, or 127.0.0.0 and sixteen bytes of IPv6") {
    auto const members_at = [](char const* text) {
        return Pong{1, 2, {Member{ServerId{3}, 4, Endpoint::parse(text).value(), 5}}};
    };
    auto const v4 = encode(ToNode{members_at("192.0.2.1:6347")});
    for (auto const* const text : {"[::1]:6347", "[2001:db8::7:1]:1", "[ff00::]:65535"}) {
        auto const message = members_at(text);
        auto const frame = encode(ToNode{message});
        REQUIRE(frame.size() == v4.size() + 16);
        REQUIRE(decode_to_node(without_length(frame)).value() == ToNode{message});
    }
}

TEST_CASE("an IPv4 address written as one of IPv6 is refused: each address has one form") {
    auto frame = encode(ToNode{Pong{1, 2, {Member{ServerId{3}, 4, Endpoint::parse("[2001:db8::1]:6347").value(), 5}}}});
    auto const address =
        std::search(frame.begin(), frame.end(), std::begin(v6_documentation), std::end(v6_documentation));
    REQUIRE(address != frame.end());
    REQUIRE(decode_to_node(without_length(frame)).has_value());
    for (int i = 0; i < 10; ++i) address[i] = std::byte{0};
    address[10] = address[11] = std::byte{0xFF};  // ::ffff:0.0.0.1
    REQUIRE(decode_to_node(without_length(frame)).has_error());
}

}  // namespace codec_test
