#include "transfer/download/slice_map.hpp"

#include <algorithm>

#include "node/base/check.hpp"

namespace praline::download {

SliceMap::SliceMap(std::uint64_t file_bytes, std::uint64_t slice_bytes)
    : file_bytes_{file_bytes}, slice_bytes_{slice_bytes} {
    check(slice_bytes > 0);
    verified_.resize(static_cast<std::size_t>(file_bytes / slice_bytes + (file_bytes % slice_bytes != 0 ? 1 : 0)));
}

std::optional<ByteRange> SliceMap::next_missing(std::uint64_t from, std::uint64_t most) const {
    std::uint64_t begin = from, end = file_bytes_;
    for (auto const& [received_from, received_to] : received_) {
        if (received_to <= begin) continue;
        if (received_from > begin) {
            end = received_from;
            break;
        }
        begin = received_to;
    }
    if (begin >= file_bytes_ || most == 0) return std::nullopt;
    return ByteRange{begin, std::min(end, begin + std::min(most, file_bytes_ - begin))};
}

std::vector<std::uint64_t> SliceMap::written(ByteRange range) {
    check(range.begin < range.end && range.end <= file_bytes_);
    add(range);
    std::vector<std::uint64_t> whole;
    for (auto slice = range.begin / slice_bytes_; slice * slice_bytes_ < range.end; ++slice)
        if (!verified_[slice] && has(range_of(slice))) whole.push_back(slice);
    return whole;
}

void SliceMap::accept(std::uint64_t slice) {
    check(slice < verified_.size());
    if (verified_[slice]) return;
    verified_[slice] = true;
    ++verified_count_;
    verified_bytes_ += range_of(slice).size();
    add(range_of(slice));
}

void SliceMap::reject(std::uint64_t slice) {
    check(slice < verified_.size());
    if (verified_[slice]) {
        verified_[slice] = false;
        --verified_count_;
        verified_bytes_ -= range_of(slice).size();
    }
    take_out(range_of(slice));
}

void SliceMap::forget_unverified() {
    received_.clear();
    for (std::uint64_t slice = 0; slice < verified_.size(); ++slice)
        if (verified_[slice]) add(range_of(slice));
}

void SliceMap::forget_all() {
    verified_.assign(verified_.size(), false);
    verified_count_ = verified_bytes_ = 0;
    received_.clear();
}

ByteRange SliceMap::range_of(std::uint64_t slice) const {
    auto const begin = slice * slice_bytes_;
    return {begin, std::min(begin + slice_bytes_, file_bytes_)};
}

std::uint64_t SliceMap::received_bytes() const {
    std::uint64_t sum = 0;
    for (auto const& [begin, end] : received_) sum += end - begin;
    return sum;
}

Bytes SliceMap::packed() const {
    Bytes bits((verified_.size() + 7) / 8);
    for (std::size_t slice = 0; slice < verified_.size(); ++slice)
        if (verified_[slice]) bits[slice / 8] |= std::byte{0x80} >> (slice % 8);
    return bits;
}

void SliceMap::restore(ByteView packed) {
    if (packed.size() != (verified_.size() + 7) / 8) return;
    for (std::size_t slice = 0; slice < verified_.size(); ++slice)
        if ((packed[slice / 8] & (std::byte{0x80} >> (slice % 8))) != std::byte{0}) accept(slice);
}

void SliceMap::add(ByteRange range) {
    auto at = received_.upper_bound(range.begin);
    if (at != received_.begin()) {
        auto const before = std::prev(at);
        if (before->second >= range.begin) {
            range.begin = before->first;
            range.end = std::max(range.end, before->second);
            received_.erase(before);
        }
    }
    while (at != received_.end() && at->first <= range.end) {
        range.end = std::max(range.end, at->second);
        at = received_.erase(at);
    }
    received_.emplace(range.begin, range.end);
}

void SliceMap::take_out(ByteRange range) {
    auto at = received_.upper_bound(range.begin);
    if (at != received_.begin()) --at;
    while (at != received_.end() && at->first < range.end) {
        auto const [begin, end] = *at;
        if (end <= range.begin) {
            ++at;
            continue;
        }
        at = received_.erase(at);
        if (begin < range.begin) received_.emplace(begin, range.begin);
        if (end > range.end) received_.emplace(range.end, end);
    }
}

bool SliceMap::has(ByteRange range) const {
    auto const after = received_.upper_bound(range.begin);
    return after != received_.begin() && std::prev(after)->second >= range.end;
}

}  // namespace praline::download
