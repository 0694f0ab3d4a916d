#include "node/net/pending_connections.hpp"

#include <utility>

namespace praline::net {

PendingConnections::Id PendingConnections::add(Endpoint remote, std::function<void()> close) {
    auto const id = ++last_;
    auto const pending =
        std::make_shared<Pending>(Pending{boost::asio::steady_timer{io_, limits_.deadline}, std::move(close)});
    pending_.emplace(id, pending);
    pending->deadline.async_wait([pending](boost::system::error_code error) {
        if (!error) pending->close();
    });
    if (auto const evicted = places_.admit(id, remote.address)) evict(*evicted);
    return id;
}

bool PendingConnections::remove(Id id) {
    places_.leave(id);
    auto const found = pending_.extract(id);
    if (found) found.mapped()->deadline.cancel();
    return !found.empty();
}

void PendingConnections::evict(Id id) {
    auto const found = pending_.extract(id);
    if (!found) return;
    ++evicted_;
    found.mapped()->deadline.cancel();
    found.mapped()->close();
}

void PendingConnections::close_all() {
    auto const all = std::exchange(pending_, {});
    for (auto const& [id, pending] : all) {
        places_.leave(id);
        pending->deadline.cancel();
        pending->close();
    }
}

}  // namespace praline::net
