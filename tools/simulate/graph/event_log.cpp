#include "tools/simulate/graph/event_log.hpp"

#include <algorithm>

namespace praline::simulate::graph {
namespace {

/// Turns of hits, apart from those of queries.
constexpr std::uint64_t hit_turns = std::uint64_t{1} << 63;

}  // namespace

void EventLog::begin(world::Node source, world::QueryNetwork const& network) {
    for (world::Node const node : busy_) came_[node] = 0;
    busy_.clear();
    source_ = source;
    network_ = network;
    first_ms_.reset();
    lost_ = bytes_ = hit_messages_ = busiest_ = 0;
    begin_round(0, 0);
}

void EventLog::begin_round(std::uint64_t round, std::uint64_t after_ms) {
    begin_further_round(round, after_ms);
    answers_.clear();
}

void EventLog::begin_further_round(std::uint64_t round, std::uint64_t after_ms) {
    round_number_ = round;
    after_ms_ = after_ms;
}

void EventLog::count(world::Node node) {
    if (node == source_) return;
    if (came_[node]++ == 0) busy_.push_back(node);
    busiest_ = std::max<std::uint64_t>(busiest_, came_[node]);
}

std::optional<std::uint32_t> EventLog::send(world::Node from, world::Node to, world::QueryNetwork const& network,
                                            std::uint64_t bytes) {
    bytes_ += bytes;
    world::Passage const passage = network.passage(from, to);
    if (!passage.lost) return passage.delay_ms;
    ++lost_;
    return std::nullopt;
}

bool EventLog::arrive(world::Node node, std::uint64_t now) {
    if (!there(node, now)) {
        ++lost_;
        return false;
    }
    count(node);
    return fate(node) != world::Fate::failed;
}

bool EventLog::answer(world::Node node, bool has_it, std::uint64_t now) {
    world::QueryNetwork const passages = network_.turn(hit_turns | round_number_ << 32 | node);
    for (world::Node at = node; at != source_;) {
        world::Node const back = heard_from_[at];
        if (!there(back, now)) return false;  // its link is gone, and nobody else knows the way
        ++hit_messages_;
        auto const delay = send(at, back, passages, world::MessageSizes::hit);
        if (!delay) return false;
        now += *delay;
        if (!arrive(back, now) || fate(back) == world::Fate::dropper) return false;
        at = back;
    }
    answers_.push_back({after_ms_ + now, has_it});
    if (has_it) first_ms_ = std::min(first_ms_.value_or(after_ms_ + now), after_ms_ + now);
    return true;
}

std::uint64_t EventLog::answers_before(std::uint64_t now) const {
    return static_cast<std::uint64_t>(std::count_if(answers_.begin(), answers_.end(),
                                                    [&](Came const& came) { return came.at_ms < after_ms_ + now; }));
}

void EventLog::close(world::Outcome& outcome, std::uint32_t results_enough) {
    std::vector<std::uint64_t> times;
    for (Came const& came : answers_)
        if (came.true_one) times.push_back(came.at_ms);
    outcome.results = times.size();
    outcome.false_hits = answers_.size() - times.size();
    if (times.size() >= results_enough) {
        auto const last = times.begin() + (results_enough - 1);
        std::nth_element(times.begin(), last, times.end());
        outcome.enough_ms = *last;
    }
    outcome.first_ms = first_ms_;
    outcome.hit_messages = hit_messages_;
    outcome.lost = lost_;
    outcome.bytes = bytes_;
    outcome.busiest = busiest_;
}

std::size_t EventLog::bytes() const {
    return heard_from_.capacity() * sizeof(world::Node) + came_.capacity() * sizeof(std::uint32_t) +
           busy_.capacity() * sizeof(world::Node) + answers_.capacity() * sizeof(Came);
}

}  // namespace praline::simulate::graph
