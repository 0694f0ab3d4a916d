#include "index/server/replica_host.hpp"

#include <algorithm>
#include <utility>

#include "node/net/system_clock.hpp"

namespace praline::index::server {

ReplicaHost::ReplicaHost(boost::asio::io_context& io, replica::ReplicaOptions const& options, Rng rng, Owner owner)
    : owner_{std::move(owner)},
      ask_within_{options.ask_within},
      publishers_max_{options.publishers_max},
      started_at_{net::now()},
      held_{[this] { return waits_for_others(); }},
      host_{io,
            replica::Tick{},
            {[this](replica::Action& action) {
                 if (!stopped_) owner_.perform(action);
             },
             [this] { settled(); }},
            options,
            rng} {}

Duration ReplicaHost::uptime() const { return net::now() - started_at_; }

/// It may know less than others, and has reached none of them: `ask_within` from the start at most.
bool ReplicaHost::waits_for_others() const {
    if (replica().answers_alone() || uptime() >= ask_within_) return false;
    auto const others = replica().members(net::now());
    return std::none_of(others.begin(), others.end(), [](replica::MemberView const& one) { return one.direct; });
}

void ReplicaHost::push(replica::Event event) {
    if (stopped_) return;
    if (auto passed = held_.pass(std::move(event))) host_.queue(std::move(*passed));
}

void ReplicaHost::settled() {
    if (stopped_) return;
    auto released = held_.release();
    if (released.empty()) return owner_.settled();
    for (auto& event : released) host_.queue(std::move(event));
    host_.run();
}

void ReplicaHost::stop() {
    stopped_ = true;
    host_.stop_ticking();
}

bool ReplicaHost::has_room_for(PublisherId const& publisher) const {
    return replica().find(publisher) != nullptr || replica().publishers() < publishers_max_;
}

}  // namespace praline::index::server
