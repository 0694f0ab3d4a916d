#include "index/replica/comparison_schedule.hpp"

#include <algorithm>

namespace praline::index::replica {

void ComparisonSchedule::compare_soon(ServerId id) {
    if (group_.find(id) == nullptr) return;
    Outcome& outcome = outcomes_[id];
    outcome.soon = true;
    if (running_) return;
    Duration const pause = ctx_.options().heartbeat_every;
    next_at_ = std::min(next_at_, std::max(ctx_.now(), outcome.compared.value_or(ctx_.now() - pause) + pause));
}

ComparisonSchedule::Outcome const& ComparisonSchedule::of(ServerId id) const {
    static Outcome const never;
    auto const found = outcomes_.find(id);
    return found == outcomes_.end() ? never : found->second;
}

void ComparisonSchedule::begun(ServerId with) {
    outcomes_[with].soon = false;
    running_ = true;
}

void ComparisonSchedule::broken_off(ServerId with) {
    running_ = false;
    if (group_.find(with) == nullptr) return;
    outcomes_[with].compared = ctx_.now();
    outcomes_[with].soon = true;
}

void ComparisonSchedule::ended(ServerId with, std::uint64_t differing, std::uint64_t missing) {
    running_ = false;
    if (group_.find(with) == nullptr) return;
    Outcome& outcome = outcomes_[with];
    outcome.compared = ctx_.now();
    outcome.differing = differing;
    outcome.same = differing == 0;
    outcome.nothing_missing = missing == 0;
}

void ComparisonSchedule::bring_forward() {
    for (auto const& [id, peer] : group_.peers())
        if (!peer.suspected && of(id).soon) compare_soon(id);
}

void ComparisonSchedule::restarted(ServerId id) {
    auto const found = outcomes_.find(id);
    if (found != outcomes_.end()) found->second.same = found->second.nothing_missing = false;
}

}  // namespace praline::index::replica
