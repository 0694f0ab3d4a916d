#pragma once

#include <map>
#include <optional>

#include "index/replica/context.hpp"
#include "index/replica/group.hpp"

namespace praline::index::replica {

/// When the next comparison with another server begins, with which servers it is urgent, and how the last ones ended. Any
/// part that learns that a server may hold something else says so here; Repair does the comparing.
/// @threads one: it belongs to a replica.
class ComparisonSchedule {
public:
    struct Outcome {
        bool soon = false;             ///< a comparison is urgent
        bool same = false;             ///< the last one found no difference
        bool nothing_missing = false;  ///< and nothing that is not here
        std::uint64_t differing = 0;   ///< publishers in which it differed
        std::optional<Instant> compared;
    };

    ComparisonSchedule(Context& context, Group const& group) : ctx_{context}, group_{group} {}

    /// The time of the first comparison is set, and each time when one has been chosen that of the next.
    void plan_next() { next_at_ = ctx_.now() + ctx_.jittered(ctx_.options().repair_every); }
    /// A comparison with a member is urgent: with the same server not sooner than a heartbeat after the last one.
    void compare_soon(ServerId id);
    [[nodiscard]] Outcome const& of(ServerId id) const;
    [[nodiscard]] Instant next_at() const { return next_at_; }

    /// One comparison runs at a time; while it does, nothing moves the next one.
    void begun(ServerId with);
    /// It broke off: it is urgent still.
    void broken_off(ServerId with);
    void ended(ServerId with, std::uint64_t differing, std::uint64_t missing);
    /// After an end: servers for which a comparison is urgent are not kept waiting.
    void bring_forward();

    /// It has been started again: what was the same may not be so any more.
    void restarted(ServerId id);
    void forget(ServerId id) { outcomes_.erase(id); }

private:
    Context& ctx_;
    Group const& group_;
    std::map<ServerId, Outcome> outcomes_;  ///< of members only
    Instant next_at_{};
    bool running_ = false;
};

}  // namespace praline::index::replica
