#include "tools/simulate/tally.hpp"

#include <cmath>

namespace praline::simulate {
namespace {

constexpr double z = 1.959963984540054;  // 95 % of a normal distribution lie within so many deviations

}  // namespace

std::optional<Estimate> Sum::estimate() const {
    if (count_ == 0) return std::nullopt;
    auto const n = static_cast<double>(count_);
    Estimate estimate{static_cast<double>(total_) / n, 0};
    if (count_ > 1) {
        // n·Σx² - (Σx)² is whole and never negative.
        auto const spread = static_cast<double>(count_ * squares_ - total_ * total_);
        estimate.half_width = z * std::sqrt(spread / (n * (n - 1)) / n);
    }
    return estimate;
}

void Tally::add(Outcome const& outcome) {
    if (outcome.found) {
        ++found;
        hops.add(outcome.hops);
        waited_hops.add(outcome.waited_hops);
    }
    messages.add(outcome.messages);
    reach.add(outcome.reach);
    duplicates.add(outcome.messages - outcome.reach);
    checks.add(outcome.checks);
}

void Tally::add(Tally const& other) {
    found += other.found;
    hops.add(other.hops);
    waited_hops.add(other.waited_hops);
    messages.add(other.messages);
    reach.add(other.reach);
    duplicates.add(other.duplicates);
    checks.add(other.checks);
}

Estimate Tally::success() const {
    auto const n = static_cast<double>(queries());
    double const rate = static_cast<double>(found) / n;
    double const inner = rate * (1 - rate) / n + z * z / (4 * n * n);
    return {rate, z * std::sqrt(inner) / (1 + z * z / n)};
}

}  // namespace praline::simulate
