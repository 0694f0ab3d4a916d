#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "search/routing/limits.hpp"
#include "search/strategy/flood.hpp"
#include "search/strategy/strategy.hpp"
#include "search/strategy/trails.hpp"

namespace praline::search {

/// All strategies of one node. Each is made when it is first needed: most nodes of a large network only ever relay
/// floods.
/// @threads one.
class Strategies {
public:
    explicit Strategies(Limits const& limits) : limits_{limits}, flood_{flood_limits()} {}

    [[nodiscard]] strategy::Strategy& of(strategy::Kind kind);
    /// What a passing query is: walker, key request or flood.
    [[nodiscard]] strategy::Strategy& relay_for(strategy::Asked const& asked);
    /// Calls `use` with each that has been made, in a fixed order.
    template <class Use>
    void for_each(Use use) {
        for (std::size_t at = 0; made_ && at < kinds; ++at)
            if (auto const& one = made_->all[at]) use(*one);
    }
    template <class Use>
    void for_each(Use use) const {
        for (std::size_t at = 0; made_ && at < kinds; ++at)
            if (auto const& one = made_->all[at]) use(std::as_const(*one));
    }
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    /// What it has learnt, and whatever it was about to do.
    void forget(strategy::Kind kind) {
        if (auto const at = static_cast<std::size_t>(kind); made_ && at < kinds) made_->all[at].reset();
    }

private:
    static constexpr std::size_t kinds = static_cast<std::size_t>(strategy::Kind::automatic) + 1;
    [[nodiscard]] strategy::FloodLimits flood_limits() const { return {limits_.default_ttl, limits_.hops_and_ttl_max}; }
    [[nodiscard]] std::unique_ptr<strategy::Strategy> make(strategy::Kind kind) const;

    Limits const& limits_;
    strategy::Flood flood_;  // keeps nothing, so it is told nothing
    struct Made {
        std::array<std::unique_ptr<strategy::Strategy>, kinds> all;
        std::shared_ptr<strategy::Trails> trails;  // of all walks
    };
    std::unique_ptr<Made> made_;  // null while none is
};

}  // namespace praline::search
