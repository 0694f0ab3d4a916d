#include "index/server/event_queue.hpp"

#include <algorithm>
#include <iterator>
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

EventQueue::EventQueue(std::function<bool()> must_wait) : must_wait_{std::move(must_wait)} {}

/// @returns true: `event` ends a session that the replica has not heard of.
bool EventQueue::drop_held_session(replica::Event const& event) {
    auto const* const publisher = ended_publisher(event);
    if (publisher == nullptr) return false;
    auto const is_its_session = [publisher](replica::Event const& one) {
        auto const* const opened = std::get_if<replica::SessionOpened>(&one);
        return opened != nullptr && opened->publisher.id == *publisher;
    };
    return std::erase_if(held_, is_its_session) > 0;
}

void EventQueue::push(replica::Event event) {
    if (drop_held_session(event)) return;
    bool const can_wait =
        std::holds_alternative<replica::SessionOpened>(event) || std::holds_alternative<replica::AskWanted>(event);
    if (can_wait && held_.size() < held_max && must_wait_())
        held_.push_back(std::move(event));
    else
        ready_.push_back(std::move(event));
}

std::optional<replica::Event> EventQueue::pop() {
    if (ready_.empty() && !held_.empty() && !must_wait_()) {
        std::move(held_.begin(), held_.end(), std::back_inserter(ready_));
        held_.clear();
    }
    if (ready_.empty()) return std::nullopt;
    auto event = std::move(ready_.front());
    ready_.pop_front();
    return event;
}

}  // namespace praline::index::server
