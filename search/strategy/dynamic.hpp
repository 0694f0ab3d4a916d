#pragma once

#include <utility>
#include <vector>

#include "search/strategy/dynamic_rules.hpp"
#include "search/strategy/flood.hpp"
#include "search/strategy/limits.hpp"
#include "search/strategy/strategy.hpp"

namespace praline::search::strategy {

/// Asks a few neighbours for what is near, guesses from the answers how common it is, and then asks one neighbour after
/// the other, each as far as that guess says, until there are enough results or no neighbour is left. A neighbour is asked
/// once; one that takes probes may be asked again, each time further. With few neighbours and rare items it thus ends
/// as a flood. Foreign peers understand all of it: to them it is a flood under one name.
/// @source Dynamic Query; node/wire/protocol/query-routing.md
class Dynamic final : public Strategy {
public:
    explicit Dynamic(DynamicLimits limits = {}) : limits_{limits} {}
    void start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    void relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    void results(Guid const& guid, std::size_t count) override;
    void stop_querying(Guid const& guid) override;
    [[nodiscard]] bool may_query_more(Guid const& guid) const override;
    void tick(RoutingView const& view, ForwardPlans& out) override;
    [[nodiscard]] std::optional<Instant> next_deadline() const override;

private:
    struct Search {
        QueryContext context;
        DynamicRules rules;
        std::vector<std::pair<PeerId, std::uint8_t>> sent;  // with what TTL at most, by peer
        std::uint64_t hosts = 0;                            // that were asked, in theory
        std::uint32_t hops_waited = 0;
        std::size_t found = 0;
        Instant next{};
    };
    [[nodiscard]] DynamicRules rules_for(QueryContext const& context) const;
    void look(Search const& search, RoutingView const& view);
    /// Sends what `reaches` says. @return whether there is anything left to do for it afterwards.
    bool send(Search& search, std::vector<Reach> const& reaches, RoutingView const& view, ForwardPlans& out);

    DynamicLimits limits_;
    Flood flood_;
    std::vector<Search> searches_;         // in the order they began
    std::vector<Connection> connections_;  // scratch: the neighbours as the rules see them
};

}  // namespace praline::search::strategy
