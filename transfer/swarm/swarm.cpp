#include "transfer/swarm/swarm.hpp"

#include <algorithm>
#include <utility>

namespace praline::swarm {

namespace {

/// A source with a long way may be silent for so many of its latencies.
constexpr int latencies_of_silence = 4;
/// A source that declines so many requests in a row is asked again later.
constexpr unsigned declined_max = 3;

RangeSet missing_of(PieceMap const& map) {
    RangeSet missing;
    for (auto gap = map.next_missing(0, map.file_bytes()); gap; gap = map.next_missing(gap->end, map.file_bytes()))
        missing.add(*gap);
    return missing;
}

}  // namespace

Swarm::Swarm(PieceMap map, SwarmOptions options)
    : options_{std::move(options)},
      map_{std::move(map)},
      list_{options_.limits},
      ranges_{map_.piece_bytes(), missing_of(map_), options_.ranges} {}

bool Swarm::add(Source const& source, Instant now, bool by_user) { return list_.add(source, now, by_user); }

void Swarm::handle(Event const& event, Instant now, Actions& actions) {
    now_ = now;
    actions_ = &actions;
    // Bytes come often, and change what is to be done only when a request ends with them.
    needs_plan_ = !std::holds_alternative<BytesCame>(event);
    std::visit([this](auto const& one) { on(one); }, event);
    if (needs_plan_) plan();
    actions_ = nullptr;
}

std::optional<Instant> Swarm::next_deadline(Instant now) const {
    if (is_over_) return std::nullopt;
    if (!links_.empty()) return now + options_.tick;
    return list_.next_retry(now);
}

SourceReport Swarm::report(SourceId source, Instant now) const {
    SourceReport report;
    if (auto const link = links_.find(source); link != links_.end()) {
        report.phase = link->second.phase;
        report.is_stalled = is_stalled(source, link->second, now);
    }
    auto const at = figures_.find(source);
    if (at == figures_.end()) return report;
    auto const& figures = at->second;
    report.received_bytes = figures.received_bytes;
    report.right_bytes = figures.right_bytes;
    report.wrong_bytes = figures.wrong_bytes;
    report.bytes_per_second = figures.speed.bytes_per_second(now);
    report.latency = figures.speed.latency();
    return report;
}

void Swarm::on(Opened const& event) {
    auto const link = links_.find(event.source);
    if (link == links_.end() || link->second.phase != Phase::connecting) return;
    link->second.phase = Phase::idle;
    link->second.since = now_;
}

void Swarm::on(Offered const& event) {
    if (!links_.contains(event.source)) return;
    auto& offered = figures_[event.source].offered.emplace();
    for (auto const& range : event.ranges) offered.add({range.begin, std::min(range.end, map_.file_bytes())});
}

void Swarm::on(BodyBegan const& event) {
    auto const link = links_.find(event.source);
    auto const held = ranges_.held_by(event.source);
    if (link == links_.end() || link->second.phase != Phase::asked || !held) return;
    link->second.phase = Phase::receiving;
    link->second.body_end = std::clamp(event.end, held->begin, link->second.body_end);
    if (event.end < held->end) ranges_.shorten(event.source, std::max(event.end, held->begin));
    link->second.stop = std::min(link->second.stop, link->second.body_end);
}

void Swarm::on(Declined const& event) {
    auto const link = links_.find(event.source);
    if (link == links_.end() || link->second.phase != Phase::asked) return;
    ranges_.release(event.source);
    figures_[event.source].speed.rest(now_);
    link->second.phase = Phase::idle;
    link->second.since = now_;
    // Its parts are known now, or it has nothing for us.
    if (++link->second.declined >= declined_max || !could_use(event.source)) close(event.source, Fault::not_yet);
}

void Swarm::on(BytesCame const& event) {
    auto const link = links_.find(event.source);
    auto const held = ranges_.held_by(event.source);
    if (link == links_.end() || link->second.phase != Phase::receiving || !held || event.bytes == 0) return;
    auto const bytes = std::min(event.bytes, held->size());
    auto& figures = figures_[event.source];
    figures.speed.arrived(bytes, now_);
    figures.received_bytes += bytes;
    link->second.declined = 0;
    figures.bytes_of_link += bytes;
    ByteRange const range{held->begin, held->begin + bytes};
    ranges_.arrived(event.source, bytes);
    evidence_.sent(event.source, range);
    for (auto const piece : map_.written(range)) {
        auto const whole = map_.range_of(piece);
        auto const parts = evidence_.parts_of(whole);
        CheckPiece action{piece, {}};
        if (parts.size() > 1)
            for (auto const& part : parts) action.to_hash.push_back(part.range);
        for (auto const& suspected : evidence_.suspected(piece)) action.to_hash.push_back(suspected);
        ++checks_;
        actions_->push_back(std::move(action));
    }
    if (auto* const known = list_.find(event.source)) known->bytes += bytes;
    if (range.end < link->second.stop) return;
    needs_plan_ = true;
    // All that was wanted of this body is here.
    list_.succeeded(event.source);
    figures.speed.rest(now_);
    if (link->second.stop < link->second.body_end) return close(event.source, std::nullopt);
    link->second.phase = Phase::idle;
    link->second.since = now_;
}

void Swarm::on(Lost const& event) {
    if (!links_.contains(event.source)) return;
    stop(event.source);
    auto const& bytes = figures_[event.source].bytes_of_link;
    // What it was worth before it failed is no promise.
    if (event.fault) figures_[event.source].speed = SourceSpeed{};
    if (event.fault)
        static_cast<void>(list_.failed(event.source, *event.fault, event.retry_after, now_));
    else
        list_.rested(event.source, bytes, now_);
}

void Swarm::on(PieceChecked const& event) {
    if (checks_ > 0) --checks_;
    if (event.piece >= map_.piece_count() || map_.is_verified(event.piece)) return;
    auto const whole = map_.range_of(event.piece);
    if (event.is_right) {
        count_pieces(whole, true);
        auto const mixed = evidence_.parts_of(whole).size() > 1 ? evidence_.parts_of(whole).size() : 0;
        std::vector<Sha1> const earlier{
            event.hashes.begin() + static_cast<std::ptrdiff_t>(std::min(mixed, event.hashes.size())),
            event.hashes.end()};
        evidence_.forget(whole);
        map_.accept(event.piece);
        for (auto const liar : evidence_.is_right(event.piece, earlier)) convict(liar, event.piece);
        return;
    }
    count_pieces(whole, false);
    map_.reject(event.piece);
    ranges_.missing_again(whole);
    auto const parts = evidence_.parts_of(whole).size();
    auto hashes = event.hashes;
    hashes.resize(std::min(hashes.size(), parts > 1 ? parts : 0));
    for (auto const liar : evidence_.is_wrong(event.piece, whole, hashes)) convict(liar, event.piece);
}

void Swarm::on(BytesLost const& event) {
    for (auto piece = event.range.begin / map_.piece_bytes(); piece < map_.piece_count(); ++piece) {
        auto const whole = map_.range_of(piece);
        if (whole.begin >= event.range.end) break;
        if (map_.is_verified(piece)) continue;
        map_.reject(piece);
        evidence_.forget(whole);
        ranges_.missing_again(whole);
    }
}

void Swarm::plan() {
    if (is_over_) return;
    if (map_.complete()) {
        is_over_ = true;
        while (!links_.empty()) close(links_.begin()->first, std::nullopt);
        actions_->push_back(AllRight{});
        return;
    }
    end_waits();
    hand_out();
    call_others();
}

/// Connections, replies and bodies that take too long.
void Swarm::end_waits() {
    auto const others_wait = list_.pick(now_, [this](KnownSource const& one) { return may_connect(one); }) != nullptr;
    std::vector<std::pair<SourceId, Fault>> ended;
    for (auto& [source, link] : links_) {
        auto const waited = now_ - link.since;
        auto const& speed = figures_[source].speed;
        switch (link.phase) {
            case Phase::connecting:
                if (waited >= (others_wait ? options_.hurried_connect_time : options_.connect_time))
                    ended.emplace_back(source, Fault::unreachable);
                break;
            case Phase::asked:
                if (speed.silent_for(now_) >= options_.reply_time) ended.emplace_back(source, Fault::closed);
                break;
            case Phase::receiving: {
                if (speed.silent_for(now_) >= options_.silence_time) ended.emplace_back(source, Fault::closed);
                auto const rate = speed.bytes_per_second(now_);
                bool const slow = (rate && *rate < options_.floor_bytes_per_second) || is_stalled(source, link, now_);
                if (!slow) link.slow_since.reset();
                if (slow && !link.slow_since) link.slow_since = now_;
                if (slow && others_wait && now_ - *link.slow_since >= options_.slow_window)
                    ended.emplace_back(source, Fault::slow);
                break;
            }
            default: break;
        }
    }
    for (auto const& [source, fault] : ended) close(source, fault);
}

/// Every idle source gets something to do, the quickest first.
void Swarm::hand_out() {
    std::vector<std::pair<double, SourceId>> idle;
    for (auto const& [source, link] : links_)
        if (link.phase == Phase::idle)
            idle.emplace_back(-figures_[source].speed.bytes_per_second(now_).value_or(0), source);
    std::sort(idle.begin(), idle.end());
    for (auto const& [rate, source] : idle)
        if (links_.contains(source) && !ask(source, suppliers()) && !could_use(source)) close(source, std::nullopt);
}

bool Swarm::ask(SourceId source, std::vector<Supplier> const& all) {
    auto const choice = ranges_.take(supplier(source), all);
    if (!choice) return false;
    auto& link = links_.at(source);
    link.phase = Phase::asked;
    link.since = now_;
    link.stop = link.body_end = choice->range.end;
    link.slow_since.reset();
    figures_[source].speed.asked(now_);
    actions_->push_back(Ask{source, choice->range});
    if (!choice->victim) return true;
    auto& victim = links_.at(*choice->victim);
    if (ranges_.held_by(*choice->victim)) {
        victim.stop = choice->range.begin;
        actions_->push_back(StopAt{*choice->victim, victim.stop});
    } else {
        close(*choice->victim, Fault::slow);
    }
    return true;
}

void Swarm::call_others() {
    bool asked_all = false;
    while (links_.size() < options_.connections_max) {
        auto const connecting = std::count_if(links_.begin(), links_.end(),
                                              [](auto const& one) { return one.second.phase == Phase::connecting; });
        if (static_cast<std::size_t>(connecting) >= options_.connecting_max) break;
        if (!is_worth_connecting(suppliers())) break;
        auto const* const next = list_.pick(now_, [this](KnownSource const& one) { return may_connect(one); });
        asked_all = next == nullptr;
        if (next == nullptr) break;
        links_[next->id].since = now_;
        figures_[next->id].bytes_of_link = 0;
        actions_->push_back(Connect{next->id});
    }
    bool const starving = asked_all && links_.empty();
    if (starving && !wants_sources_) actions_->push_back(FindSources{});
    wants_sources_ = starving;
}

bool Swarm::may_connect(KnownSource const& known) const {
    return !links_.contains(known.id) && (!options_.may_ask || options_.may_ask(known.id)) && could_use(known.id);
}

/// A partial file without anything that is missing here is no source.
bool Swarm::could_use(SourceId source) const {
    auto const figures = figures_.find(source);
    if (figures == figures_.end() || !figures->second.offered) return true;
    for (auto const& range : figures->second.offered->ranges())
        if (map_.next_missing(range.begin, 1) && map_.next_missing(range.begin, 1)->begin < range.end) return true;
    return false;
}

bool Swarm::is_worth_connecting(std::vector<Supplier> const& all) const {
    if (!ranges_.any_held() && ranges_.free().empty()) return false;
    bool const stalled = std::any_of(all.begin(), all.end(), [](Supplier const& one) { return one.is_stalled; });
    if (stalled || !ranges_.any_held()) return true;
    auto const left = ranges_.time_left(all);
    return !left || *left >= options_.worth_connecting;
}

/// Its range is free again, its connection forgotten.
void Swarm::stop(SourceId source) {
    ranges_.release(source);
    figures_[source].speed.rest(now_);
    links_.erase(source);
}

void Swarm::close(SourceId source, std::optional<Fault> fault) {
    on(Lost{source, fault, {}});
    actions_->push_back(Close{source, fault});
}

/// What it sent and nobody has checked yet is not waited for: a piece begun by a liar costs another piece at most.
void Swarm::convict(SourceId source, std::uint64_t piece) {
    auto const* const known = list_.find(source);
    if (known == nullptr) return;
    accused_[source] = known->source;
    actions_->push_back(Accuse{source, piece});
    bool const linked = links_.contains(source);
    if (linked) stop(source);
    for (auto const& part : evidence_.parts_by(source)) {
        // Whole pieces are being checked; beginnings of others are fetched again.
        auto const first = part.range.begin / map_.piece_bytes(), last = (part.range.end - 1) / map_.piece_bytes();
        for (auto at = first; at <= last; ++at) {
            auto const whole = map_.range_of(at);
            if (map_.has(whole)) continue;
            ByteRange const share{std::max(part.range.begin, whole.begin), std::min(part.range.end, whole.end)};
            map_.lost(share);
            evidence_.forget(share);
            ranges_.missing_again(share);
        }
    }
    static_cast<void>(list_.failed(source, Fault::corrupt, std::nullopt, now_));
    if (linked) actions_->push_back(Close{source, Fault::corrupt});
}

void Swarm::count_pieces(ByteRange range, bool right) {
    for (auto const& part : evidence_.parts_of(range)) {
        auto& figures = figures_[part.source];
        (right ? figures.right_bytes : figures.wrong_bytes) += part.range.size();
    }
}

std::vector<Supplier> Swarm::suppliers() const {
    std::vector<Supplier> all;
    for (auto const& [source, link] : links_)
        if (link.phase != Phase::connecting) all.push_back(supplier(source));
    return all;
}

Supplier Swarm::supplier(SourceId source) const {
    Supplier one;
    one.id = source;
    auto const figures = figures_.find(source);
    if (figures != figures_.end()) {
        if (figures->second.offered) one.offered = &*figures->second.offered;
        one.rate = figures->second.speed.bytes_per_second(now_);
        one.latency = figures->second.speed.latency();
    }
    auto const link = links_.find(source);
    one.is_stalled = link != links_.end() && is_stalled(source, link->second, now_);
    return one;
}

bool Swarm::is_stalled(SourceId source, Link const& link, Instant now) const {
    if (link.phase != Phase::asked && link.phase != Phase::receiving) return false;
    auto const figures = figures_.find(source);
    if (figures == figures_.end()) return false;
    auto const& speed = figures->second.speed;
    auto const patience =
        std::max(options_.stalled_after, speed.latency().value_or(Duration{0}) * latencies_of_silence);
    return speed.silent_for(now) >= patience;
}

}  // namespace praline::swarm
