#include "webui/api/event_log.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "webui/api/limits.hpp"

namespace praline::webui {

EventLog::EventLog(std::uint64_t first) : last_{first} {}

void EventLog::note(Change change) {
    auto const same = [&](Change const& other) {
        return other.topic == change.topic && (other.id == change.id || other.id.empty());
    };
    if (std::any_of(pending_.begin(), pending_.end(), same)) return;
    if (pending_.size() >= changes_pending_max) {
        change.id.clear();
        // A topic the table is full without would be lost; there are only a handful of topics, so one more is no harm.
        std::erase_if(pending_, [&](Change const& other) { return other.topic == change.topic; });
    }
    pending_.emplace_back(std::move(change));
}

std::vector<Event> EventLog::flush() {
    std::vector<Event> told;
    for (auto& change : pending_) {
        told.emplace_back(Event{++last_, std::move(change)});
        kept_.emplace_back(told.back());
        if (kept_.size() > events_kept_max) kept_.pop_front();
    }
    pending_.clear();
    return told;
}

std::optional<std::vector<Event>> EventLog::after(std::uint64_t sequence) const {
    if (sequence > last_) return std::nullopt;
    auto const missed = last_ - sequence;
    if (missed > kept_.size()) return std::nullopt;
    return std::vector<Event>{kept_.end() - static_cast<std::ptrdiff_t>(missed), kept_.end()};
}

std::string stream_text(Event const& event) {
    boost::json::object const data{{"topic", event.change.topic}, {"id", event.change.id}};
    return "id: " + std::to_string(event.sequence) + "\nevent: change\ndata: " + boost::json::serialize(data) + "\n\n";
}

std::string reset_text(std::uint64_t sequence) {
    return "id: " + std::to_string(sequence) + "\nevent: reset\ndata: {}\n\n";
}

}  // namespace praline::webui
