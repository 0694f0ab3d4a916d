#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "transfer/upload/list_quota.hpp"

/// What an upload may cost, and how long a stranger may take.
namespace praline::upload {

constexpr std::size_t header_lines_max = 128;
/// A whole request up to the blank line; one line of it may take all of this, as cookies and lists of sources do.
constexpr std::size_t request_bytes_max = 32 * 1024;
/// Blank lines in front of a request that are skipped, in bytes.
constexpr std::size_t blank_bytes_max = 16;
/// Ranges of one request; a header with more of them is ignored.
constexpr std::size_t ranges_max = 64;
/// Pieces of a body that is sent chunked.
constexpr std::size_t chunk_bytes_max = 4096;
/// What a peer still sends after the last reply is read and dropped up to this size: a socket closed with unread bytes
/// resets the connection, and the reply is lost.
constexpr std::size_t drained_bytes_max = 64 * 1024;
/// Most that is given to the system in one call; other connections have their turn in between. As much as the buffer of a
/// socket takes: one that is never full is sent from piece by piece, with the receiver woken for each.
constexpr std::size_t send_block_bytes = 4 * 1024 * 1024;
/// A body that is sent together with its head, in one packet if it fits: read into memory, no sendfile.
constexpr std::size_t small_body_bytes_max = 16 * 1024;
/// Of a reply without a file's bytes that goes at once, even when uploads are limited and others wait; unless so much went
/// that way that they wait a second for it.
constexpr std::size_t head_bytes_at_once = 4 * 1024;
/// Waiting peers that are remembered; a newcomer beyond that is told to come back, without a place.
constexpr std::size_t queue_entries_max = 512;
/// Alternate locations that one reply names, and as many that do not work.
constexpr std::size_t locations_told_max = 10;
/// Parts of a partial file that one reply names.
constexpr std::size_t available_ranges_told_max = 64;

struct Limits {
    std::size_t slots = 16;         ///< bodies of files sent at once
    std::size_t address_share = 4;  ///< one address holds at most this part of the slots: a quarter; and at least one
    std::chrono::milliseconds slot_grace{
        1'500};  ///< a slot waits for the next request of its connection when the body is sent
    std::chrono::seconds refusal_memory{60};  ///< a peer refused for its address's share wants a slot for so long
    std::uint64_t rate_min = 4096;            ///< bytes a second a peer takes, or it loses a slot that others want
    std::chrono::milliseconds rate_window{20'000};  ///< over which that is measured
    std::chrono::milliseconds rate_check{1'000};    ///< between two looks at it, while bodies are sent
    std::size_t connections_max = 512;              ///< without a slot; the oldest of the address with most is evicted
    std::size_t connections_per_ip_max = 32;        ///< of them; the oldest of the same address is evicted
    std::size_t gives_max = 32;                     ///< answers to Push under way
    std::size_t gives_per_ip_max = 5;
    std::chrono::milliseconds header_time{15'000};   ///< for a whole request, however it trickles in
    std::chrono::milliseconds idle_time{30'000};     ///< between requests
    std::chrono::milliseconds stalled_time{60'000};  ///< no byte taken by the peer
    std::chrono::milliseconds drain_time{2'000};     ///< for the peer to hang up after the last reply
    std::chrono::milliseconds connect_time{20'000};  ///< of a connection to who sent a Push
    std::chrono::seconds retry_after_min{10};        ///< told to the first in the queue
    std::chrono::seconds retry_after_step{15};       ///< and that much more for each one before
    std::chrono::seconds retry_after_max{1200};
    std::chrono::milliseconds plain_wait{5'000};  ///< for a slot, of a program that knows no queue; then it is refused
    std::chrono::milliseconds plain_ask_every{200};  ///< between two looks whether it can have one
    ListLimits lists;                                ///< of what is shared, to peers that browse
    std::chrono::seconds queue_grace{60};  ///< a place is lost that long after the peer should have asked again
};

}  // namespace praline::upload
