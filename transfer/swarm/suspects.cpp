#include "transfer/swarm/suspects.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace praline::swarm {

namespace {

bool holds_all(std::set<SourceId> const& some, std::set<SourceId> const& all) {
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

}  // namespace

std::vector<ByteRange> Suspects::to_compare() const {
    std::vector<ByteRange> ranges;
    ranges.reserve(kept_.size());
    for (auto const& one : kept_) ranges.push_back(one.part.range);
    return ranges;
}

void Suspects::whole_is_wrong(std::uint64_t file_bytes, std::span<Part const> parts, std::span<Sha1 const> hashes,
                              std::span<Sha1 const> compared) {
    ++wholes_;
    compare(parts, compared);
    Group all;
    std::uint64_t known = 0;
    for (auto& [source, bytes] : bytes_) bytes = 0;
    for (auto const& part : parts) {
        all.insert(part.source);
        bytes_[part.source] += part.range.size();
        known += part.range.size();
    }
    // Bytes of nobody who is known may have been the wrong ones.
    if (known == file_bytes && !all.empty()) add_group(std::move(all));
    keep(parts, hashes);
    choose({});
}

/// What took the place of bytes that were others: one of those who sent either lied.
void Suspects::compare(std::span<Part const> parts, std::span<Sha1 const> compared) {
    for (std::size_t i = 0; i < kept_.size() && i < compared.size(); ++i) {
        auto const& [part, hash] = kept_[i];
        if (hash == compared[i]) continue;
        Group group{part.source};
        std::uint64_t known = 0;
        auto now = std::partition_point(parts.begin(), parts.end(),
                                        [&](Part const& one) { return one.range.end <= part.range.begin; });
        for (; now != parts.end() && now->range.begin < part.range.end; ++now) {
            group.insert(now->source);
            known += std::min(now->range.end, part.range.end) - std::max(now->range.begin, part.range.begin);
        }
        if (known == part.range.size()) add_group(std::move(group));
    }
}

void Suspects::keep(std::span<Part const> parts, std::span<Sha1 const> hashes) {
    auto const key = [](Part const& part, Sha1 const& hash) {
        return std::tuple{part.range.begin, part.range.end, part.source, hash};
    };
    std::set<decltype(key(Part{}, Sha1{}))> known;
    for (auto const& one : kept_) known.insert(key(one.part, one.hash));
    for (std::size_t i = 0; i < parts.size() && i < hashes.size(); ++i)
        if (known.insert(key(parts[i], hashes[i])).second) kept_.push_back({parts[i], hashes[i]});
    if (kept_.size() > parts_max) kept_.erase(kept_.begin(), kept_.end() - static_cast<std::ptrdiff_t>(parts_max));
}

std::set<SourceId> Suspects::whole_is_right(std::span<Sha1 const> compared) const {
    Group liars;
    for (std::size_t i = 0; i < kept_.size() && i < compared.size(); ++i)
        if (kept_[i].hash != compared[i]) liars.insert(kept_[i].part.source);
    return liars;
}

void Suspects::turn_to(std::set<SourceId> const& available) { choose(available); }

std::set<SourceId> Suspects::convicted() const {
    Group alone;
    for (auto const& group : groups_)
        if (group.size() == 1) alone.insert(*group.begin());
    return alone;
}

/// A group that holds all of another one says nothing new.
void Suspects::add_group(Group group) {
    if (groups_.size() >= groups_max && group.size() > 1) return;
    for (auto const& other : groups_)
        if (holds_all(other, group)) return;
    std::erase_if(groups_, [&](Group const& other) { return holds_all(group, other); });
    groups_.insert(std::move(group));
}

/// Others that contradict it.
std::size_t Suspects::conflicts(SourceId source) const {
    return static_cast<std::size_t>(std::count_if(groups_.begin(), groups_.end(), [&](Group const& group) {
        return group.size() <= 2 && group.contains(source);
    }));
}

/// @param contradicted  are not trusted, as sources that are contradict them: they may explain why a whole was wrong
bool Suspects::may_join(SourceId source, Group const& trusted, Group const& contradicted) const {
    return std::none_of(groups_.begin(), groups_.end(), [&](Group const& group) {
        if (!group.contains(source)) return false;
        bool const is_explained =
            std::any_of(group.begin(), group.end(), [&](SourceId one) { return contradicted.contains(one); });
        if (is_explained) return false;
        auto const in = static_cast<std::size_t>(
            std::count_if(group.begin(), group.end(), [&](SourceId one) { return trusted.contains(one); }));
        return in + 1 > group.size() / 2;
    });
}

/// Those who are contradicted least are trusted first, then those who sent most.
void Suspects::choose(std::set<SourceId> const& available) {
    std::vector<std::tuple<bool, std::size_t, std::uint64_t, SourceId>> order;
    for (auto const& [source, bytes] : bytes_)
        order.emplace_back(!available.contains(source), conflicts(source), ~bytes, source);
    std::sort(order.begin(), order.end());
    Group trusted, contradicted;
    bool const each_alone = wholes_ > wholes_max || groups_.size() >= groups_max;
    // First without the wholes: who is contradicted by somebody that is trusted?
    for (auto const& [gone, conflict, bytes, source] : order) {
        bool const is_contradicted = std::any_of(groups_.begin(), groups_.end(), [&](Group const& group) {
            if (group.size() > 2 || !group.contains(source)) return false;
            return group.size() == 1 || trusted.contains(*group.begin()) || trusted.contains(*group.rbegin());
        });
        (is_contradicted ? contradicted : trusted).insert(source);
    }
    trusted.clear();
    for (auto const& [gone, conflict, bytes, source] : order)
        if (!contradicted.contains(source) && may_join(source, trusted, contradicted) &&
            (!each_alone || trusted.empty()))
            trusted.insert(source);
    doubted_.clear();
    for (auto const& [source, bytes] : bytes_)
        if (!trusted.contains(source)) doubted_.insert(source);
}

std::vector<Part> cut_at_pieces(std::span<Part const> parts, std::uint64_t piece_bytes) {
    std::vector<Part> cut;
    for (auto part : parts) {
        while (part.range.size() > 0) {
            auto const end = std::min(part.range.end, (part.range.begin / piece_bytes + 1) * piece_bytes);
            cut.push_back({part.source, {part.range.begin, end}});
            part.range.begin = end;
        }
    }
    return cut;
}

}  // namespace praline::swarm
