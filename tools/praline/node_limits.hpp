#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace praline {

struct NodeLimits {
    static constexpr std::size_t spare_connections = 200;  ///< for handshakes, beyond the links that may stay
    static constexpr std::uint64_t query_burst_seconds =
        10;  ///< a link that was quiet for so long may send its queries at once
    static constexpr std::uint64_t steps_of_a_query = 100;  ///< of the matcher, that a query may cost without a charge
    static constexpr std::size_t source_searches_max = 64;  ///< the oldest is evicted
    static constexpr std::chrono::seconds source_search_for{120};  ///< late hits of one are taken so long
    static constexpr std::size_t source_query_bytes_max =
        120;  ///< of the words of a name: longer queries are dropped by peers
    static constexpr std::size_t known_sources_max = 200;       ///< of open searches, for a file that the user typed
    static constexpr std::size_t pushes_max = 256;              ///< further ones are not repeated
    static constexpr std::chrono::seconds push_for{60};         ///< as long as a download waits for the connection
    static constexpr std::chrono::seconds goodbye_within{3};    ///< links that have not closed by then are cut
    static constexpr std::chrono::seconds host_save_every{15};  ///< a change of the host cache is written no more often
    static constexpr int table_cost_factor = 50;  ///< at most a fiftieth of the node's time goes into routing tables
    static constexpr std::size_t metalink_mirrors_max = 15;   ///< other nodes that a Metalink names beside this one
    static constexpr std::size_t torrents_kept = 32;          ///< files whose pieces are known; a megabyte each at most
    static constexpr std::size_t table_files_a_slice = 1000;  ///< then other work has its turn: some milliseconds
};

}  // namespace praline
