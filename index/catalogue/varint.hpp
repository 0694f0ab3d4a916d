#pragma once

#include <cstdint>
#include <optional>

#include "node/base/byte_reader.hpp"
#include "node/base/bytes.hpp"

/// Numbers in as few octets as they need, seven bits to an octet, the lowest first.
namespace praline::index::catalogue {

inline constexpr unsigned varint_octets_max = 10;  // of 64 bits

inline void put_varint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>(value | 0x80));
    out.push_back(static_cast<std::byte>(value));
}

inline std::optional<std::uint64_t> take_varint(ByteReader& in) {
    std::uint64_t value = 0;
    for (unsigned octet = 0; octet < varint_octets_max; ++octet) {
        auto const next = in.u8();
        if (!next) return std::nullopt;
        value |= std::uint64_t{*next & 0x7FU} << (7 * octet);
        if ((*next & 0x80U) == 0) return value;
    }
    return std::nullopt;
}

}  // namespace praline::index::catalogue
