#include "transfer/swarm/swarm.hpp"

#include <algorithm>
#include <utility>

#include "node/base/check.hpp"

namespace praline::swarm {

namespace {

/// A source with a long way may be silent for so many of its latencies.
constexpr int latencies_of_silence = 4;
/// A source that declines so many requests in a row is asked again later.
constexpr unsigned declined_max = 3;
/// What one source may send alone is taken from it if another would need so much less time for all of it.
constexpr double outrun_factor = 4;
/// How soon sources that must not be asked are looked at again, in ticks.
constexpr int ticks_until_allowed = 4;

RangeSet missing_of(PieceMap const& map) {
    RangeSet missing;
    for (auto gap = map.next_missing(0, map.file_bytes()); gap; gap = map.next_missing(gap->end, map.file_bytes()))
        missing.add(*gap);
    return missing;
}

bool is_same(Source const& left, Source const& right) {
    return left.endpoint == right.endpoint && left.servent == right.servent && left.index == right.index &&
           left.url == right.url;
}

}  // namespace

Swarm::Swarm(PieceMap map, SourceList& sources, SwarmOptions options)
    : options_{std::move(options)},
      map_{std::move(map)},
      list_{sources},
      ranges_{map_.piece_bytes(), missing_of(map_), options_.ranges} {}

bool Swarm::add(Source const& source, Instant now, bool by_user) {
    for (auto const& [id, liar] : accused_)
        if (is_same(liar, source)) return false;
    planned_at_.reset();
    return list_.add(source, now, by_user);
}

void Swarm::handle(Event const& event, Instant now, Actions& actions) {
    now_ = now;
    actions_ = &actions;
    if (!std::exchange(has_begun_, true)) check_all_whole();
    // Bytes come often, and change what is to be done only when a request ends with them.
    needs_plan_ = !std::holds_alternative<BytesCame>(event) && !std::holds_alternative<Held>(event);
    std::visit([this](auto const& one) { on(one); }, event);
    if (needs_plan_) plan();
    actions_ = nullptr;
}

LinkId Swarm::adopt(SourceId source, Instant now) {
    auto const* const known = list_.find(source);
    praline::check(known != nullptr && link_of(source) == 0);
    now_ = now;
    auto& link = links_[++last_link_];
    link.source = source;
    link.where = known->source;
    link.since = now;
    planned_at_.reset();
    return last_link_;
}

std::optional<Instant> Swarm::next_deadline() const {
    if (is_over_) return std::nullopt;
    if (!planned_at_) return Instant{};
    if (!links_.empty()) return *planned_at_ + options_.tick;
    auto next = list_.next_retry(*planned_at_);
    // One that could be asked and is not is one that must not be.
    bool const forbidden = list_.any([this](KnownSource const& one) { return one.retry_at <= *planned_at_; });
    if (forbidden) next = std::min(next.value_or(Instant::max()), *planned_at_ + ticks_until_allowed * options_.tick);
    return next;
}

SourceReport Swarm::report(SourceId source, Instant now) const {
    SourceReport report;
    if (auto const link = links_.find(link_of(source)); link != links_.end()) {
        report.phase = link->second.phase;
        report.is_stalled = is_stalled(link->second, now);
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
    auto const link = links_.find(event.link);
    if (link != links_.end() && link->second.phase == Phase::connecting) rest(link->second);
}

void Swarm::on(Offered const& event) {
    auto const link = links_.find(event.link);
    if (link == links_.end()) return;
    auto& offered = figures_[link->second.source].offered.emplace();
    for (auto const& range : event.ranges) offered.add({range.begin, std::min(range.end, map_.file_bytes())});
}

void Swarm::on(BodyBegan const& event) {
    auto const at = links_.find(event.link);
    if (at == links_.end() || at->second.phase != Phase::asked) return;
    auto& link = at->second;
    auto const held = ranges_.held_by(link.source);
    if (!held) return;
    if (event.end <= held->begin) return on(Declined{event.link});
    link.phase = Phase::receiving;
    link.body_end = std::min(event.end, link.body_end);
    link.stop = std::min(link.stop, link.body_end);
    if (link.stop < held->end) ranges_.shorten(link.source, link.stop);
}

void Swarm::on(Declined const& event) {
    auto const at = links_.find(event.link);
    if (at == links_.end() || at->second.phase != Phase::asked) return;
    auto& link = at->second;
    ranges_.release(link.source);
    rest(link);
    // Its parts are known now, or it has nothing for us.
    auto const& offered = figures_[link.source].offered;
    bool const has_nothing = offered && !ranges_.is_wanted(*offered);
    if (++link.declined >= declined_max || has_nothing) close(event.link, Fault::not_yet);
}

void Swarm::on(BytesCame const& event) {
    auto const at = links_.find(event.link);
    if (at == links_.end() || at->second.phase != Phase::receiving) return;
    auto& link = at->second;
    auto const held = ranges_.held_by(link.source);
    auto const bytes = std::min(event.bytes, held ? held->size() : 0);
    if (bytes == 0) return;
    auto& figures = figures_[link.source];
    figures.speed.arrived(bytes, now_);
    figures.received_bytes += bytes;
    link.bytes += bytes;
    link.declined = 0;
    if (auto* const known = list_.find(link.source)) known->bytes += bytes;
    ByteRange const range{held->begin, held->begin + bytes};
    ranges_.arrived(link.source, bytes);
    evidence_.sent(link.source, range);
    for (auto const piece : map_.written(range)) check(piece);
    if (range.end < link.stop) return;
    // All that was wanted of this body is here.
    needs_plan_ = true;
    list_.succeeded(link.source);
    bool const more_comes = link.stop < link.body_end;
    rest(link);
    if (more_comes) close(event.link, std::nullopt);
}

void Swarm::on(Held const& event) {
    auto const at = links_.find(event.link);
    if (at == links_.end() || at->second.phase != Phase::receiving) return;
    figures_[at->second.source].speed.postpone(now_);
    at->second.slow_since.reset();
}

void Swarm::on(Lost const& event) {
    auto const at = links_.find(event.link);
    if (at == links_.end()) return;
    auto const source = at->second.source;
    auto const bytes = at->second.bytes;
    forget(event.link);
    if (!event.fault) return list_.rested(source, bytes, now_);
    // What it was worth before it failed is no promise.
    figures_[source].speed.forget_rate();
    static_cast<void>(list_.failed(source, *event.fault, event.retry_after, now_));
}

void Swarm::on(PieceChecked const& event) {
    auto const at = checks_.find(event.check);
    if (at == checks_.end()) return;  // its bytes were lost since
    auto const [piece, parts] = at->second;
    checks_.erase(at);
    auto const whole = map_.range_of(piece);
    if (options_.is_unproved && event.is_right) return map_.accept(piece);
    count_piece(whole, event.is_right);
    auto const of_parts = event.hashes.begin() + static_cast<std::ptrdiff_t>(std::min(parts, event.hashes.size()));
    if (event.is_right) {
        evidence_.forget(whole);
        map_.accept(piece);
        ranges_.allow_sharing(whole);
        for (auto const liar : evidence_.is_right(piece, {of_parts, event.hashes.end()})) convict(liar, piece);
        return;
    }
    map_.reject(piece);
    ranges_.missing_again(whole);
    auto const liars = evidence_.is_wrong(piece, whole, {event.hashes.begin(), of_parts});
    // Whoever sends it next sends all of it, so that it is known who lies.
    if (!evidence_.suspected(piece).empty()) ranges_.forbid_sharing(whole);
    for (auto const liar : liars) convict(liar, piece);
}

void Swarm::on(BytesLost const& event) {
    for (auto piece = event.range.begin / map_.piece_bytes(); piece < map_.piece_count(); ++piece) {
        auto const whole = map_.range_of(piece);
        if (whole.begin >= event.range.end) break;
        if (map_.is_verified(piece)) continue;
        map_.reject(piece);
        evidence_.forget(whole);
        ranges_.missing_again(whole);
        std::erase_if(checks_, [&](auto const& one) { return one.second.piece == piece; });
    }
}

/// What was whole when the core began, and nobody has checked.
void Swarm::check_all_whole() {
    for (std::uint64_t piece = 0; piece < map_.piece_count(); ++piece)
        if (!map_.is_verified(piece) && map_.has(map_.range_of(piece))) check(piece);
}

void Swarm::check(std::uint64_t piece) {
    auto const whole = map_.range_of(piece);
    auto const parts = evidence_.parts_of(whole);
    CheckPiece action{++last_check_, piece, {}};
    // Who sent all of it is convicted without a hash.
    if (parts.size() != 1 || parts.front().range != whole)
        for (auto const& part : parts) action.to_hash.push_back(part.range);
    checks_[action.check] = {piece, action.to_hash.size()};
    for (auto const& suspected : evidence_.suspected(piece)) action.to_hash.push_back(suspected);
    actions_->push_back(std::move(action));
}

void Swarm::plan() {
    planned_at_ = now_;
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
    bool const others_wait = list_.pick(now_, [this](KnownSource const& one) { return may_connect(one); }) != nullptr;
    bool const place_is_wanted = others_wait && links_.size() >= options_.connections_max;
    std::vector<std::pair<LinkId, Fault>> ended;
    for (auto& [id, link] : links_)
        if (auto const fault = overdue(link, place_is_wanted, others_wait && is_called()))
            ended.emplace_back(id, *fault);
    for (auto const& [id, fault] : ended) close(id, fault);
}

std::optional<Fault> Swarm::overdue(Link& link, bool place_is_wanted, bool call_is_wanted) const {
    auto const figures = figures_.find(link.source);
    auto const silent = figures == figures_.end() ? Duration{0} : figures->second.speed.silent_for(now_);
    if (link.phase == Phase::connecting) {
        bool const hurry = place_is_wanted || call_is_wanted;
        auto const allowed = hurry ? options_.hurried_connect_time : options_.connect_time;
        return now_ - link.since >= allowed ? std::optional{Fault::unreachable} : std::nullopt;
    }
    // What only one source may send cannot be shared out when that one stalls.
    auto const held = ranges_.held_by(link.source);
    bool const is_unshared = held && ranges_.is_unshared(*held);
    if (is_unshared && is_stalled(link, now_)) return Fault::slow;
    if (link.phase == Phase::asked && silent >= options_.reply_time) return Fault::closed;
    if (link.phase != Phase::receiving) return std::nullopt;
    if (silent >= options_.silence_time) return Fault::closed;
    auto const rate = figures->second.speed.bytes_per_second(now_);
    if (is_unshared && rate && is_outrun(link, *held, *rate)) return Fault::slow;
    bool const slow = (rate && *rate < options_.floor_bytes_per_second) || is_stalled(link, now_);
    if (!slow) link.slow_since.reset();
    if (slow && !link.slow_since) link.slow_since = now_;
    bool const long_enough = slow && now_ - *link.slow_since >= options_.slow_window;
    return place_is_wanted && long_enough ? std::optional{Fault::slow} : std::nullopt;
}

/// Somebody who has nothing to do would send all of the piece, from its beginning, much sooner than what is left comes.
bool Swarm::is_outrun(Link const& link, ByteRange held, double rate) const {
    auto const whole = static_cast<double>(map_.range_of(held.begin / map_.piece_bytes()).size());
    auto const left = static_cast<double>(held.size()) / std::max(rate, 1.0);
    for (auto const& [id, other] : links_) {
        auto const figures = figures_.find(other.source);
        if (other.phase != Phase::idle || figures == figures_.end() || other.source == link.source) continue;
        auto const& offered = figures->second.offered;
        auto const other_rate = figures->second.speed.bytes_per_second(now_);
        bool const has_all = !offered || offered->contains(map_.range_of(held.begin / map_.piece_bytes()));
        if (!has_all || !other_rate) continue;
        if (left > outrun_factor * whole / std::max(*other_rate, 1.0) + to_seconds(options_.stalled_after)) return true;
    }
    return false;
}

/// Every idle source gets something to do, the quickest first.
void Swarm::hand_out() {
    std::vector<std::pair<double, LinkId>> idle;
    for (auto const& [id, link] : links_)
        if (link.phase == Phase::idle)
            idle.emplace_back(-figures_[link.source].speed.bytes_per_second(now_).value_or(0), id);
    std::sort(idle.begin(), idle.end());
    bool asked = ranges_.any_held();
    for (auto const& [rate, id] : idle) {
        if (links_.contains(id) && ask(id)) asked = true;
    }
    // Nobody has all of a piece that was not to be shared: then it is, or nothing would happen any more.
    if (!asked && !idle.empty() && ranges_.is_unshared({0, map_.file_bytes()})) {
        ranges_.allow_sharing({0, map_.file_bytes()});
        for (auto const& [rate, id] : idle)
            if (links_.contains(id) && ask(id)) break;
    }
    for (auto const& [rate, id] : idle) {
        if (!links_.contains(id) || links_.at(id).phase != Phase::idle) continue;
        // A partial file without anything that is missing here is no source for now.
        auto const& offered = figures_[links_.at(id).source].offered;
        if (offered && !ranges_.is_wanted(*offered)) close(id, Fault::not_yet);
    }
}

bool Swarm::ask(LinkId id) {
    auto& link = links_.at(id);
    auto const choice = ranges_.take(supplier(link), suppliers());
    if (!choice) return false;
    link.phase = Phase::asked;
    link.since = now_;
    link.stop = link.body_end = choice->range.end;
    link.slow_since.reset();
    figures_[link.source].speed.asked(now_);
    actions_->push_back(Ask{id, choice->range});
    if (!choice->victim) return true;
    auto const victim = link_of(*choice->victim);
    if (ranges_.held_by(*choice->victim)) {
        links_.at(victim).stop = choice->range.begin;
        actions_->push_back(StopAt{victim, choice->range.begin});
    } else {
        close(victim, Fault::slow);
    }
    return true;
}

/// It has nothing to do.
void Swarm::rest(Link& link) {
    figures_[link.source].speed.rest(now_);
    link.phase = Phase::idle;
    link.since = now_;
}

/// Its range is free again, and the beginning of a piece that it was to send whole is not kept.
void Swarm::forget(LinkId id) {
    auto const source = links_.at(id).source;
    if (auto const held = ranges_.held_by(source); held && ranges_.is_unshared(*held)) {
        auto const whole = map_.range_of(held->begin / map_.piece_bytes());
        map_.lost({whole.begin, held->begin});
        evidence_.forget({whole.begin, held->begin});
        ranges_.release(source);
        ranges_.missing_again(whole);
    }
    ranges_.release(source);
    auto& figures = figures_[source];
    figures.speed.rest(now_);
    figures.offered.reset();
    links_.erase(id);
}

void Swarm::close(LinkId id, std::optional<Fault> fault) {
    on(Lost{id, fault, {}});
    actions_->push_back(Close{id, fault});
}

void Swarm::convict(SourceId source, std::uint64_t piece) {
    auto const id = link_of(source);
    auto const* const known = list_.find(source);
    auto const fault = options_.fault_of_wrong ? options_.fault_of_wrong(source) : Fault::corrupt;
    if (fault == Fault::corrupt && (known != nullptr || id != 0)) {
        if (accused_.size() >= options_.limits.accused_max) accused_.erase(accused_.begin());
        accused_[source] = id != 0 ? links_.at(id).where : known->source;
    }
    if (known != nullptr || id != 0) actions_->push_back(Accuse{source, piece, fault});
    if (id != 0) {
        forget(id);
        actions_->push_back(Close{id, fault});
    }
    drop_beginnings(source);
    static_cast<void>(list_.failed(source, fault, std::nullopt, now_));
}

/// Pieces of which a liar sent a part: those that are whole are being checked, what there is of others is fetched again.
void Swarm::drop_beginnings(SourceId source) {
    for (auto const& part : evidence_.parts_by(source)) {
        auto const first = part.range.begin / map_.piece_bytes(), last = (part.range.end - 1) / map_.piece_bytes();
        for (auto piece = first; piece <= last; ++piece) {
            auto const whole = map_.range_of(piece);
            if (map_.has(whole)) continue;
            ByteRange const share{std::max(part.range.begin, whole.begin), std::min(part.range.end, whole.end)};
            map_.lost(share);
            evidence_.forget(share);
            ranges_.missing_again(share);
        }
    }
}

void Swarm::count_piece(ByteRange range, bool right) {
    for (auto const& part : evidence_.parts_of(range)) {
        auto& figures = figures_[part.source];
        (right ? figures.right_bytes : figures.wrong_bytes) += part.range.size();
        if (auto* const known = list_.find(part.source))
            (right ? known->right_bytes : known->wrong_bytes) += part.range.size();
    }
}

/// Of sources that left the list, once they are many.
void Swarm::forget_figures() {
    if (figures_.size() < 2 * options_.limits.sources_max) return;
    std::erase_if(figures_,
                  [this](auto const& one) { return link_of(one.first) == 0 && list_.find(one.first) == nullptr; });
}

std::vector<Supplier> Swarm::suppliers() const {
    std::vector<Supplier> all;
    for (auto const& [id, link] : links_)
        if (link.phase != Phase::connecting) all.push_back(supplier(link));
    return all;
}

Supplier Swarm::supplier(Link const& link) const {
    Supplier one;
    one.id = link.source;
    one.is_stalled = is_stalled(link, now_);
    auto const figures = figures_.find(link.source);
    if (figures == figures_.end()) return one;
    one.is_silent = figures->second.speed.silent_for(now_) >= options_.stalled_after;
    if (figures->second.offered) one.offered = &*figures->second.offered;
    one.rate = figures->second.speed.bytes_per_second(now_);
    one.latency = figures->second.speed.latency();
    one.sent_bytes = figures->second.received_bytes;
    return one;
}

bool Swarm::is_stalled(Link const& link, Instant now) const {
    if (link.phase != Phase::asked && link.phase != Phase::receiving) return false;
    auto const figures = figures_.find(link.source);
    if (figures == figures_.end()) return false;
    auto const& speed = figures->second.speed;
    bool const known = link.phase == Phase::receiving || speed.latency();
    auto const least = known ? options_.stalled_after : options_.unanswered_after;
    auto const way = std::min(speed.latency().value_or(Duration{0}) * latencies_of_silence, options_.patience_max);
    return speed.silent_for(now) >= std::max(least, way);
}

/// 0: there is none.
LinkId Swarm::link_of(SourceId source) const {
    for (auto const& [id, link] : links_)
        if (link.source == source) return id;
    return 0;
}

}  // namespace praline::swarm
