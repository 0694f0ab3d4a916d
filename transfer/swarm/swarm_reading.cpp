// For whoever reads the file while it comes: what he waits for is asked for next.
#include "transfer/swarm/swarm.hpp"

namespace praline::swarm {

namespace {

/// What is read is on its way if it comes within so many seconds.
constexpr double soon_s = 2;

}  // namespace

void Swarm::wanted_from(std::uint64_t position, Instant now, Actions& actions) {
    now_ = now;
    actions_ = &actions;
    // Nothing of a piece is proved before all of it is here.
    position = position / map_.piece_bytes() * map_.piece_bytes();
    ranges_.wanted_from(position);
    auto const gap = map_.next_missing(position, 1);
    if (gap && !is_over_) {
        plan();
        auto const link = comes_soon(gap->begin) ? 0 : quickest_with(gap->begin);
        // It is asked again in a moment, and then for what is wanted.
        bool const may_close = !reading_closed_at_ || now_ - *reading_closed_at_ >= options_.stalled_after;
        if (link != 0 && may_close) {
            reading_closed_at_ = now_;
            close(link, std::nullopt);
            planned_at_.reset();
        }
    }
    actions_ = nullptr;
}

/// Somebody is about to send it.
bool Swarm::comes_soon(std::uint64_t position) const {
    for (auto const& [id, link] : links_) {
        auto const held = ranges_.held_by(link.source);
        if (!held || position < held->begin || position >= held->end || is_stalled(link, now_)) continue;
        auto const figures = figures_.find(link.source);
        auto const rate = figures == figures_.end() ? std::nullopt : figures->second.speed.bytes_per_second(now_);
        auto const before = static_cast<double>(position - held->begin);
        if (before <= static_cast<double>(map_.piece_bytes()) || (rate && before <= *rate * soon_s)) return true;
    }
    return false;
}

/// 0: nobody who sends something else has it.
LinkId Swarm::quickest_with(std::uint64_t position) const {
    LinkId quickest = 0;
    double best = -1;
    for (auto const& [id, link] : links_) {
        auto const held = ranges_.held_by(link.source);
        auto const figures = figures_.find(link.source);
        if (!held || ranges_.is_unshared(*held) || figures == figures_.end()) continue;
        auto const& offered = figures->second.offered;
        if (offered && !offered->contains({position, position + 1})) continue;
        auto const rate = figures->second.speed.bytes_per_second(now_).value_or(0);
        if (rate > best) best = rate, quickest = id;
    }
    return quickest;
}

}  // namespace praline::swarm
