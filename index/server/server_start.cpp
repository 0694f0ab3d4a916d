#include <algorithm>

#include "index/server/server_impl.hpp"
#include "node/net/system_clock.hpp"

/// The first moments of a server that joins a group. Its door is open, but it has not met anybody yet: a search would
/// find nothing, and a publisher would be taken for a new one. Both wait, not for long, until another server is reached.
namespace praline::index {
namespace {

PublisherId const* ended_publisher(Event const& event) {
    if (auto const* const closed = std::get_if<SessionClosed>(&event)) return &closed->publisher;
    if (auto const* const ended = std::get_if<SessionEnded>(&event)) return &ended->publisher;
    return nullptr;
}

}  // namespace

bool IndexServer::Impl::waits_for_others() const {
    if (replica.answers_alone()) return false;
    auto const now = net::now();
    if (now - started_at >= options.replica.ask_within) return false;
    auto const others = replica.members(now);
    return std::none_of(others.begin(), others.end(), [](MemberView const& one) { return one.direct; });
}

void IndexServer::Impl::tell_replica(Event event) {
    if (PublisherId const* const publisher = ended_publisher(event); publisher != nullptr && !held.empty()) {
        // It has gone before the replica heard of it.
        auto const gone = [publisher](Event const& one) {
            auto const* const opened = std::get_if<SessionOpened>(&one);
            return opened != nullptr && opened->publisher.id == *publisher;
        };
        if (std::erase_if(held, gone) > 0) return;
    }
    bool const can_wait = std::holds_alternative<SessionOpened>(event) || std::holds_alternative<AskWanted>(event);
    if (can_wait && held.size() < held_max && waits_for_others())
        held.push_back(std::move(event));
    else
        events.push_back(std::move(event));
}

bool IndexServer::Impl::release_held() {
    if (held.empty() || waits_for_others()) return false;
    std::move(held.begin(), held.end(), std::back_inserter(events));
    held.clear();
    return true;
}

}  // namespace praline::index
