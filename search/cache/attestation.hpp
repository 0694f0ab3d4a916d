#pragma once

#include <cstddef>
#include <vector>

#include "search/cache/hit_cache.hpp"

namespace praline::search {

/// Whether cached hits are the word of several independent neighbours about several independent sources: only then may
/// they save a query a hop. One address prefix (/16), of neighbours as of sources, counts for a third of `enough` at most:
/// it takes three of each, however many links, servents and records one party has.
/// @param enough  records, taken as at least three.
[[nodiscard]] bool is_widely_attested(std::vector<HitCache::Cached> const& found, std::size_t enough);

}  // namespace praline::search
