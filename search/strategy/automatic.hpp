#pragma once

#include <vector>

#include "search/strategy/automatic_rules.hpp"
#include "search/strategy/biased_walk.hpp"
#include "search/strategy/dynamic.hpp"
#include "search/strategy/random_walk.hpp"
#include "search/strategy/strategy.hpp"

namespace praline::search::strategy {

/// Picks a strategy for each search by what the node knows, and goes over to the next one where it brings too little:
/// `AutomaticRules` says which and why. A stage of walkers ends after a time, since walkers that fail say nothing.
/// Dynamic querying after a walk bears a new GUID (`Spread::round_of`): nodes that walkers passed would drop it as seen.
/// @source Lv, Cao, Cohen, Li, Shenker 2002; Dynamic Query
class Automatic final : public Strategy {
public:
    /// @param trails  those of this node's walks: walkers of its searches come home as others' do. Null: its own.
    explicit Automatic(AutomaticLimits limits = {}, WalkLimits walk = {}, DynamicLimits dynamic = {},
                       FloodLimits flood = {}, std::shared_ptr<VisitedLinks> const& visited = nullptr);
    void start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    void relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    /// `guid` is that of the query or the later one.
    void results(Guid const& guid, std::size_t count) override;
    void stop_querying(Guid const& guid) override;
    [[nodiscard]] bool may_query_more(Guid const& guid) const override;
    void tick(RoutingView const& view, ForwardPlans& out) override;
    void take_checks(WalkerChecks& out) override;
    [[nodiscard]] bool wants_more(Guid const& guid) const override;
    void check_answered(WalkerCheck const& check, bool go_on, RoutingView const& view, ForwardPlans& out) override;
    [[nodiscard]] std::optional<Instant> next_deadline() const override;

private:
    struct Search {
        QueryContext context;
        std::vector<Stage> plan;
        bool biased;  // its walkers
        std::size_t wanted;
        Guid wide;           // the name it goes under when it goes wide
        std::size_t at = 0;  // in the plan
        std::size_t found = 0;
        std::optional<Instant> until{};  // of this stage; empty: it is the last one
    };
    [[nodiscard]] std::size_t wanted_by(QueryContext const& context) const;
    void enter(Search& search, RoutingView const& view, ForwardPlans& out);
    void walk(Search& search, StageWalk const& walk, RoutingView const& view, ForwardPlans& out);
    void go_wide(Search& search, RoutingView const& view, ForwardPlans& out);

    AutomaticLimits limits_;
    DynamicLimits dynamic_limits_;
    RandomWalk walk_;
    BiasedWalk biased_walk_;
    Dynamic dynamic_;
    std::vector<Search> searches_;  // in the order they began
};

}  // namespace praline::search::strategy
