#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "node/base/bytes.hpp"
#include "node/base/public_key.hpp"

struct evp_pkey_st;

/// What a node proves itself with. Pure: seeds come from the host, which also keeps the file (node/store/key_file.hpp).
namespace praline::identity {

/// A signature of Ed25519.
using Signature = std::array<std::byte, 64>;

/// A private Ed25519 key. Copies share it.
/// @threads any: it never changes.   @source RFC 8032 (Ed25519), RFC 8410 (in PEM)
class Ed25519Key {
public:
    static constexpr std::size_t seed_bytes = 32;
    /// The same 32 bytes, the same key. @pre there are as many.
    [[nodiscard]] static Ed25519Key from_seed(ByteView seed);
    enum class PemFault : std::uint8_t { none, unreadable, other_kind };
    /// An unencrypted private key in PEM. Empty: `fault` says why not.
    [[nodiscard]] static std::optional<Ed25519Key> from_pem(std::string const& text, PemFault& fault);
    /// PKCS#8 in PEM, not encrypted.
    [[nodiscard]] std::string pem() const;

    [[nodiscard]] PublicKey public_key() const;
    [[nodiscard]] Signature sign(ByteView message) const;
    /// For OpenSSL; lives as long as the key.
    [[nodiscard]] evp_pkey_st* handle() const { return key_.get(); }

private:
    explicit Ed25519Key(std::shared_ptr<evp_pkey_st> key) : key_{std::move(key)} {}
    std::shared_ptr<evp_pkey_st> key_;
};

/// Whether the owner of `signer` has signed this very message. What is no key at all has signed nothing.
[[nodiscard]] bool verify(PublicKey const& signer, ByteView message, Signature const& signature);

}  // namespace praline::identity
