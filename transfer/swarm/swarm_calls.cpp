// Which sources are called, and, for whoever reads the file while it comes, what is asked for next.
#include <algorithm>

#include "transfer/swarm/swarm.hpp"

namespace praline::swarm {

namespace {

/// What is read is on its way if it comes within so many seconds.
constexpr double soon_s = 2;
/// To connect to a source and to ask it pays if it lasts so many of its latencies.
constexpr int latencies_of_connecting = 8;

}  // namespace

void Swarm::call_others() {
    bool asked_all = false;
    while (links_.size() < options_.connections_max && !is_called()) {
        auto const longest = longest_worth_connecting(suppliers());
        if (longest <= Duration{0}) break;
        auto const* const next = list_.pick(
            now_, [&](KnownSource const& one) { return may_connect(one) && connecting_time(one.id) <= longest; });
        asked_all = next == nullptr;
        if (next == nullptr) break;
        forget_figures();
        auto& link = links_[++last_link_];
        link.source = next->id;
        link.where = next->source;
        link.since = now_;
        actions_->push_back(Connect{last_link_, next->id});
    }
    bool const starving = asked_all && links_.empty();
    if (starving && !wants_sources_) actions_->push_back(FindSources{});
    wants_sources_ = starving;
}

/// As many connections are being made as may be.
bool Swarm::is_called() const {
    auto const connecting = std::count_if(links_.begin(), links_.end(),
                                          [](auto const& one) { return one.second.phase == Phase::connecting; });
    return static_cast<std::size_t>(connecting) >= options_.connecting_max;
}

bool Swarm::may_connect(KnownSource const& known) const {
    return link_of(known.id) == 0 && (!options_.may_ask || options_.may_ask(known.id));
}

/// Who would need longer to be of use need not be called. Zero: nobody need.
Duration Swarm::longest_worth_connecting(std::vector<Supplier> const& all) const {
    if (!ranges_.any_held() && ranges_.free().empty()) return Duration{0};
    bool const stalled = std::any_of(all.begin(), all.end(), [](Supplier const& one) { return one.is_stalled; });
    if (stalled || !ranges_.any_held()) return Duration::max();
    return ranges_.time_left(all).value_or(Duration::max());
}

/// Until a source is of use; of one that was asked before by its way, of others by `worth_connecting`.
Duration Swarm::connecting_time(SourceId source) const {
    auto const figures = figures_.find(source);
    auto const latency = figures == figures_.end() ? std::nullopt : figures->second.speed.latency();
    if (!latency) return options_.worth_connecting;
    return std::clamp<Duration>(latencies_of_connecting * *latency, 2 * options_.tick, options_.worth_connecting);
}

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
