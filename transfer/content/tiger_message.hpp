#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "node/base/urn.hpp"
#include "transfer/content/tiger_tables.hpp"

/// How bytes become words of Tiger and back. Private to this room.
namespace praline::content {

constexpr std::size_t tiger_block_bytes = 64;
/// Blocks of one message: a whole leaf with its prefix takes 16 and one byte of the next.
constexpr std::size_t leaf_blocks = 17;
constexpr std::uint64_t leaf_message_bits = 1025 * 8;
constexpr std::uint64_t pair_message_bits = 49 * 8;
/// First byte after the message: Tiger 1, not 2.
constexpr std::uint64_t tiger_padding = 0x01;

[[gnu::always_inline]] inline std::uint64_t from_little(std::uint64_t word) {
    if constexpr (std::endian::native == std::endian::big) return __builtin_bswap64(word);
    return word;
}

[[gnu::always_inline]] inline std::uint64_t load_word(void const* from) {
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return from_little(word);
}

[[gnu::always_inline]] inline void store_word(std::uint64_t word, void* to) {
    word = from_little(word);
    std::memcpy(to, &word, sizeof word);
}

}  // namespace praline::content
