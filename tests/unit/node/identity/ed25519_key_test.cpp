#include "node/identity/ed25519_key.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"

namespace ed25519_key_test {
using namespace praline;
using namespace praline::identity;

TEST_CASE("a key signs as RFC 8032 says, and only its own messages") {
    // Section 7.1, test 2: the message is one byte.
    auto const key =
        Ed25519Key::from_seed(*from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    Bytes const message{std::byte{0x72}};
    auto const signature = key.sign(message);
    CHECK(to_hex(signature) ==
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    CHECK(verify(key.public_key(), message, signature));
    CHECK_FALSE(verify(key.public_key(), Bytes{std::byte{0x73}}, signature));
    CHECK_FALSE(verify(key.public_key(), Bytes{}, signature));
    auto forged = signature;
    forged[5] ^= std::byte{1};
    CHECK_FALSE(verify(key.public_key(), message, forged));
    auto const other = Ed25519Key::from_seed(Bytes(Ed25519Key::seed_bytes, std::byte{7}));
    CHECK_FALSE(verify(other.public_key(), message, signature));
    CHECK(verify(other.public_key(), Bytes{}, other.sign(Bytes{})));
}

TEST_CASE("a key comes back from its PEM, and what is none says so") {
    auto const key = Ed25519Key::from_seed(Bytes(Ed25519Key::seed_bytes, std::byte{7}));
    Ed25519Key::PemFault fault{};
    auto const again = Ed25519Key::from_pem(key.pem(), fault);
    REQUIRE(again.has_value());
    CHECK(fault == Ed25519Key::PemFault::none);
    CHECK(again->public_key() == key.public_key());
    for (auto const* bad : {"", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
        CHECK_FALSE(Ed25519Key::from_pem(bad, fault).has_value());
        CHECK(fault == Ed25519Key::PemFault::unreadable);
    }
}

}  // namespace ed25519_key_test
