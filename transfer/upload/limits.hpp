#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// What an upload may cost, and how long a stranger may take.
namespace praline::upload {

/// One line of a request, without its end.
constexpr std::size_t line_bytes_max = 1024;
constexpr std::size_t header_lines_max = 128;
/// A whole request up to the blank line.
constexpr std::size_t request_bytes_max = 16 * 1024;
/// Most that is given to the system in one call; other connections have their turn in between.
constexpr std::size_t send_block_bytes = 1024 * 1024;
/// Waiting peers that are remembered; a newcomer beyond that is told to come back, without a place.
constexpr std::size_t queue_entries_max = 512;

struct Limits {
    std::size_t slots = 16;                         ///< bodies of files sent at once
    std::size_t slots_per_ip = 8;
    std::size_t connections_max = 512;
    std::size_t connections_per_ip_max = 64;
    std::size_t gives_max = 32;                     ///< answers to Push under way
    std::size_t gives_per_ip_max = 5;
    std::chrono::milliseconds header_time{30'000};  ///< for a whole request, however it trickles in
    std::chrono::milliseconds idle_time{30'000};    ///< between requests; the slot is kept
    std::chrono::milliseconds stalled_time{60'000}; ///< no octet taken by the peer
    std::chrono::milliseconds connect_time{20'000}; ///< of a connection to who sent a Push
    std::chrono::seconds retry_after_min{10};       ///< told to the first in the queue
    std::chrono::seconds retry_after_step{15};      ///< and that much more for each one before
    std::chrono::seconds retry_after_max{1200};
    std::chrono::seconds queue_grace{60};           ///< a place is lost that long after the peer should have asked again
};

}  // namespace praline::upload
