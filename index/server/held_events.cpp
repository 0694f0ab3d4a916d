#include "index/server/held_events.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace praline::index::server {
namespace {

PublisherId const* ended_publisher(replica::Event const& event) {
    if (auto const* const closed = std::get_if<replica::SessionClosed>(&event)) return &closed->publisher;
    if (auto const* const ended = std::get_if<replica::SessionEnded>(&event)) return &ended->publisher;
    return nullptr;
}

}  // namespace

HeldEvents::HeldEvents(std::function<bool()> must_wait) : must_wait_{std::move(must_wait)} {}

/// @returns true: `event` ends a session that the replica has not heard of.
bool HeldEvents::drop_held_session(replica::Event const& event) {
    auto const* const publisher = ended_publisher(event);
    if (publisher == nullptr) return false;
    auto const is_its_session = [publisher](replica::Event const& one) {
        auto const* const opened = std::get_if<replica::SessionOpened>(&one);
        return opened != nullptr && opened->publisher.id == *publisher;
    };
    return std::erase_if(held_, is_its_session) > 0;
}

std::optional<replica::Event> HeldEvents::pass(replica::Event event) {
    if (drop_held_session(event)) return std::nullopt;
    bool const can_wait =
        std::holds_alternative<replica::SessionOpened>(event) || std::holds_alternative<replica::AskWanted>(event);
    if (!can_wait || held_.size() >= held_max || !must_wait_()) return event;
    held_.push_back(std::move(event));
    return std::nullopt;
}

std::deque<replica::Event> HeldEvents::release() {
    if (held_.empty() || must_wait_()) return {};
    return std::exchange(held_, {});
}

}  // namespace praline::index::server
