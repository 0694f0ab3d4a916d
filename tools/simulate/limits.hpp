#pragma once

#include <cstddef>
#include <cstdint>

/// The bounds of tools/simulate: what a command line or an edge list may ask for.
namespace praline::simulate {

inline constexpr std::uint64_t nodes_max = 1U << 26;
inline constexpr std::uint64_t links_max = 1U << 28;
inline constexpr std::size_t line_bytes_max = 4096;       ///< of an edge list
inline constexpr unsigned ttl_max = 255;                  ///< one octet on the wire
inline constexpr std::uint32_t walkers_max = 65'536;
inline constexpr std::uint32_t steps_max = 1'000'000;     ///< of one walker
inline constexpr std::uint64_t queries_max = 100'000'000;
inline constexpr unsigned threads_max = 64;
inline constexpr std::uint32_t latency_ms_max = 60'000;   ///< of one message over one link
inline constexpr std::uint64_t full_nodes_max = (1U << 24) - 2;  ///< each has an address of its own in 10/8
inline constexpr std::size_t full_query_bytes_max = 128;  ///< of a copy with its walker: all that leave a node must fit its queue
inline constexpr std::size_t full_routes_max = 16;        ///< queries, rings among them, that a node remembers

}  // namespace praline::simulate
