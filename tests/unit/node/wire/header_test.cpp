#include "node/wire/header.hpp"

#include <catch2/catch.hpp>

#include "unit/node/wire/vectors.hpp"

namespace header_test {
using namespace praline;
using namespace praline::wire;

namespace {

Bytes header_saying(std::uint32_t payload_bytes) {
    ByteWriter out;
    encode_header(Header{{}, 0x80, Ttl{3}, Hops{1}, payload_bytes}, out);
    return out.take();
}

}  // namespace

TEST_CASE("a header comes back as it was") {
    Rng rng{3};
    for (int i = 0; i < 100; ++i) {
        Header const header{Guid::random(rng), static_cast<std::uint8_t>(rng.below(256)),
                            Ttl{static_cast<std::uint8_t>(rng.below(256))},
                            Hops{static_cast<std::uint8_t>(rng.below(256))},
                            static_cast<std::uint32_t>(rng.below(payload_bytes_max + 1))};
        ByteWriter out;
        encode_header(header, out);
        REQUIRE(out.size() == header_bytes);
        REQUIRE(decode_header(out.bytes()).value() == header);
    }
}

TEST_CASE("lengths over the limit are refused, up to 4 GiB") {
    REQUIRE(decode_header(header_saying(payload_bytes_max)).has_value());
    for (std::uint32_t const length : {payload_bytes_max + 1, 0x01000000U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU}) {
        auto const header = decode_header(header_saying(length));
        REQUIRE(header.has_error());
        REQUIRE(header.error() == WireError::limit_exceeded);
    }
}

TEST_CASE("the length is little-endian") {
    auto const bytes = header_saying(0x0102);
    REQUIRE(Bytes{bytes.end() - 4, bytes.end()} == hex("02010000"));
}

TEST_CASE("a message is dropped at one size and its sender at another") {
    REQUIRE(relay_bytes_max(Function::query) == 256);
    REQUIRE(kick_bytes_max(Function::query) == 1024);
    REQUIRE(relay_bytes_max(Function::query_hit) == 16384);
    REQUIRE(kick_bytes_max(Function::query_hit) == 65536);
    REQUIRE(relay_bytes_max(Function::bye) == 4096);
    for (unsigned function = 0; function < 256; ++function) {
        auto const code = static_cast<std::uint8_t>(function);
        REQUIRE(relay_bytes_max(code) <= kick_bytes_max(code));
        REQUIRE(kick_bytes_max(code) <= payload_bytes_max);
    }
}

}  // namespace header_test
