#pragma once

#include <cstdint>
#include <string>

#include "index/wire/values.hpp"

/// What a node may publish. Servers refuse the rest and close the link; a node leaves it out of its list beforehand.
namespace praline::index {

inline constexpr std::uint64_t entry_size_max = 1ULL << 50;   ///< octets: a larger file is a lie
inline constexpr std::uint32_t era_max = 1U << 31;            ///< a server adds one when it takes a list away: never round to 0

/// A sentence; empty: it may be listed. Name: 1 to `name_octets_max` octets of UTF-8 without folders and control
/// characters. Size: 1 to `entry_size_max`.
[[nodiscard]] std::string entry_problem(Entry const& entry);
/// A sentence; empty: all is well. Looks at the versions, the number of entries, and each entry.
[[nodiscard]] std::string change_problem(Change const& change);

}  // namespace praline::index
