#pragma once

#include <cstddef>
#include <cstdint>

namespace praline::content {

/// Bytes of a file read and hashed by both functions before the next are read: they stay in the cache of one core.
constexpr std::size_t file_block_bytes = 256 * 1024;
/// Leaves whose subtree is built at once, level by level.
constexpr std::size_t batch_leaves_max = 256;
/// No level holds more nodes than that, except of files of 1024 times that many leaves or more.
constexpr unsigned kept_depth_max = 11;

/// Longest body of a tree we accept from a peer: a full tree of 11 levels takes 96 KiB.
constexpr std::size_t thex_bytes_max = 260 * 1024;
constexpr std::size_t thex_xml_bytes_max = 4 * 1024;
/// Deepest tree we read: what fits into `thex_bytes_max` is shallower.
constexpr unsigned thex_depth_max = 16;
constexpr std::size_t dime_records_max = 16;

/// Pieces of a .torrent file: small enough that a broken one costs little, and so many that the file stays small.
constexpr std::uint64_t torrent_piece_bytes_min = 64 * 1024;
constexpr std::uint64_t torrent_piece_bytes_max = 16 * 1024 * 1024;  ///< larger ones only beyond `torrent_pieces_max`
constexpr std::uint64_t torrent_pieces_wanted = 2048;
constexpr std::uint64_t torrent_pieces_max = 65'536;

/// What is read of .torrent and Metalink files: with many pieces they are some megabytes large.
constexpr std::size_t description_bytes_max = 8 * 1024 * 1024;
constexpr std::uint64_t described_bytes_max = std::uint64_t{1} << 44;  ///< of one file, or of all files of a torrent
constexpr std::size_t described_files_max = 4096;
constexpr std::size_t described_urls_max = 64;  ///< of one file
constexpr std::size_t folder_seeds_max = 8;     ///< of each file of a torrent of several
constexpr std::size_t described_path_bytes_max = 1024;
/// Pieces may be smaller than `described_piece_bytes_min` where there are no more than so many.
constexpr std::size_t tiny_pieces_max = 1024;
constexpr std::uint64_t described_piece_bytes_min = 16 * 1024;
constexpr std::uint64_t described_piece_bytes_max = 256 * 1024 * 1024;
constexpr unsigned bencode_depth_max = 32;
constexpr std::size_t bencode_values_max = 200'000;
constexpr std::size_t xml_depth_max = 32;
constexpr std::size_t xml_attributes_max = 32;
constexpr std::size_t xml_name_bytes_max = 256;
constexpr std::size_t xml_events_max = 1'000'000;

/// Times that opening a path is tried while folders on its way are being renamed.
constexpr int open_attempts_max = 16;

/// Links with hundreds of trackers are common; as long as a request to the API may be.
constexpr std::size_t magnet_bytes_max = 64 * 1024;
constexpr std::size_t magnet_fields_max = 4096;
constexpr std::size_t magnet_files_max = 256;
constexpr std::size_t magnet_topics_max = 16;
constexpr std::size_t magnet_sources_max = 64;
constexpr std::size_t magnet_name_bytes_max = 1024;

/// A URL of a file, and where a redirect leads.
constexpr std::size_t url_bytes_max = 4096;

/// Alternate locations taken from one head, and items of one list that are looked at for them.
constexpr std::size_t locations_per_head_max = 32;
constexpr std::size_t location_items_max = 256;

}  // namespace praline::content
