#include "search/routing/strategies.hpp"

#include "search/strategy/automatic.hpp"
#include "search/strategy/biased_walk.hpp"
#include "search/strategy/dynamic.hpp"
#include "search/strategy/expanding_ring.hpp"
#include "search/strategy/key.hpp"
#include "search/strategy/random_walk.hpp"

namespace praline::search {

using strategy::Kind;

std::unique_ptr<strategy::Strategy> Strategies::make(Kind kind) const {
    switch (kind) {
        case Kind::flood: break;
        case Kind::index:
        case Kind::hybrid: break;  // they never come here
        case Kind::expanding_ring: return std::make_unique<strategy::ExpandingRing>(limits_.ring);
        case Kind::biased_walk: return std::make_unique<strategy::BiasedWalk>(limits_.biased_walk, flood_limits(), made_->trails);
        case Kind::dynamic: return std::make_unique<strategy::Dynamic>(limits_.dynamic);
        case Kind::random_walk: return std::make_unique<strategy::RandomWalk>(limits_.walk, flood_limits(), made_->trails);
        case Kind::key: return std::make_unique<strategy::KeyRouting>(limits_.key, flood_limits());
        case Kind::automatic:
            return std::make_unique<strategy::Automatic>(limits_.automatic, limits_.walk, limits_.dynamic, flood_limits(), made_->trails);
    }
    return std::make_unique<strategy::Flood>(flood_limits());
}

strategy::Strategy& Strategies::of(Kind kind) {
    auto const at = static_cast<std::size_t>(kind);
    if (kind == Kind::flood || at >= kinds) return flood_;
    if (!made_) made_ = std::make_unique<Made>(Made{{}, std::make_shared<strategy::Trails>(limits_.walk.trails_max)});
    auto& one = made_->all[at];
    if (!one) one = make(kind);
    return *one;
}

strategy::Strategy& Strategies::relay_for(strategy::Asked const& asked) {
    if (asked.walker) return of(asked.walker->biased ? Kind::biased_walk : Kind::random_walk);
    return asked.trip ? of(Kind::key) : flood_;
}

std::optional<Instant> Strategies::next_deadline() const {
    std::optional<Instant> earliest;
    for_each([&](strategy::Strategy const& one) {
        if (auto const due = one.next_deadline(); due && (!earliest || *due < *earliest)) earliest = due;
    });
    return earliest;
}

}  // namespace praline::search
