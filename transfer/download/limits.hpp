#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "transfer/swarm/limits.hpp"

/// What a download may cost, and how long a stranger may take.
namespace praline::download {

/// Longest name given to a file, in bytes of UTF-8.
constexpr std::size_t name_bytes_max = 200;
/// Of a file below the folder that was asked for as one download.
constexpr std::size_t path_bytes_max = 1000;
constexpr std::size_t path_depth_max = 16;
/// Files of one list of downloads, or of one folder.
constexpr std::size_t list_files_max = 2000;
/// Removals that a reader of changes may have missed.
constexpr std::size_t removals_kept_max = 4096;
/// Downloads whose countdown is announced in one second; with more of them each has its turn.
constexpr std::size_t countdowns_told_max = 50;
/// Partial files without a download that are listed.
constexpr std::size_t orphans_max = 1000;
/// "name (2).ext" up to this number, then the download waits for the user to tidy up.
constexpr unsigned numbered_names_max = 9999;

constexpr std::size_t response_line_bytes_max = 4096;
constexpr std::size_t response_lines_max = 128;
/// A whole reply up to the blank line.
constexpr std::size_t response_bytes_max = 32 * 1024;
/// "GIV index:guid/name" up to the blank line.
constexpr std::size_t giv_bytes_max = 2048;
/// Size lines and trailer fields of a chunked body, all together.
constexpr std::size_t chunk_lines_bytes_max = 64 * 1024;
/// Of a long body they may have more: a byte for each of so many that have come.
constexpr std::size_t chunk_bytes_per_line_byte = 8;
/// Parts of a partial file that one reply may list.
constexpr std::size_t available_ranges_max = 64;
/// Alternate locations that one request names, and as many that do not work.
constexpr std::size_t locations_told_max = 10;
/// Body of a refusal that is read to keep the connection.
constexpr std::uint64_t refusal_bytes_max = 64 * 1024;

/// Redirects of one URL that are followed.
constexpr unsigned redirects_max = 5;
/// Addresses of one host name that are tried.
constexpr std::size_t host_addresses_max = 4;

/// Read from a socket, checked and written as one.
constexpr std::size_t block_bytes = 1024 * 1024;
/// Blocks kept for SHA-1 because one in front of them is not checked yet; beyond that SHA-1 reads the file again.
constexpr std::size_t unfed_blocks_max = 8;
/// The disk is told to begin after each of these.
constexpr std::uint64_t writeback_bytes = 16 * 1024 * 1024;
/// Blocks kept to be filled again.
constexpr std::size_t free_blocks_max = 32;
/// Largest file we accept.
constexpr std::uint64_t file_bytes_max = std::uint64_t{1} << 44;
/// A file of one piece at any depth that is kept: its root is its tree.
constexpr std::uint64_t one_piece_bytes_max = 256 * 1024;
constexpr std::uint64_t slices_max = std::uint64_t{1} << 16;

struct Limits : swarm::Limits {
    std::size_t downloads_max = 5000;
    std::size_t active_max = 50;                         ///< the others are queued
    std::size_t connections_max = 256;                   ///< to sources, of all downloads
    std::size_t job_connections_max = 16;                ///< of one download
    std::size_t scouts_max = 4;                          ///< sources asked at once for what the file is
    std::size_t in_flight_bytes_max = 16 * 1024 * 1024;  ///< of one download: read but not yet on disk
    std::uint64_t first_request_bytes = 512 * 1024;      ///< of a source whose rate is not known yet
    std::uint64_t request_bytes_max = 64 * 1024 * 1024;  ///< asked for at once
    unsigned pool_threads = 2;
    std::size_t gives_max = 32;  ///< connections that say GIV and are not yet matched
    std::chrono::milliseconds connect_time{20'000};
    std::chrono::milliseconds handshake_time{20'000};  ///< of TLS, with a server that is connected
    std::chrono::milliseconds push_time{60'000};       ///< for the answer to a Push
    std::chrono::milliseconds reply_time{60'000};      ///< for a whole reply header
    std::chrono::milliseconds stalled_time{60'000};    ///< no byte of a body
    std::chrono::milliseconds giv_time{10'000};
    std::chrono::milliseconds hurried_connect_time{20'000};  ///< until a source can be asked, while others wait
    std::chrono::milliseconds slow_window{15'000};  ///< so long below the floor, and a source makes room for another
    double floor_bytes_per_second = 1024;           ///< of a body
    std::uint64_t crumb_bytes = 16 * 1024;  ///< a reply that ends before what was asked for, and holds less, is a crumb
    unsigned crumbs_max = 16;               ///< in a row; then the source has to wait
    std::chrono::milliseconds scout_patience{
        8'000};                                      ///< for one that has said nothing of the file another is asked too
    std::chrono::milliseconds stalled_after{3'000};  ///< without a byte a source's range may be given to others
    std::chrono::milliseconds unanswered_after{8'000};  ///< the same for its first byte of all
    std::chrono::milliseconds shown_stalled_after{
        5'000};                                         ///< without a byte a download does not call itself downloading
    std::chrono::milliseconds idle_slot_time{30'000};   ///< without a byte a download does not keep others waiting
    std::chrono::milliseconds queue_hold_max{300'000};  ///< a connection that keeps a place in a queue
    std::size_t parked_max = 4;                         ///< such connections of one download; further ones are closed
    std::size_t few_sources = 3;  ///< with fewer than these a download looks for others when it begins
    std::uint64_t worth_searching_bytes = 4 * 1024 * 1024;  ///< if it has more than this to fetch
    std::chrono::milliseconds search_min{2'000};            ///< between searches for sources; doubles
    std::chrono::milliseconds search_max{600'000};
    std::chrono::minutes tell_again_after{60};    ///< others of a source that still delivers
    std::chrono::milliseconds disk_retry{5'000};  ///< while the disk is full
    std::chrono::milliseconds disk_retry_max{
        300'000};                                 ///< a disk that seems to have room and refuses is tried ever later
    std::size_t folder_looks_max = 16;            ///< folders that are looked at, each by a thread of its own
    std::size_t folder_looks_waiting_max = 8192;  ///< who waits for one of these looks
    std::chrono::milliseconds folder_look_time{10'000};   ///< then a folder does not answer
    std::chrono::milliseconds folder_known_time{10'000};  ///< for a request that is asked again until all is known
    std::chrono::milliseconds folder_look_every{10'000};  ///< while a download fetches
    std::chrono::milliseconds save_every{1'000};          ///< the map of what is verified
};

}  // namespace praline::download
