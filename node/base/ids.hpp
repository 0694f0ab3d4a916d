#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "node/base/rng.hpp"
#include "node/base/strong.hpp"

namespace praline {

using Ttl = Strong<struct TtlTag, std::uint8_t>;         // hops a message may still make
using Hops = Strong<struct HopsTag, std::uint8_t>;       // hops it has made
using PeerId = Strong<struct PeerIdTag, std::uint32_t>;  // a local handle of one link, never on the wire, never reused

/// Names a message, or a servent. Opaque on the wire; made by us with byte 8 = 0xFF and byte 15 = 0
/// (Gnutella 0.6, "GUID marking").
struct Guid {
    static constexpr std::size_t size_bytes = 16;
    std::array<std::uint8_t, size_bytes> bytes{};

    friend auto operator<=>(Guid const&, Guid const&) = default;
    [[nodiscard]] bool is_blank() const { return *this == Guid{}; }
    /// 32 lower-case hexadecimal digits.
    [[nodiscard]] std::string hex() const;
    [[nodiscard]] static std::optional<Guid> from_hex(std::string_view text);
    /// A fresh one with the marks of a modern servent.
    [[nodiscard]] static Guid random(Rng& rng);
};

/// Peers choose GUIDs, so a table in the real node hashes them with a key they do not know.
struct GuidHash {
    std::uint64_t key = 0x9E3779B97F4A7C15ULL;
    [[nodiscard]] std::size_t operator()(Guid const& guid) const noexcept;
};

}  // namespace praline

template <class Tag, class Representation>
struct std::hash<praline::Strong<Tag, Representation>> {
    std::size_t operator()(praline::Strong<Tag, Representation> value) const noexcept {
        return std::hash<Representation>{}(value.value());
    }
};
