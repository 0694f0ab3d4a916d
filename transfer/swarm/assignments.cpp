#include "transfer/swarm/assignments.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "node/base/check.hpp"
#include "transfer/swarm/source_speed.hpp"

namespace praline::swarm {

namespace {

constexpr std::uint64_t file_end = std::numeric_limits<std::uint64_t>::max();
/// Of a source that was never measured, beside others that were not either.
constexpr double assumed_rate = 64 * 1024;
constexpr Duration assumed_latency = std::chrono::milliseconds{200};
/// So many times what a source has sent it is asked for next, at most.
constexpr std::uint64_t trust_in_rate = 2;
/// A request is to last so many times as long as the wait for its first byte.
constexpr int latencies_of_request = 8;
/// A split range begins at a multiple of it.
constexpr std::uint64_t split_step_bytes = 1024;

Duration of_seconds(double time) {
    constexpr double longest = 1e9;
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::min(time, longest)));
}

double rate_of(Supplier const& one) { return one.is_stalled ? 0 : one.rate.value_or(0); }

/// A stretch of the file, and who has it besides those that have everything: a bit for each supplier.
struct Stretch {
    ByteRange range;
    std::uint64_t holders = 0;
};
/// What somebody reads comes first so far, whoever has it.
constexpr std::uint64_t read_ahead_pieces = 4;
constexpr std::size_t holders_max = 64;

/// The whole file, cut wherever a partial file of a supplier begins or ends.
std::vector<Stretch> stretches_of(std::span<Supplier const> all) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> changes;  // place, bit that is turned over
    for (std::size_t i = 0; i < all.size() && i < holders_max; ++i) {
        if (all[i].offered == nullptr) continue;
        for (auto const& range : all[i].offered->ranges()) {
            changes.emplace_back(range.begin, std::uint64_t{1} << i);
            changes.emplace_back(range.end, std::uint64_t{1} << i);
        }
    }
    std::sort(changes.begin(), changes.end());
    std::vector<Stretch> stretches;
    Stretch next{{0, 0}, 0};
    for (auto const& [place, bit] : changes) {
        next.range.end = place;
        if (next.range.size() > 0) stretches.push_back(next);
        next.range.begin = place;
        next.holders ^= bit;
    }
    next.range.end = file_end;
    stretches.push_back(next);
    return stretches;
}

double rate_of_holders(std::span<Supplier const> all, std::uint64_t holders) {
    double rate = 0;
    for (std::size_t i = 0; i < all.size() && i < holders_max; ++i)
        if ((holders >> i & 1U) != 0) rate += all[i].is_stalled ? 0 : all[i].rate.value_or(assumed_rate);
    return rate;
}

/// The last stretch of `range` that is offered up to its end; empty when the end is not.
ByteRange end_of(ByteRange range, RangeSet const* offered) {
    if (offered == nullptr) return range;
    ByteRange last{range.end, range.end};
    for (auto next = offered->first_in(range); next; next = offered->first_in({next->end, range.end}))
        if (next->end == range.end) last = *next;
    return last;
}

}  // namespace

Assignments::Assignments(std::uint64_t piece_bytes, RangeSet missing, Limits limits)
    : piece_bytes_{piece_bytes}, free_{std::move(missing)}, limits_{limits} {
    check(piece_bytes > 0);
}

std::optional<Assignments::Choice> Assignments::take(Supplier const& taker, std::span<Supplier const> all) {
    check(!held_.contains(taker.id));
    std::optional<Choice> choice;
    // One that is stalled is robbed first, one that is only silent when nothing is free.
    auto robbed = silent_holder(taker, all, &Supplier::is_stalled);
    if (robbed) release(*robbed);
    auto range = choose(taker, all);
    if (!range && !robbed) {
        robbed = silent_holder(taker, all, &Supplier::is_silent);
        if (robbed) release(*robbed), range = choose(taker, all);
    }
    if (range)
        choice = Choice{*range, robbed};
    else
        choice = split(taker, all);
    if (!choice) return std::nullopt;
    if (choice->victim && !robbed) shorten(*choice->victim, choice->range.begin);
    free_.remove(choice->range);
    held_[taker.id] = choice->range;
    return choice;
}

