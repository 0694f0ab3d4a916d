#pragma once

#include <chrono>
#include <cstddef>

/// The bounds of search/cache. Who builds a HitCache may set each; the defaults are those of a busy ultrapeer.
namespace praline::search {

struct CacheLimits {
    std::size_t entries_max = 1024;          ///< queries whose hits are kept; the longest unused gives way
    std::size_t bytes_max = 4U << 20;        ///< of all hits, as estimated by `HitCache::bytes`; the same gives way
    std::size_t records_per_entry_max = 64;  ///< the oldest give way
    std::size_t records_per_source_max = 8;  ///< of one entry; further ones are not kept
    /// Of one entry, from one neighbour's address: a quarter, so that no link fills it alone.
    std::size_t records_per_forwarder_max = 16;
    std::size_t key_bytes_max = 512;    ///< a longer query is not kept
    std::size_t name_bytes_max = 512;   ///< a record with a longer name is not kept
    std::size_t hit_items_max = 16;     ///< further GGEP items and push proxies of a hit are not kept
    std::chrono::seconds age_max{600};  ///< since its source gave it, in other nodes' caches too
};

}  // namespace praline::search
