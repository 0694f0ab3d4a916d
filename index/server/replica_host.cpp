#include "index/server/replica_host.hpp"

#include <algorithm>
#include <utility>

namespace praline::index::server {

ReplicaHost::ReplicaHost(replica::ReplicaOptions const& options, Rng rng, Clock clock, Perform perform)
    : clock_{std::move(clock)},
      perform_{std::move(perform)},
      ask_within_{options.ask_within},
      publishers_max_{options.publishers_max},
      started_at_{clock_()},
      replica_{options, rng},
      events_{[this] { return waits_for_others(); }} {}

/// It may know less than others, and has reached none of them: `ask_within` from the start at most.
bool ReplicaHost::waits_for_others() const {
    if (replica_.answers_alone()) return false;
    auto const now = clock_();
    if (now - started_at_ >= ask_within_) return false;
    auto const others = replica_.members(now);
    return std::none_of(others.begin(), others.end(), [](replica::MemberView const& one) { return one.direct; });
}

void ReplicaHost::push(replica::Event event) { events_.push(std::move(event)); }

bool ReplicaHost::settle() {
    if (settling_ || stopped_) return false;
    settling_ = true;
    replica::Actions actions;
    while (!stopped_) {
        auto const event = events_.pop();
        if (!event) break;
        actions.clear();
        auto const now = clock_();
        replica_.handle(*event, now, actions);
        for (auto& action : actions) perform_(action, now);
    }
    settling_ = false;
    return !stopped_;
}

void ReplicaHost::tick(Instant now) {
    if (auto const due = replica_.next_deadline(); due && *due <= now) push(replica::Tick{});
}

bool ReplicaHost::has_room_for(PublisherId const& publisher) const {
    return replica_.find(publisher) != nullptr || replica_.publishers() < publishers_max_;
}

}  // namespace praline::index::server
