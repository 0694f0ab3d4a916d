#pragma once

#include <cstdint>
#include <string>

#include "index/wire/values.hpp"

/// What may be published, beyond what the codec takes at all. Servers refuse the rest and close the link; a node leaves
/// such files out of its list beforehand.   @threads any: pure.
namespace praline::index {

inline constexpr std::uint64_t listed_size_max = 1ULL << 50;  ///< bytes: a larger file is a lie
inline constexpr std::uint32_t era_max = 1U << 31;  ///< a server adds one when it takes a list away: never round to 0

/// Not empty, and at most `listed_size_max`.
[[nodiscard]] bool may_be_listed(Entry const& entry);
/// A sentence; empty: all is well. Looks at the versions and at each entry.
[[nodiscard]] std::string change_problem(Change const& change);

}  // namespace praline::index