/// Somebody who sends nothing, and holds what the taker could send.
std::optional<SourceId> Assignments::silent_holder(Supplier const& taker, std::span<Supplier const> all,
                                                   bool Supplier::*is_silent) const {
    for (auto const& one : all) {
        if (!(one.*is_silent) || one.id == taker.id) continue;
        auto const held = held_.find(one.id);
        if (held == held_.end() || is_unshared(held->second)) continue;
        if (taker.offered == nullptr || taker.offered->first_in(held->second)) return one.id;
    }
    return std::nullopt;
}

std::optional<ByteRange> Assignments::choose(Supplier const& taker, std::span<Supplier const> all) const {
    auto range = rarest(taker, all);
    if (!range) return std::nullopt;
    if (is_unshared(*range)) return range;
    auto const size = request_size(taker, all);
    if (range->size() <= size + limits_.grain_bytes / 2) return range;
    auto const step = size >= piece_bytes_ ? piece_bytes_ : std::min(limits_.grain_bytes, piece_bytes_);
    auto const nearest = (range->begin + size + step / 2) / step * step;
    auto const first = (range->begin / step + 1) * step;
    range->end = std::min(range->end, std::max(nearest, first));
    return range;
}

/// The first stretch in it that may be asked for at once.
std::optional<ByteRange> Assignments::first_free(RangeSet const* offered, ByteRange within) const {
    while (auto const next = free_.first_in(within)) {
        auto const both = offered == nullptr ? next : offered->first_in(*next);
        if (both) {
            auto const found = usable(offered, *both);
            if (found.size() > 0) return found;
            within.begin = found.end;
        } else {
            within.begin = next->end;
        }
    }
    return std::nullopt;
}

/// What of a free stretch may be asked for at once; empty, at the place where to look on: nothing at its beginning. A piece
/// that must not be shared is all of it free and offered, or it is not for this source.
ByteRange Assignments::usable(RangeSet const* offered, ByteRange stretch) const {
    auto const unshared = unshared_.first_in(stretch);
    if (!unshared) return stretch;
    if (unshared->begin > stretch.begin) return {stretch.begin, unshared->begin};
    auto const begin = stretch.begin / piece_bytes_ * piece_bytes_;
    auto const whole = unshared_.first_in({begin, begin + piece_bytes_}).value_or(stretch);
    bool const fits = whole.begin == stretch.begin && free_.contains(whole) && (!offered || offered->contains(whole));
    return fits ? whole : ByteRange{whole.end, whole.end};
}

/// Of what is free and offered: the part for which those who have nothing but such parts would need longest, so that in the
/// end nobody is left with what only the slow ones have. Of equal ones the first from the cursor on.
std::optional<ByteRange> Assignments::rarest(Supplier const& taker, std::span<Supplier const> all) const {
    if (free_.empty()) return std::nullopt;
    if (is_read_)
        if (auto const next = first_free(taker.offered, {cursor_, cursor_ + read_ahead_pieces * piece_bytes_}))
            return next;
    auto const stretches = stretches_of(all);
    std::map<std::uint64_t, std::uint64_t> left;  // by holders
    for (auto const& stretch : stretches) left[stretch.holders] += free_.bytes_in(stretch.range);
    std::optional<ByteRange> best;
    double longest = 0;
    for (auto const& part : {ByteRange{cursor_, file_end}, ByteRange{0, cursor_}}) {
        for (auto const& stretch : stretches) {
            auto const rate = rate_of_holders(all, stretch.holders);
            auto const bytes = static_cast<double>(left[stretch.holders]);
            auto const time = rate > 0 ? bytes / rate : std::numeric_limits<double>::infinity();
            if (best && time <= longest) continue;
            auto const found = first_free(
                taker.offered, {std::max(stretch.range.begin, part.begin), std::min(stretch.range.end, part.end)});
            if (found) best = found, longest = time;
        }
    }
    return best;
}

