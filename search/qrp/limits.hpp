#pragma once

#include <cstddef>
#include <cstdint>

/// The bounds of search/qrp.
namespace praline::search::qrp {

inline constexpr std::uint32_t slots_min = 1;
inline constexpr std::uint32_t slots_max = 1U << 21;      ///< of any table; a RESET that asks for more is refused
inline constexpr std::uint32_t own_slots_min = 1U << 16;  ///< of a table built here: small ones collide too often
inline constexpr std::uint32_t fill_percent_max = 1;      ///< a table built here grows until it is emptier than this
inline constexpr std::uint8_t infinity_sent = 7;          ///< present is 1 - 7, absent 7 - 1
inline constexpr std::size_t word_bytes_min = 3;          ///< shorter words are not hashed
inline constexpr std::size_t prefix_cut_max = 5;          ///< characters cut from the end of an announced word
inline constexpr std::size_t beginning_characters_max =
    16;                                               ///< of a beginning that is announced however long its word is
inline constexpr std::size_t run_characters_max = 6;  ///< of a part of a word without blanks that is announced
inline constexpr std::size_t query_parts_max = 16;    ///< of one long word of a query
inline constexpr std::size_t query_words_max = 64;    ///< of a query; the rest does not route
inline constexpr std::size_t query_urns_max = 16;
inline constexpr std::size_t patch_chunk_bytes_max = 4096;  ///< of the data of one PATCH we send
inline constexpr std::size_t patch_messages_max = 255;      ///< of one sequence: the number is one byte
inline constexpr std::size_t inflate_buffer_bytes = 4096;

}  // namespace praline::search::qrp
