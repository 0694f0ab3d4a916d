#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "node/base/time.hpp"

namespace praline::index::server {

/// What nodes may ask of one server. Over a limit the node is refused, with a sentence.
struct ServerLimits {
    std::size_t sessions_max = 10'000;  ///< nodes signed in or asking; further ones are told "busy"
    std::size_t publishers_of_address_max = 64;
    std::uint32_t publisher_entries_max = 2'000'000;
    std::uint64_t address_entries_max = 2'000'000;  ///< of all publishers of one address: some 300 MB of disk
    std::uint64_t entries_max = 50'000'000;         ///< of all publishers of the group: some 7 GB of disk
    std::uint64_t disk_bytes_max = 16ULL << 30;     ///< of the catalogue; above it nothing is added
    std::uint32_t changes_per_second = 50;          ///< of one publisher, ten seconds' worth at once; faster ones wait
    std::size_t changes_under_way_max = 16;         ///< of one publisher, not yet at all servers; further ones wait
    std::size_t changes_of_address_max =
        32;  ///< of all publishers of one address, not yet at all servers; further ones wait in turn
    std::size_t changes_waiting_max = 32;        ///< of one publisher; more are a flood and end the link
    std::size_t changes_bytes_max = 256U << 20;  ///< of all publishers, waiting and under way; then "busy"
    std::uint32_t searches_per_second = 50;      ///< of one node, ten seconds' worth at once; further ones are refused
    std::uint32_t searches_of_address_per_second =
        200;  ///< of all nodes of one address, ten seconds' worth at once; further ones are refused
    std::uint32_t searches_refused_max = 500;  ///< of one node, one after the other: then the link is closed
    std::uint32_t pings_per_second = 10;       ///< of one node, ten seconds' worth at once
    std::uint32_t bad_messages_max = 1;        ///< then the link is closed
    std::size_t searches_waiting_max = 1024;  ///< for a reader; then the newest of the address with most is told "busy"
    std::size_t searches_of_address_waiting_max =
        128;  ///< for a reader; further ones are told "busy". Addresses are served in turn
    Duration sign_in_within = std::chrono::seconds{10};  ///< for the first word of a connection
    Duration silent_min =
        std::chrono::seconds{10};  ///< a connection may be silent for so long, or for a lease if that is longer
};

inline constexpr std::uint32_t burst_seconds = 10;  ///< of every rate

}  // namespace praline::index::server
