#include "search/engine/strategies.hpp"

#include "search/strategy/automatic.hpp"
#include "search/strategy/biased_walk.hpp"
#include "search/strategy/dynamic.hpp"
#include "search/strategy/expanding_ring.hpp"
#include "search/strategy/key.hpp"
#include "search/strategy/random_walk.hpp"

namespace praline::search {

using strategy::Kind;
using strategy::Strategy;

std::unique_ptr<Strategy> Strategies::make(Kind kind, std::shared_ptr<strategy::VisitedLinks> const& visited) const {
    switch (kind) {
        case Kind::flood: break;
        case Kind::index:
        case Kind::hybrid: break;  // they never come here
        case Kind::expanding_ring: return std::make_unique<strategy::ExpandingRing>(limits_.ring);
        case Kind::biased_walk:
            return std::make_unique<strategy::BiasedWalk>(limits_.biased_walk, flood_limits(), visited);
        case Kind::dynamic: return std::make_unique<strategy::Dynamic>(limits_.dynamic);
        case Kind::random_walk: return std::make_unique<strategy::RandomWalk>(limits_.walk, flood_limits(), visited);
        case Kind::key: return std::make_unique<strategy::KeyRouting>(limits_.key, flood_limits());
        case Kind::automatic:
            return std::make_unique<strategy::Automatic>(limits_.automatic, limits_.walk, limits_.dynamic,
                                                         flood_limits(), visited);
    }
    return std::make_unique<strategy::Flood>(flood_limits());
}

Strategy& Strategies::of(Kind kind) {
    auto const at = static_cast<std::size_t>(kind);
    if (kind == Kind::flood || at >= kinds) return flood_;
    Made& made = made_.get(limits_.walk.visited_queries_max);
    auto& one = made.all[at];
    if (!one) one = make(kind, made.visited);
    return *one;
}

Kind Strategies::kind_of_passing(strategy::QueryContext const& context) {
    if (context.walker) return context.walker->biased ? Kind::biased_walk : Kind::random_walk;
    return context.key_request ? Kind::key : Kind::flood;
}

void Strategies::results(Guid const& guid, std::size_t count) {
    for_each([&](Strategy& one) { one.results(guid, count); });
}

void Strategies::stop_querying(Guid const& guid) {
    for_each([&](Strategy& one) { one.stop_querying(guid); });
}

void Strategies::hit_passed(Guid const& guid, PeerId via) {
    for_each([&](Strategy& one) { one.hit_passed(guid, via); });
}

void Strategies::neighbour_down(PeerId peer) {
    for_each([&](Strategy& one) { one.neighbour_down(peer); });
}

bool Strategies::wants_more(Guid const& guid) const {
    bool more = false;
    for_each([&](Strategy const& one) { more = more || one.wants_more(guid); });
    return more;
}

bool Strategies::may_query_more(Guid const& guid) const {
    bool more = false;
    for_each([&](Strategy const& one) { more = more || one.may_query_more(guid); });
    return more;
}

std::optional<Instant> Strategies::next_deadline() const {
    std::optional<Instant> earliest;
    for_each([&](Strategy const& one) {
        if (auto const due = one.next_deadline(); due && (!earliest || *due < *earliest)) earliest = due;
    });
    return earliest;
}

void Strategies::forget(Kind kind) {
    if (auto const at = static_cast<std::size_t>(kind); made_.if_made() && at < kinds) made_.if_made()->all[at].reset();
}

}  // namespace praline::search
