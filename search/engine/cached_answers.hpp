#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/lazy.hpp"
#include "node/overlay/overlay.hpp"
#include "search/cache/hit_cache.hpp"
#include "search/engine/events.hpp"
#include "search/engine/limits.hpp"
#include "search/engine/recent_queries.hpp"

namespace praline::search {

/// The hits that went through this node, as answers to queries that come later: those of others and ours. What one link
/// said must never keep a query from other neighbours: only what is widely attested (`is_widely_attested`) saves a hop.
/// @threads one.
class CachedAnswers {
public:
    struct Counters {
        std::uint64_t hits = 0, misses = 0, stored = 0, invalidated = 0, refused = 0;
    };

    /// The options outlive it.
    explicit CachedAnswers(EngineOptions const& options) : options_{options}, on_{options.hit_cache} {}

    [[nodiscard]] bool is_on() const { return on_; }
    /// Off: forgets everything in it.
    void enable(bool on);

    /// Answers a query that passes; neither the source of a hit nor the link it came by gets it. @param from  null: gone.
    /// @returns whether the answers are widely attested.
    [[nodiscard]] bool answer(overlay::QueryArrived const& query, overlay::LinkInfo const* from, Turn const& turn);
    /// Hits for this query are kept when they pass.
    void remember(Guid const& guid, wire::QueryPtr const& query);
    /// A hit for another node's query went by. @param from  null: gone.
    void on_hit_passed(overlay::HitPassed const& hit, overlay::LinkInfo const* from, Instant now);
    /// A hit for a query of ours came. @pre is_on
    void on_hit(wire::Query const& query, overlay::HitArrived const& hit, overlay::LinkInfo const* from, Instant now);
    /// For a query of ours. @pre is_on
    [[nodiscard]] std::vector<HitCache::Cached> find(wire::Query const& query, Instant now);
    /// Whether it lay in caches for too long to be news; its records count as refused.
    [[nodiscard]] bool is_too_old(wire::QueryHit const& hit);
    /// A source did not have what a hit promised: its hits are forgotten.
    void source_refused(Endpoint source, Guid const& servent);

    [[nodiscard]] bool empty() const { return !state_.if_made() || state_.if_made()->cache.empty(); }
    [[nodiscard]] std::size_t records() const { return state_.if_made() ? state_.if_made()->cache.records() : 0; }
    [[nodiscard]] Counters counters() const { return state_.if_made() ? state_.if_made()->counters : Counters{}; }

private:
    struct State {
        explicit State(CacheLimits const& limits) : cache{limits} {}
        HitCache cache;
        RecentQueries recent;
        Counters counters;
    };
    [[nodiscard]] State& state() { return state_.get(options_.cache); }
    void store(wire::Query const& query, wire::QueryHit const& hit, Hops hops, Forwarder const& forwarder, Instant now);

    EngineOptions const& options_;
    bool on_;
    Lazy<State> state_;
};

}  // namespace praline::search
