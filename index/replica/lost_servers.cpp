#include "index/replica/lost_servers.hpp"

#include <algorithm>

#include "index/replica/limits.hpp"

namespace praline::index::replica {

void LostServers::add(ServerId id, Endpoint endpoint) {
    if (lost_.size() >= lost_max)
        lost_.erase(std::min_element(lost_.begin(), lost_.end(), [](auto const& one, auto const& other) {
            return one.second.since < other.second.since;
        }));
    lost_[id] = {endpoint, ctx_.now(), ctx_.now() + ctx_.jittered(ctx_.options().rejoin_partition_every)};
}

void LostServers::found(Member const& member) {
    auto const is_it = [&](auto const& one) {
        return one.first == member.id || one.second.endpoint == member.endpoint;
    };
    if (std::erase_if(lost_, is_it) == 0) return;
    for (auto& [other, lost] : lost_) lost.dial_at = ctx_.now();
}

void LostServers::seek(bool may_dial) {
    std::erase_if(
        lost_, [&](auto const& one) { return ctx_.now() - one.second.since >= ctx_.options().rejoin_partition_for; });
    if (!may_dial) return;
    for (auto& [id, lost] : lost_) {
        if (ctx_.now() < lost.dial_at) continue;
        lost.dial_at = ctx_.now() + ctx_.jittered(ctx_.options().rejoin_partition_every);
        ctx_.emit(Connect{lost.endpoint});
    }
}

}  // namespace praline::index::replica
