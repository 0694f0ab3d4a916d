#pragma once

#include <cstddef>
#include <cstdint>

/// What this room takes at most from a peer. Beyond a limit a decoder answers `limit_exceeded` or leaves the rest out,
/// as said beside each.
namespace praline::wire {

inline constexpr std::size_t header_bytes = 23;
/// The length field can say 4 GiB; no program sends more than this (node/wire/protocol/messages.md). Beyond: limit_exceeded.
inline constexpr std::uint32_t payload_bytes_max = 65536;

/// GGEP area of Ping, Pong and Push. Beyond: limit_exceeded.
inline constexpr std::size_t extension_bytes_max = 1536;
inline constexpr std::size_t ggep_items_max = 32;           ///< of one block; beyond: the block is ignored
inline constexpr std::size_t ggep_data_bytes_max = 262143;  ///< what three length bytes can say
/// What all deflated items of one message may inflate to together. Beyond: the block is ignored.
inline constexpr std::size_t ggep_inflated_bytes_max = 65536;
inline constexpr std::size_t extension_items_max = 64;  ///< of one mixed area; the rest is left out

inline constexpr std::size_t query_urns_max = 16;            ///< the rest is left out
inline constexpr std::size_t metadata_bytes_max = 16384;     ///< of the XML of a hit, inflated; the rest is left out
inline constexpr std::size_t hit_records_max = 255;          ///< one byte counts them
inline constexpr std::size_t endpoints_max = 64;             ///< of ALT, PUSH or IPP; the rest is left out
inline constexpr std::uint32_t pong_files_max = 10'000'000;  ///< more is taken for the wrong byte order

inline constexpr std::size_t header_line_bytes_max = 1024;  ///< without the line end
inline constexpr std::size_t header_lines_max = 128;
inline constexpr std::size_t header_block_bytes_max = 16384;
inline constexpr std::size_t header_lines_sent_max = 28;  ///< some peers stop reading at 30
inline constexpr std::size_t try_hosts_max = 20;          ///< of one X-Try header; the rest is left out

inline constexpr std::size_t vendor_entries_max = 256;  ///< of Messages Supported and Features; the rest is left out

inline constexpr std::size_t canonical_bytes_max =
    4096;                                     ///< of a text to compare, and of its canonical form; the rest is left out
inline constexpr std::size_t words_max = 64;  ///< the rest is left out
inline constexpr std::size_t pieces_max = 256;  ///< of one word without blanks; the rest is left out

}  // namespace praline::wire
