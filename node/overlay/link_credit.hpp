#pragma once

#include <cstdint>
#include <optional>

#include "node/base/ids.hpp"
#include "node/base/rate.hpp"
#include "node/base/time.hpp"
#include "node/overlay/limits.hpp"

namespace praline::overlay {

/// What one link may still bring: queries and pings, walkers and notes, requests. `per_second` is what it may bring of
/// queries in the long run; 0: as many as it likes.
/// @threads any, one at a time: a value.   @source node/wire/protocol/routing.md
class LinkCredit {
public:
    /// One new query. The farther it comes from, the more peers have answered it: less of the credit is for it.
    [[nodiscard]] bool take_query(Limits const& limits, Instant now, std::uint32_t per_second, Hops hops);
    /// One ping, by the same credit; those that look for hosts get the first quarter of it. One that asks only whether
    /// we live is a request if no such credit is left.
    [[nodiscard]] bool take_ping(Limits const& limits, Instant now, std::uint32_t per_second, bool alive);
    /// A walker or key request of a query that has been here, or a note.
    [[nodiscard]] bool take_step(Limits const& limits, Instant now) {
        return steps_.take(now, limits.steps_per_second, limits.steps_burst);
    }
    /// A push, or a vendor message other than a note.
    [[nodiscard]] bool take_request(Limits const& limits, Instant now) {
        return requests_.take(now, limits.requests_per_second, limits.requests_burst);
    }
    /// Queries that were let in have cost `units` more.
    void owe(Limits const& limits, Instant now, std::uint32_t per_second, std::uint32_t units) {
        queries_.owe(now, per_second, limits.queries_burst, units, limits.query_debt_max);
    }

    static constexpr std::uint8_t no_hops_flow = 255;
    /// The Hops Flow that fits what is left. @param announced  what the link was asked for last, or `no_hops_flow`.
    [[nodiscard]] std::uint8_t hops_flow(Limits const& limits, Instant now, std::uint32_t per_second,
                                         std::uint8_t announced) const;
    /// When a Hops Flow may be lifted, if nothing is taken until then.
    [[nodiscard]] Instant lifted_at(Limits const& limits, std::uint32_t per_second) const {
        return queries_.regained_at(per_second, limits.queries_burst / 4);
    }

private:
    Rate queries_, steps_, requests_;
};

}  // namespace praline::overlay
