#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/time.hpp"
#include "search/strategy/strategy.hpp"

namespace praline::search {

/// Walkers that wait in a strategy for the answer to their question, and the peers they came from. Bounded by number (the
/// oldest is dropped) and by age.
/// @threads one.
class WaitingWalkers {
public:
    struct Walker {
        strategy::WalkerCheck check;
        std::optional<PeerId> from;
        strategy::Kind kind;
        Instant until;
    };

    void add(Walker walker, Instant now, std::size_t most) {
        std::erase_if(walkers_, [&](Walker const& one) { return one.until <= now; });
        if (walkers_.size() >= std::max<std::size_t>(most, 1)) walkers_.erase(walkers_.begin());
        walkers_.push_back(std::move(walker));
    }
    /// Empty: it waits no longer.
    [[nodiscard]] std::optional<Walker> take(Guid const& guid, std::uint32_t number, std::uint32_t step) {
        auto const held = std::find_if(walkers_.begin(), walkers_.end(), [&](Walker const& one) {
            return one.check.guid == guid && one.check.walker.number == number && one.check.walker.step == step;
        });
        if (held == walkers_.end()) return std::nullopt;
        std::optional<Walker> walker{std::move(*held)};
        walkers_.erase(held);
        return walker;
    }
    [[nodiscard]] std::size_t size() const { return walkers_.size(); }

private:
    std::vector<Walker> walkers_;  // oldest first
};

}  // namespace praline::search
