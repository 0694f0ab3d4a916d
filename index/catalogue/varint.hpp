#pragma once

#include <cstdint>
#include <optional>

#include "node/base/byte_reader.hpp"
#include "node/base/bytes.hpp"

/// Numbers in as few bytes as they need, seven bits to a byte, the lowest first.
namespace praline::index::catalogue {

inline constexpr unsigned varint_bytes_max = 10;  // of 64 bits

inline void put_varint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>(value | 0x80));
    out.push_back(static_cast<std::byte>(value));
}

inline std::optional<std::uint64_t> take_varint(ByteReader& in) {
    std::uint64_t value = 0;
    for (unsigned byte = 0; byte < varint_bytes_max; ++byte) {
        auto const next = in.u8();
        if (!next) return std::nullopt;
        value |= std::uint64_t{*next & 0x7FU} << (7 * byte);
        if ((*next & 0x80U) == 0) return value;
    }
    return std::nullopt;
}

}  // namespace praline::index::catalogue
