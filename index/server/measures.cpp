#include "index/server/measures.hpp"

#include <algorithm>

namespace praline::index::server {
namespace {

std::int64_t second_of(Instant now) {
    return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
}

double ranked(std::vector<std::uint32_t> const& sorted, std::size_t percent) {
    std::size_t const rank = (sorted.size() * percent + 99) / 100;
    return static_cast<double>(sorted[std::max<std::size_t>(rank, 1) - 1]);
}

}  // namespace

void LatencyWindow::add(Duration took) {
    auto const us = static_cast<std::uint32_t>(std::clamp<std::int64_t>(took.count(), 0, UINT32_MAX));
    ++count_;
    sum_us_ += us;
    if (samples_.size() < samples_max) {
        samples_.push_back(us);
        return;
    }
    samples_[next_] = us;
    next_ = (next_ + 1) % samples_max;
}

Latency LatencyWindow::summary() const {
    Latency summary;
    summary.count = count_;
    summary.sum_us = sum_us_;
    if (samples_.empty()) return summary;
    auto sorted = samples_;
    std::sort(sorted.begin(), sorted.end());
    summary.p50_us = ranked(sorted, 50);
    summary.p90_us = ranked(sorted, 90);
    summary.p99_us = ranked(sorted, 99);
    summary.max_us = static_cast<double>(sorted.back());
    return summary;
}

void RecentRate::count(Instant now, std::uint32_t times) {
    auto const second = second_of(now);
    Slot& slot = slots_[static_cast<std::size_t>(second) % slots_.size()];
    if (slot.second != second) slot = {second, 0};
    slot.times += times;
}

double RecentRate::per_second(Instant now) const {
    auto const second = second_of(now);
    std::uint64_t all = 0;
    for (Slot const& slot : slots_)
        if (slot.second < second && slot.second >= second - static_cast<std::int64_t>(seconds)) all += slot.times;
    return static_cast<double>(all) / static_cast<double>(seconds);
}

}  // namespace praline::index::server
