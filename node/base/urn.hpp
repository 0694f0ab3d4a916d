#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace praline {

/// SHA-1 of a whole file: its name on the network.
struct Sha1 {
    std::array<std::uint8_t, 20> bytes{};
    friend auto operator<=>(Sha1 const&, Sha1 const&) = default;
    [[nodiscard]] std::string base32() const;  ///< 32 characters
    [[nodiscard]] std::string urn() const;     ///< "urn:sha1:…"
    [[nodiscard]] static std::optional<Sha1> from_base32(std::string_view text);
};

/// Root (or any node) of a Tiger tree, 1024-byte leaves (THEX).
struct TigerHash {
    std::array<std::uint8_t, 24> bytes{};
    friend auto operator<=>(TigerHash const&, TigerHash const&) = default;
    [[nodiscard]] std::string base32() const;  ///< 39 characters
    [[nodiscard]] static std::optional<TigerHash> from_base32(std::string_view text);
};

/// What a URN can say of a file: one of the two or both. Types: urn:sha1, urn:bitprint, urn:tree:tiger, urn:ttroot.
struct Urn {
    std::optional<Sha1> sha1;
    std::optional<TigerHash> tiger_root;
    friend bool operator==(Urn const&, Urn const&) = default;
    /// "urn:bitprint:…" when both are known, else "urn:sha1:…" or "urn:tree:tiger:…".
    [[nodiscard]] std::string text() const;
    /// Any case; empty when the scheme is unknown or the digest is not one.
    [[nodiscard]] static std::optional<Urn> parse(std::string_view text);
};

}  // namespace praline

template <>
struct std::hash<praline::Sha1> {
    std::size_t operator()(praline::Sha1 const& sha1) const noexcept {
        std::size_t value = 0;
        for (std::size_t i = 0; i < sizeof value; ++i) value = (value << 8) | sha1.bytes[i];
        return value;
    }
};
