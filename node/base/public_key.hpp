#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

namespace praline {

/// An Ed25519 public key: by it a node, a server or an author is known for good. What makes and uses the private half is
/// in node/identity.   @threads any: a value of 32 bytes.   @source RFC 8032
struct PublicKey {
    static constexpr std::size_t size_bytes = 32;
    std::array<std::uint8_t, size_bytes> bytes{};
    friend auto operator<=>(PublicKey const&, PublicKey const&) = default;
    /// 64 lower-case hexadecimal digits.
    [[nodiscard]] std::string hex() const;
};

}  // namespace praline
