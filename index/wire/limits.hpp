#pragma once

#include <cstddef>
#include <cstdint>

/// The bounds of what is read from the wire, for servers and nodes alike. A frame over one of them ends the link.
namespace praline::index {

inline constexpr std::uint16_t protocol_version = 1;         ///< between nodes and servers
inline constexpr std::uint16_t server_protocol_version = 2;  ///< among servers; another one ends the link
inline constexpr std::size_t frame_bytes_max = 512 * 1024;
inline constexpr std::size_t name_bytes_max = 255;
inline constexpr std::uint64_t size_bytes_max = INT64_MAX;  ///< of a file; what SQLite holds
inline constexpr std::size_t agent_bytes_max = 64;
inline constexpr std::size_t sentence_bytes_max = 500;
inline constexpr std::size_t query_bytes_max = 200;
inline constexpr std::size_t kind_bytes_max = 32;
inline constexpr std::size_t change_entries_max = 1000;  ///< added and removed together, of one change
inline constexpr std::size_t answer_rows_max = 200;
inline constexpr std::size_t row_sources_max = 16;
inline constexpr std::size_t members_max = 64;        ///< servers of a group
inline constexpr std::size_t digest_nodes_max = 512;  ///< of one message
inline constexpr std::size_t records_max = 256;       ///< of one message

}  // namespace praline::index
