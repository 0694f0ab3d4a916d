#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "index/wire/limits.hpp"
#include "node/base/time.hpp"

/// What bounds the replica core besides `ReplicaOptions`: nothing that another server or a publisher says makes a table,
/// queue or loop longer than this.
namespace praline::index::replica {

// ---- the graph ----
inline constexpr std::size_t links_max = 4 * members_max;  ///< open at once; a further one is closed
inline constexpr std::size_t departed_max = 256;           ///< servers that left and are not to come back by hearsay
inline constexpr std::size_t lost_max =
    members_max;  ///< forgotten servers that are looked for; the one forgotten first is evicted
inline constexpr Duration hello_within = std::chrono::seconds{10};  ///< else the link is closed
inline constexpr std::uint32_t members_every_heartbeats = 10;       ///< how often the list of members is spread
inline constexpr std::uint32_t reconnect_doublings_max = 4;
inline constexpr std::uint32_t probe_after_heartbeats = 2;  ///< a two-hop route silent for so long is looked for anew
inline constexpr std::size_t positions_ahead_max = 1024;    ///< writes that came before one that is missing

// ---- writes ----
inline constexpr std::uint32_t claim_tries_max = 8;
inline constexpr std::size_t changes_of_publisher_max = 64;   ///< waiting and under way; further ones are refused
inline constexpr std::size_t writes_waiting_max = 4096;       ///< besides those under way; further ones are refused
inline constexpr std::size_t write_bytes_max = 256U << 20;    ///< of all of them, by estimate
inline constexpr std::size_t entry_bytes_estimate = 128;      ///< of an entry besides its name
inline constexpr std::size_t applies_under_way_max = 65'536;  ///< at the catalogue; a further write is left to repair

// ---- numbers that only grow: from outside none is taken that leaves no room above it ----
inline constexpr std::uint64_t claim_number_max = std::uint64_t{1} << 62;
inline constexpr std::uint32_t change_era_max =
    0xFFFF'0000;  ///< of a publisher's change; a list that is taken away may be beyond
inline constexpr std::uint64_t change_number_max = std::uint64_t{1} << 62;

// ---- leases ----
inline constexpr std::size_t expiries_each_tick_max = 256;  ///< the rest with the next tick, which is due at once
inline constexpr std::uint32_t lease_left_least = 4;        ///< a copy is taken with at least 1/4 of its lease left

// ---- repair ----
inline constexpr std::uint32_t compare_any_one_in =
    4;  ///< of comparisons; the others are with a server where it is urgent, which may never answer
inline constexpr std::size_t digest_children = 16;      ///< of a node: one 4-bit digit
inline constexpr std::uint8_t digest_depth_max = 8;     ///< a prefix has 32 bits
inline constexpr std::size_t leaf_publishers_max = 64;  ///< below a node with so many at both sides, records are listed
inline constexpr std::size_t round_nodes_max = digest_nodes_max / digest_children;  ///< asked about in one message
inline constexpr std::size_t round_stack_max = 8192;  ///< nodes still to ask about; the rest is for the next round
inline constexpr std::size_t round_pages_max =
    65'536;  ///< of crowded nodes, `records_max` publishers each; more than `publishers_max` fill
inline constexpr std::size_t copies_wanted_max = 65'536;  ///< a comparison pauses until there is room
inline constexpr std::uint32_t copy_tries_max = 4;        ///< then the next comparison asks again
inline constexpr std::uint32_t small_copies_factor = 16;  ///< lists of one part: so many times `copies_under_way_max`
inline constexpr std::size_t reads_under_way_max = 4096;  ///< parts that others wait for; further ones are not answered

static_assert(leaf_publishers_max <= records_max);

}  // namespace praline::index::replica
