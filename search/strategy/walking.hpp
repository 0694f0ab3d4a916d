#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "search/strategy/flood.hpp"
#include "search/strategy/limits.hpp"
#include "search/strategy/strategy.hpp"
#include "search/strategy/visited_links.hpp"
#include "search/strategy/walk_rules.hpp"

namespace praline::search::strategy {

/// What all walks share: k walkers leave together; each goes to one neighbour at a time, ends where it finds a match,
/// and asks every few steps whether the query has been answered elsewhere. With state, a node remembers by which
/// links walkers of a query left it, so that the next ones part from them. Which link a walker takes is for the derived
/// strategies to say.
/// A walker goes to Praline peers only. Where there is none, the query starts as a flood, which every servent
/// understands; and a query that came without a walker is relayed as a flood.
/// @source Lv, Cao, Cohen, Li, Shenker 2002.
class Walking : public Strategy {
public:
    /// Started once more, a query gets further walkers; what it has found counts on.
    void start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    void relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    void results(Guid const& guid, std::size_t count) override;
    void stop_querying(Guid const& guid) override;
    void tick(RoutingView const& view, ForwardPlans& out) override;
    void take_checks(WalkerChecks& out) override;
    /// False too for a query that did not start here, or that has been forgotten.
    [[nodiscard]] bool wants_more(Guid const& guid) const override;
    void check_answered(WalkerCheck const& check, bool go_on, RoutingView const& view, ForwardPlans& out) override;
    /// Of the walker that has waited longest for an answer.
    [[nodiscard]] std::optional<Instant> next_deadline() const override;

protected:
    /// @param trails  those of this node; null: its own.
    Walking(WalkLimits limits, FloodLimits flood, bool biased, std::shared_ptr<VisitedLinks> visited)
        : limits_{limits}, flood_{flood}, biased_{biased}, visited_{std::move(visited)} {
        if (!visited_) visited_ = std::make_shared<VisitedLinks>(limits_.visited_queries_max);
    }

    /// Where one walker may go from here.
    struct Links {
        std::vector<Neighbour> all;          // in order of PeerId; never empty
        std::vector<std::uint64_t> used;     // a bit for each: a walker of the query left by it; empty: no state
        std::optional<std::size_t> came_by;  // by which this walker came
    };
    /// Picks the one it takes. With state it marks that one, and may mark or free others.
    [[nodiscard]] virtual std::size_t choose(Links& links, Rng& rng) = 0;

private:
    struct Search {
        Guid guid;
        std::size_t found;
        std::size_t wanted;
        std::uint32_t sent;
    };  // sent: walkers
    struct Waiting {
        QueryContext context;
        Instant until;
    };

    bool find_links(RoutingView const& view);
    [[nodiscard]] PeerId next(Guid const& guid, wire::WalkerItem const& walker);  // `walker` as it leaves
    void step(QueryContext const& context, RoutingView const& view, ForwardPlans& out);

    WalkLimits limits_;
    Flood flood_;
    bool biased_;
    std::vector<Search> searches_;  // in the order they began
    std::shared_ptr<VisitedLinks> visited_;
    std::vector<Waiting> waiting_;  // in the order they came: so the first is the next to lose patience
    WalkerChecks checks_;
    Links links_;  // scratch
};

}  // namespace praline::search::strategy
