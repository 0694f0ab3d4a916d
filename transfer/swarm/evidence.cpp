#include "transfer/swarm/evidence.hpp"

#include <algorithm>
#include <iterator>

namespace praline::swarm {

void Evidence::sent(SourceId source, ByteRange range) {
    if (range.begin >= range.end) return;
    forget(range);
    auto const after = sent_.lower_bound(range.end);
    if (after != sent_.begin()) {
        auto const before = std::prev(after);
        if (before->second.end == range.begin && before->second.source == source) {
            before->second.end = range.end;
            return;
        }
    }
    sent_.emplace_hint(after, range.begin, Sent{range.end, source});
}

std::vector<Part> Evidence::parts_of(ByteRange range) const {
    std::vector<Part> parts;
    auto at = sent_.upper_bound(range.begin);
    if (at != sent_.begin()) --at;
    for (; at != sent_.end() && at->first < range.end; ++at) {
        ByteRange const both{std::max(at->first, range.begin), std::min(at->second.end, range.end)};
        if (both.begin >= both.end) continue;
        if (!parts.empty() && parts.back().source == at->second.source && parts.back().range.end == both.begin)
            parts.back().range.end = both.end;
        else
            parts.push_back({at->second.source, both});
    }
    return parts;
}

std::vector<Part> Evidence::parts_by(SourceId source) const {
    std::vector<Part> parts;
    for (auto const& [begin, sent] : sent_)
        if (sent.source == source) parts.push_back({source, {begin, sent.end}});
    return parts;
}

void Evidence::forget(ByteRange range) {
    if (range.begin >= range.end) return;
    auto at = sent_.upper_bound(range.begin);
    if (at != sent_.begin()) --at;
    while (at != sent_.end() && at->first < range.end) {
        auto const begin = at->first;
        auto const sent = at->second;
        if (sent.end <= range.begin) {
            ++at;
            continue;
        }
        at = sent_.erase(at);
        if (begin < range.begin) sent_.emplace(begin, Sent{range.begin, sent.source});
        if (sent.end > range.end) sent_.emplace(range.end, sent);
    }
}

std::vector<SourceId> Evidence::is_wrong(std::uint64_t piece, ByteRange range, std::vector<Sha1> const& hashes) {
    auto const parts = parts_of(range);
    forget(range);
    if (parts.size() == 1 && parts.front().range == range) return {parts.front().source};
    if (hashes.size() != parts.size()) return {};
    while (suspect_parts_ + parts.size() > suspect_parts_max && !suspects_.empty()) {
        suspect_parts_ -= suspects_.begin()->second.size();
        suspects_.erase(suspects_.begin());
    }
    auto& kept = suspects_[piece];
    for (std::size_t i = 0; i < parts.size(); ++i) kept.push_back({parts[i], hashes[i]});
    suspect_parts_ += parts.size();
    return {};
}

std::vector<ByteRange> Evidence::suspected(std::uint64_t piece) const {
    std::vector<ByteRange> ranges;
    auto const at = suspects_.find(piece);
    if (at == suspects_.end()) return ranges;
    for (auto const& one : at->second) ranges.push_back(one.part.range);
    return ranges;
}

std::vector<SourceId> Evidence::is_right(std::uint64_t piece, std::vector<Sha1> const& hashes) {
    std::vector<SourceId> liars;
    auto const at = suspects_.find(piece);
    if (at == suspects_.end()) return liars;
    auto const& suspects = at->second;
    for (std::size_t i = 0; i < suspects.size() && i < hashes.size(); ++i) {
        auto const source = suspects[i].part.source;
        bool const known = std::find(liars.begin(), liars.end(), source) != liars.end();
        if (suspects[i].hash != hashes[i] && !known) liars.push_back(source);
    }
    suspect_parts_ -= suspects.size();
    suspects_.erase(at);
    return liars;
}

}  // namespace praline::swarm
