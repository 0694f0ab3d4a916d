#include "node/wire/vendor.hpp"

#include <catch2/catch.hpp>

#include "node/wire/codec.hpp"
#include "node/wire/ggep.hpp"
#include "node/wire/limits.hpp"
#include "unit/node/wire/vectors.hpp"

namespace vendor_test {
using namespace praline;
using namespace praline::wire;

namespace {

template <class T>
void comes_back(T const& message) {
    auto const vendor = decode_vendor(encode(to_vendor(message)));
    REQUIRE(vendor.has_value());
    auto const decoded = decode_vendor_message(*vendor);
    REQUIRE(decoded.has_value());
    REQUIRE(std::get<T>(*decoded) == message);
}

}  // namespace

TEST_CASE("vendor messages come back in each of their versions") {
    Guid guid;
    guid.bytes.fill(7);
    comes_back(UdpConnectBack{6346, std::nullopt});
    comes_back(UdpConnectBack{6346, guid});
    comes_back(PushProxyAck{std::nullopt, 6346});
    comes_back(OobAck{9, {}});
    comes_back(OobIndication{3, false, 1});
    comes_back(OobIndication{3, true, 3});
    comes_back(HitsKeptQuestion{});
    comes_back(HitsKept{HitsKept::stop});
    HeadPing ping;
    ping.urn = *Urn::parse("urn:sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
    ping.flags = HeadPing::ranges | HeadPing::ggep_follows;
    ping.version = 1;
    add(ping.ggep, "PUSH", std::as_bytes(std::span{guid.bytes}));
    comes_back(ping);
    comes_back(MessagesSupported{});
    comes_back(FeaturesSupported{});
}

TEST_CASE("unknown names and newer versions stay as they are") {
    Vendor const unknown{"ABCD", 1, 1, hex("0102")};
    REQUIRE(std::get<Vendor>(*decode_vendor_message(unknown)) == unknown);
    Vendor const newer{"BEAR", 4, 2, hex("03")};
    REQUIRE(std::get<Vendor>(*decode_vendor_message(newer)) == newer);
}

TEST_CASE("what follows the known fields is ignored") {
    REQUIRE(std::get<HopsFlow>(*decode_vendor_message(Vendor{"BEAR", 4, 1, hex("03ffff")})).hops == 3);
    REQUIRE(std::get<OobAck>(*decode_vendor_message(Vendor{"LIME", 11, 3, hex("03ffff")})).token.empty());
}

TEST_CASE("a list that promises more than it has is truncated, a long one is cut") {
    REQUIRE(decode_vendor_message(Vendor{std::string(4, '\0'), 0, 0, hex("ffff 4245415204000100")}).error() ==
            WireError::truncated);
    MessagesSupported many;
    many.messages.resize(vendor_entries_max + 9, VendorName{"BEAR", 4, 1});
    REQUIRE(std::get<MessagesSupported>(*decode_vendor_message(to_vendor(many))).messages.size() == vendor_entries_max);
}

TEST_CASE("a HEAD ping without a URN is refused") {
    auto vendor = to_vendor(HeadPing{0, *Urn::parse("urn:sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"), {}, 2});
    vendor.data[5] = std::byte{'?'};
    REQUIRE(decode_vendor_message(vendor).error() == WireError::bad_value);
}

}  // namespace vendor_test
