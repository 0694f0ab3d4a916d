#pragma once

#include <cstdint>

namespace praline::simulate::applications {

/// Browsers that share their caches, against a proxy whose cache is as large as theirs together. A browser's own cache is
/// one of those that are shared: what it answers counts. All objects are of one size, and the least recently used one is
/// evicted.
/// @source Squirrel
struct WebCacheExperiment {
    std::uint32_t clients = 105;
    std::uint32_t objects = 2'000'000;
    double zipf = 0.8;
    std::uint32_t cache = 9000;   ///< objects that one client keeps: 100 MB of 11 kB each
    std::uint32_t delegates = 4;  ///< clients that a directory remembers for an object
    std::uint64_t requests = 970'000, warm_up = 0;
    std::uint64_t seed = 1;
};

/// Shares of the requests after the warm-up.
struct WebCacheOutcome {
    double central = 0;           ///< answered by the proxy
    double home_store = 0;        ///< by the client whose key is nearest to that of the object, and which keeps it
    double directory = 0;         ///< by clients that asked for it before, whom that client remembers
    double busiest_home = 0;      ///< of all requests, those that come to the busiest home
    double busiest_delegate = 0;  ///< of all requests, those that the busiest delegate answers
};
[[nodiscard]] WebCacheOutcome share_caches(WebCacheExperiment const& experiment);

}  // namespace praline::simulate::applications
