#pragma once

#include <vector>

#include "search/strategy/flood.hpp"
#include "search/strategy/limits.hpp"
#include "search/strategy/ring_schedule.hpp"
#include "search/strategy/strategy.hpp"

namespace praline::search::strategy {

/// A flood that reaches further and further, from scratch each time, until there are enough results. Most queries are
/// for what is near, and then a small flood is all they cost. Each ring after the first bears a new GUID, since nodes
/// that heard the last one would drop it as seen: `Spread::round_of` says whose it is. To those it passes, a ring is a
/// flood like any other.
/// @source Lv, Cao, Cohen, Li, Shenker 2002: TTL 1, 3, 5, …
class ExpandingRing final : public Strategy {
public:
    explicit ExpandingRing(RingLimits limits = {});
    void start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    void relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    /// `guid` is that of the query or of any of its rings.
    void results(Guid const& guid, std::size_t count) override;
    void stop_querying(Guid const& guid) override;
    [[nodiscard]] bool may_query_more(Guid const& guid) const override;
    void tick(RoutingView const& view, ForwardPlans& out) override;
    [[nodiscard]] std::optional<Instant> next_deadline() const override;

private:
    struct Search {
        QueryContext context;
        std::vector<Guid> names;  // the query's own, then those of its rings
        RingSchedule schedule;
        unsigned ttl;
        std::size_t found;
        Instant next_ring;
    };
    [[nodiscard]] std::vector<Search>::iterator find(Guid const& guid);
    void send_ring(Search& search, RoutingView const& view, ForwardPlans& out);

    RingLimits limits_;
    Flood flood_;
    std::vector<Search> searches_;  // in the order they began
};

}  // namespace praline::search::strategy