std::uint64_t Assignments::request_size(Supplier const& taker, std::span<Supplier const> all) const {
    if (!taker.rate) return limits_.first_request_bytes;
    double total = 0, measured = 0, unmeasured = 0;
    for (auto const& one : all) {
        total += rate_of(one);
        (one.rate ? measured : unmeasured) += 1;
    }
    // Those that are new may be as quick as the others.
    if (measured > 0) total *= 1 + unmeasured / measured;
    auto const left = static_cast<double>(free_.bytes());
    auto const even = total > 0 ? of_seconds(left / total / 2) : limits_.horizon;
    // With a long way to the source a short request is mostly waiting.
    auto const least = std::clamp(latencies_of_request * taker.latency.value_or(assumed_latency), limits_.horizon_min,
                                  limits_.horizon);
    auto const time = std::clamp(even, least, limits_.horizon);
    auto const size = *taker.rate * to_seconds(time);
    // A source often sends its first bytes at once and the rest at its own pace.
    auto const tried = std::max(limits_.first_request_bytes, trust_in_rate * taker.sent_bytes);
    auto const most = static_cast<double>(std::min(limits_.request_bytes_max, tried));
    return std::max(static_cast<std::uint64_t>(std::min(size, most)), split_step_bytes);
}

std::optional<Assignments::Choice> Assignments::split(Supplier const& taker, std::span<Supplier const> all) const {
    auto const own_rate = std::max(taker.rate.value_or(assumed_rate), 1.0);
    auto const wait = to_seconds(taker.latency.value_or(assumed_latency));
    std::optional<Choice> best;
    double latest = 0;
    for (auto const& victim : all) {
        auto const held = held_.find(victim.id);
        if (held == held_.end() || victim.is_stalled || !victim.rate || is_unshared(held->second)) continue;
        auto const stretch = end_of(held->second, taker.offered);
        if (stretch.size() == 0) continue;
        auto const rate = std::max(rate_of(victim), 1.0);
        auto const left = static_cast<double>(held->second.size());
        auto const ends = left / rate;
        if (ends <= latest || ends <= wait) continue;
        // One that is new is tried with little, which tells how quick it is.
        auto const share = taker.rate ? (ends - wait) * own_rate * rate / (own_rate + rate)
                                      : std::min(left / 2, static_cast<double>(limits_.first_request_bytes));
        auto size = std::min(static_cast<std::uint64_t>(share), stretch.size());
        auto const gain = taker.rate ? ends - wait - static_cast<double>(size) / own_rate : ends / 2 - wait;
        if (gain < to_seconds(limits_.gain_min)) continue;
        auto begin = stretch.end - size;
        if (begin > stretch.begin) begin = std::max(stretch.begin, begin / split_step_bytes * split_step_bytes);
        latest = ends;
        best = Choice{{begin, stretch.end}, victim.id};
    }
    return best;
}

void Assignments::arrived(SourceId source, std::uint64_t bytes) {
    auto const held = held_.find(source);
    check(held != held_.end() && bytes <= held->second.size());
    held->second.begin += bytes;
    if (held->second.size() == 0) held_.erase(held);
}

void Assignments::shorten(SourceId source, std::uint64_t end) {
    auto const held = held_.find(source);
    check(held != held_.end() && held->second.begin <= end && end <= held->second.end);
    free_.add({end, held->second.end});
    held->second.end = end;
    if (held->second.size() == 0) held_.erase(held);
}

void Assignments::release(SourceId source) {
    auto const held = held_.find(source);
    if (held == held_.end()) return;
    free_.add(held->second);
    held_.erase(held);
}

void Assignments::missing_again(ByteRange range) {
    free_.add(range);
    for (auto const& [source, held] : held_) free_.remove(held);
}

bool Assignments::is_wanted(RangeSet const& bytes) const {
    for (auto const& range : bytes.ranges()) {
        if (free_.first_in(range)) return true;
        for (auto const& [source, held] : held_)
            if (held.begin < range.end && range.begin < held.end) return true;
    }
    return false;
}

std::optional<ByteRange> Assignments::held_by(SourceId source) const {
    auto const held = held_.find(source);
    if (held == held_.end()) return std::nullopt;
    return held->second;
}

std::optional<Duration> Assignments::time_left(std::span<Supplier const> all) const {
    double rate = 0;
    for (auto const& one : all) rate += rate_of(one);
    auto left = static_cast<double>(free_.bytes());
    for (auto const& [source, range] : held_) left += static_cast<double>(range.size());
    if (left <= 0) return Duration{0};
    if (rate <= 0) return std::nullopt;
    return of_seconds(left / rate);
}

}  // namespace praline::swarm
