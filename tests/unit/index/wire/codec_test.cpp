#include "index/wire/codec.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "node/base/byte_reader.hpp"
#include "node/base/text.hpp"
#include "unit/index/wire/samples.hpp"

using namespace praline;
using namespace praline::index;

namespace {

ByteView without_length(Bytes const& frame) { return ByteView{frame}.subspan(4); }

/// The length that a frame says is the one it has.
void require_whole(Bytes const& frame) {
    REQUIRE(frame_octets(frame).value() == frame.size());
    REQUIRE(frame.size() <= frame_octets_max + 4);
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
