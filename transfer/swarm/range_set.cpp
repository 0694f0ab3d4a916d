#include "transfer/swarm/range_set.hpp"

#include <algorithm>

namespace praline::swarm {

void RangeSet::add(ByteRange range) {
    if (range.begin >= range.end) return;
    auto at = ranges_.upper_bound(range.begin);
    if (at != ranges_.begin()) {
        auto const before = std::prev(at);
        if (before->second >= range.begin) {
            range.begin = before->first;
            range.end = std::max(range.end, before->second);
            ranges_.erase(before);
        }
    }
    while (at != ranges_.end() && at->first <= range.end) {
        range.end = std::max(range.end, at->second);
        at = ranges_.erase(at);
    }
    ranges_.emplace_hint(at, range.begin, range.end);
}

void RangeSet::remove(ByteRange range) {
    if (range.begin >= range.end) return;
    auto at = ranges_.upper_bound(range.begin);
    if (at != ranges_.begin()) --at;
    while (at != ranges_.end() && at->first < range.end) {
        auto const [begin, end] = *at;
        if (end <= range.begin) {
            ++at;
            continue;
        }
        at = ranges_.erase(at);
        if (begin < range.begin) ranges_.emplace(begin, range.begin);
        if (end > range.end) ranges_.emplace(range.end, end);
    }
}

bool RangeSet::contains(ByteRange range) const {
    if (range.begin >= range.end) return true;
    auto const after = ranges_.upper_bound(range.begin);
    return after != ranges_.begin() && std::prev(after)->second >= range.end;
}

std::uint64_t RangeSet::bytes() const {
    std::uint64_t sum = 0;
    for (auto const& [begin, end] : ranges_) sum += end - begin;
    return sum;
}

std::uint64_t RangeSet::bytes_in(ByteRange within) const {
    std::uint64_t sum = 0;
    for (auto next = first_in(within); next; next = first_in({next->end, within.end})) sum += next->size();
    return sum;
}

std::optional<ByteRange> RangeSet::first_in(ByteRange within) const {
    if (within.begin >= within.end) return std::nullopt;
    auto at = ranges_.upper_bound(within.begin);
    if (at != ranges_.begin() && std::prev(at)->second > within.begin) --at;
    if (at == ranges_.end() || at->first >= within.end) return std::nullopt;
    return ByteRange{std::max(at->first, within.begin), std::min(at->second, within.end)};
}

std::optional<ByteRange> RangeSet::first_gap(ByteRange within) const {
    auto begin = within.begin;
    auto at = ranges_.upper_bound(begin);
    if (at != ranges_.begin() && std::prev(at)->second > begin) begin = std::prev(at)->second;
    if (begin >= within.end) return std::nullopt;
    return ByteRange{begin, at == ranges_.end() ? within.end : std::min(at->first, within.end)};
}

std::vector<ByteRange> RangeSet::ranges() const {
    std::vector<ByteRange> all;
    all.reserve(ranges_.size());
    for (auto const& [begin, end] : ranges_) all.push_back({begin, end});
    return all;
}

}  // namespace praline::swarm
