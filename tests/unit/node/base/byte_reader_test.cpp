#include "node/base/byte_reader.hpp"

#include <catch2/catch.hpp>

#include "node/base/byte_writer.hpp"
#include "node/base/text.hpp"

namespace byte_reader_test {
using namespace praline;

TEST_CASE("what was written is read back") {
    ByteWriter out;
    out.u8(1);
    out.le16(0x0203);
    out.le32(0x04050607);
    out.le64(0xF1F2F3F4F5F6F7F8);
    out.be16(0x0809);
    out.be32(0x0A0B0C0D);
    out.c_string("name");
    out.text("rest");
    ByteReader in{out.bytes()};
    REQUIRE(in.u8().value() == 1);
    REQUIRE(in.le16().value() == 0x0203);
    REQUIRE(in.le32().value() == 0x04050607);
    REQUIRE(in.le64().value() == 0xF1F2F3F4F5F6F7F8);
    REQUIRE(in.be16().value() == 0x0809);
    REQUIRE(in.be32().value() == 0x0A0B0C0D);
    REQUIRE(in.c_string().value() == "name");
    REQUIRE(as_text(in.rest()) == "rest");
    REQUIRE(as_text(in.take(4).value()) == "rest");
    REQUIRE(in.empty());
}

TEST_CASE("the order of bytes is the one asked for") {
    ByteWriter out;
    out.le16(0x1234);
    out.be16(0x1234);
    REQUIRE(out.take() == Bytes{std::byte{0x34}, std::byte{0x12}, std::byte{0x12}, std::byte{0x34}});
    REQUIRE(out.size() == 0);
    out.le64(0x0102030405060708);
    REQUIRE(to_hex(out.bytes()) == "0807060504030201");
}

TEST_CASE("a read that fails says so and moves nothing") {
    Bytes const three(3, std::byte{7});
    ByteReader in{three};
    REQUIRE(in.le32().error() == WireError::truncated);
    REQUIRE(in.be32().error() == WireError::truncated);
    REQUIRE(in.le64().error() == WireError::truncated);
    REQUIRE(in.take(4).error() == WireError::truncated);
    REQUIRE(in.take(~std::size_t{0}).error() == WireError::truncated);
    REQUIRE(in.c_string().error() == WireError::truncated);
    REQUIRE(in.remaining() == 3);
    REQUIRE(in.le16().has_value());
    REQUIRE(in.le16().error() == WireError::truncated);
    REQUIRE(in.u8().has_value());
    REQUIRE(in.u8().error() == WireError::truncated);
}

}  // namespace byte_reader_test
