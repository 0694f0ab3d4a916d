#pragma once

#include <cstddef>
#include <cstdint>

/// The bounds of tools/simulate: what a command line or an edge list may ask for.
namespace praline::simulate::world {

inline constexpr std::uint64_t nodes_max = 1U << 26;
inline constexpr std::uint64_t links_max = 1U << 28;
inline constexpr std::uint64_t links_each_max = 1000;  ///< of each node that joins a Barabási-Albert graph
inline constexpr std::size_t line_bytes_max = 4096;    ///< of an edge list
inline constexpr std::size_t graphml_bytes_max = std::size_t{1} << 30;
inline constexpr unsigned ttl_max = 255;  ///< one byte on the wire
inline constexpr std::uint32_t walkers_max = 65'536;
inline constexpr unsigned flood_ttl_default = 7;       ///< of a flood that names none
inline constexpr std::uint32_t steps_max = 1'000'000;  ///< of one walker
inline constexpr std::uint64_t queries_max = 100'000'000;
inline constexpr unsigned threads_max = 64;
inline constexpr std::uint32_t latency_ms_max = 60'000;          ///< of one message over one link
inline constexpr std::uint64_t full_nodes_max = (1U << 24) - 2;  ///< each has an address of its own in 10/8
inline constexpr std::size_t full_query_bytes_max =
    128;  ///< of a copy with its walker: all that leave a node must fit its queue
inline constexpr std::uint32_t full_degree_told_max = 1000;  ///< nodes take nobody's word for more links than this
inline constexpr std::size_t full_routes_max = 16;           ///< queries, rings among them, that a node remembers

// What the facts on a topology may cost.
inline constexpr std::uint64_t fact_links_max = 50'000'000;  ///< looked at to measure distances
inline constexpr std::uint64_t fact_sources_min = 2, fact_sources_max = 64;
inline constexpr std::uint64_t fact_clustering_nodes_max = 1000;
inline constexpr std::size_t fact_clustering_degree_max = 1000;  ///< nodes with more links are left out

// What a scenario may ask for.
inline constexpr std::size_t scenario_bytes_max = 1U << 20;
inline constexpr std::uint32_t items_max = 1'000'000;
inline constexpr std::uint64_t copies_max = 1U << 27;  ///< of all items, placed at first
inline constexpr double zipf_max = 10;
inline constexpr std::uint32_t store_max = 100'000;  ///< copies that one node keeps of what was found
inline constexpr std::uint32_t trials_max = 10'000;
inline constexpr unsigned place_tries_max = 64;     ///< for one copy, before the next host that lacks it gets it
inline constexpr unsigned ask_tries_max = 100'000;  ///< for one query, to find who lacks what is asked for

// What a sweep may ask for.
inline constexpr std::size_t points_max = 100'000;
inline constexpr unsigned shards_max = 100'000;
inline constexpr std::size_t records_bytes_max = std::size_t{1} << 30;  ///< of one file

}  // namespace praline::simulate::world
