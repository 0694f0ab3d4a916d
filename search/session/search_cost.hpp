#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/time.hpp"

namespace praline::search {

/// What an index server has cost and brought; its figures are known, not estimated.
struct IndexCost {
    std::uint64_t messages = 0, bytes = 0;  ///< between this node and index servers, both ways, before encryption
    std::optional<Duration> took{};         ///< until the answer; empty: none yet
    std::uint64_t files = 0;                ///< different ones in the answer
    bool more = false;                      ///< there were more than it named
    std::string problem{};                  ///< a sentence; empty: all is well
    bool answered = false;                  ///< a server has: false with a problem means that none could be asked
};

/// What a search has cost and brought so far. A node knows its own edge only: what others spend on our search is not in
/// here, and `reach_about` is an estimate.
struct SearchCost {
    std::uint64_t messages = 0;  ///< sent by us: copies of the query, questions of walkers answered, rings
    std::uint64_t bytes = 0;     ///< of those, before compression
    std::array<std::uint32_t, 256>
        hits_by_hops{};             ///< sources found, by how far away they are; 0: an index server named them
    std::uint64_t cached_hits = 0;  ///< of those, the ones that came from a cache
    std::uint64_t hidden_hits =
        0;  ///< different hits left out since they answer nothing: none of the words, not the hash
    std::uint64_t excluded_hits = 0;  ///< different hits left out since the user said so: a -word, no "phrase"
    std::uint64_t origins = 0;      ///< nodes that answered, told apart by servent and address: the reach that is sure
    bool origins_at_least = false;  ///< there were more than are told apart
    std::uint64_t reach_about = 0;  ///< an estimate: nodes that may have got the query
    std::optional<Duration> first_result{};  ///< since the beginning
    std::optional<Duration> tenth_result{};
    std::optional<IndexCost> index{};  ///< empty: no index server was asked. Not counted in `messages` and `bytes`
};

/// Keeps the cost of one search. Hits of the same source and content count once, as whoever calls us sees to.
/// @threads one.
class CostLedger {
public:
    /// What was sent. `reach` counts nodes that were not counted before.
    void spent(std::uint64_t messages, std::uint64_t bytes, std::uint64_t reach);
    /// A new source of a file; `rows` is the number of different files with it.
    void found(std::uint8_t hops, bool cached, std::size_t rows, Duration since);
    /// A hit that is left out. @param hit  tells it from others: the same one again is not counted.
    void hidden(std::uint64_t hit) { cost_.hidden_hits += is_new_left_out(hit) ? 1 : 0; }
    void excluded(std::uint64_t hit) { cost_.excluded_hits += is_new_left_out(hit) ? 1 : 0; }
    /// A known source is told anew, from elsewhere.
    struct Place {
        std::uint8_t hops = 0;
        bool cached = false;
    };
    void moved(Place from, Place to);
    /// A node has answered, or has done so lately: not one that an index server named.
    void answered(Guid const& servent, Endpoint endpoint);
    void index(IndexCost cost) { cost_.index = std::move(cost); }
    [[nodiscard]] SearchCost const& cost() const { return cost_; }

private:
    [[nodiscard]] bool is_new_left_out(std::uint64_t hit);

    SearchCost cost_;
    std::set<std::uint64_t> left_out_;             // at most left_out_max
    std::set<std::pair<Guid, Endpoint>> origins_;  // at most origins_max
};

}  // namespace praline::search
