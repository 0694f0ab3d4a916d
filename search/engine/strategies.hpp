#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "node/base/lazy.hpp"
#include "search/engine/limits.hpp"
#include "search/strategy/flood.hpp"
#include "search/strategy/strategy.hpp"
#include "search/strategy/visited_links.hpp"

namespace praline::search {

/// All strategies of one node. Each is made when it is first needed: most nodes of a large network only ever relay
/// floods. What concerns a query goes to each that has been made: only the one that knows the query acts on it.
/// @threads one.
class Strategies {
public:
    explicit Strategies(RoutingLimits const& limits) : limits_{limits}, flood_{flood_limits()} {}

    [[nodiscard]] strategy::Strategy& of(strategy::Kind kind);
    /// What a passing query goes on as: walker, key request or flood.
    [[nodiscard]] static strategy::Kind kind_of_passing(strategy::QueryContext const& context);

    void results(Guid const& guid, std::size_t count);
    void stop_querying(Guid const& guid);
    void hit_passed(Guid const& guid, PeerId via);
    void neighbour_down(PeerId peer);
    /// The answer to a walker of a query of ours that asks.
    [[nodiscard]] bool wants_more(Guid const& guid) const;
    /// Whether a query of ours may yet be sent to a neighbour (`Strategy::may_query_more`).
    [[nodiscard]] bool may_query_more(Guid const& guid) const;
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    /// Drops what this strategy has learned, and whatever it was about to do.
    void forget(strategy::Kind kind);

    /// Calls `use` with each that has been made, in a fixed order.
    template <class Use>
    void for_each(Use use) {
        for (std::size_t at = 0; made_.if_made() && at < kinds; ++at)
            if (auto const& one = made_.if_made()->all[at]) use(*one);
    }
    template <class Use>
    void for_each(Use use) const {
        for (std::size_t at = 0; made_.if_made() && at < kinds; ++at)
            if (auto const& one = made_.if_made()->all[at]) use(std::as_const(*one));
    }

private:
    static constexpr std::size_t kinds = static_cast<std::size_t>(strategy::Kind::automatic) + 1;
    struct Made {
        explicit Made(std::size_t visited_queries_max)
            : visited{std::make_shared<strategy::VisitedLinks>(visited_queries_max)} {}
        std::array<std::unique_ptr<strategy::Strategy>, kinds> all{};
        std::shared_ptr<strategy::VisitedLinks> visited;  // of all walks
    };
    [[nodiscard]] strategy::FloodLimits flood_limits() const { return {limits_.default_ttl, limits_.hops_and_ttl_max}; }
    [[nodiscard]] std::unique_ptr<strategy::Strategy> make(
        strategy::Kind kind, std::shared_ptr<strategy::VisitedLinks> const& visited) const;

    RoutingLimits const& limits_;
    strategy::Flood flood_;  // keeps nothing, so nothing is reported to it
    Lazy<Made> made_;
};

}  // namespace praline::search
