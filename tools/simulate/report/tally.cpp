#include "tools/simulate/report/tally.hpp"

#include <algorithm>
#include <cmath>

namespace praline::simulate::report {
namespace {

constexpr double z = 1.959963984540054;  // 95 % of a normal distribution lie within so many deviations

/// Of a quotient of sums over trials that deviate from it by so much each.
template <class Trials, class Deviation>
double half_width_of(Trials const& trials, double divisor, Deviation deviation) {
    auto const n = static_cast<double>(trials.size());
    double squares = 0;
    for (auto const& trial : trials) squares += deviation(trial) * deviation(trial);
    return student_95(trials.size() - 1) * std::sqrt(n / (n - 1) * squares) / divisor;
}

}  // namespace

double student_95(std::uint64_t freedom) {
    constexpr std::array table{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                               2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                               2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
    if (freedom <= table.size()) return table[freedom - 1];
    return z + 2.4 / static_cast<double>(freedom);  // exact to the third decimal from 31 on
}

void Sum::add(Sum const& other) {
    count_ += other.count_;
    total_ += other.total_;
    squares_ += other.squares_;
    trials_.insert(trials_.end(), other.trials_.begin(), other.trials_.end());
}

std::optional<Estimate> Sum::estimate() const {
    if (count_ == 0) return std::nullopt;
    auto const n = static_cast<double>(count_);
    Estimate estimate{static_cast<double>(total_) / n, 0};
    if (trials_.size() > 1) {
        estimate.half_width = half_width_of(trials_, n, [&](Trial const& trial) {
            return static_cast<double>(trial.total) - estimate.mean * static_cast<double>(trial.count);
        });
    } else if (count_ > 1) {
        // n·Σx² - (Σx)² is whole and never negative.
        auto const spread = static_cast<double>(count_ * squares_ - total_ * total_);
        estimate.half_width = z * std::sqrt(spread / (n * (n - 1)) / n);
    }
    return estimate;
}

void Ratio::add(std::uint64_t cost, std::uint64_t gain) {
    ++count_;
    cost_ += cost;
    gain_ += gain;
    costs_squared_ += Wide{cost} * cost;
    gains_squared_ += Wide{gain} * gain;
    products_ += Wide{cost} * gain;
}

void Ratio::add(Ratio const& other) {
    count_ += other.count_;
    cost_ += other.cost_;
    gain_ += other.gain_;
    costs_squared_ += other.costs_squared_;
    gains_squared_ += other.gains_squared_;
    products_ += other.products_;
    trials_.insert(trials_.end(), other.trials_.begin(), other.trials_.end());
}

std::optional<Estimate> Ratio::estimate() const {
    if (gain_ == 0) return std::nullopt;
    auto const gain = static_cast<double>(gain_);
    double const quotient = static_cast<double>(cost_) / gain;
    Estimate estimate{quotient, 0};
    if (trials_.size() > 1) {
        estimate.half_width = half_width_of(trials_, gain, [&](Trial const& trial) {
            return static_cast<double>(trial.cost) - quotient * static_cast<double>(trial.gain);
        });
    } else if (count_ > 1) {
        auto const n = static_cast<double>(count_);
        double const squares = static_cast<double>(costs_squared_) - 2 * quotient * static_cast<double>(products_) +
                               quotient * quotient * static_cast<double>(gains_squared_);
        estimate.half_width = z * std::sqrt(n / (n - 1) * std::max(squares, 0.0)) / gain;
    }
    return estimate;
}

void Histogram::add(std::uint64_t value) {
    if (value >= counts_.size()) counts_.resize(value + 1);
    ++counts_[value];
}

void Histogram::add(Histogram const& other) {
    counts_.resize(std::max(counts_.size(), other.counts_.size()));
    for (std::size_t value = 0; value < other.counts_.size(); ++value) counts_[value] += other.counts_[value];
}

std::array<Sum Tally::*, 16> const Tally::sums{
    &Tally::successes, &Tally::hops,         &Tally::waited_hops, &Tally::messages,
    &Tally::reach,     &Tally::checks,       &Tally::duplicates,  &Tally::results,
    &Tally::bytes,     &Tally::hit_messages, &Tally::busiest,     &Tally::false_hits,
    &Tally::lost,      &Tally::first_ms,     &Tally::enough_ms,   &Tally::enough};

void Tally::add(world::Outcome const& outcome) {
    successes.add(outcome.found ? 1 : 0);
    if (outcome.found) {
        ++found;
        hops.add(outcome.hops);
        waited_hops.add(outcome.waited_hops);
        hops_of_finds.add(outcome.hops);
    }
    messages.add(outcome.messages);
    reach.add(outcome.reach);
    duplicates.add(outcome.messages - outcome.reach);
    checks.add(outcome.checks);
    results.add(outcome.results);
    bytes.add(outcome.bytes);
    hit_messages.add(outcome.hit_messages);
    busiest.add(outcome.busiest);
    false_hits.add(outcome.false_hits);
    lost.add(outcome.lost);
    if (outcome.first_ms) first_ms.add(*outcome.first_ms);
    if (outcome.enough_ms) enough_ms.add(*outcome.enough_ms);
    enough.add(outcome.enough_ms ? 1 : 0);
    messages_per_result.add(outcome.messages, outcome.results);
    messages_per_find.add(outcome.messages, outcome.found ? 1 : 0);
}

void Tally::add(Tally const& other) {
    found += other.found;
    for (Sum Tally::*const sum : sums) (this->*sum).add(other.*sum);
    messages_per_result.add(other.messages_per_result);
    messages_per_find.add(other.messages_per_find);
    hops_of_finds.add(other.hops_of_finds);
}

void Tally::end_trial() {
    for (Sum Tally::*const sum : sums) (this->*sum).end_trial();
    messages_per_result.end_trial();
    messages_per_find.end_trial();
}

void Sum::write(NumberWriter& to) const {
    to.put(count_, total_, squares_, trials_.size());
    for (Trial const& trial : trials_) to.put(trial.count, trial.total);
}

bool Sum::read(NumberReader& from) {
    std::uint64_t trials = 0;
    if (!from.get(count_, total_, squares_, trials)) return false;
    for (trials_.clear(); trials > 0; --trials) {
        Trial trial{};
        if (!from.get(trial.count, trial.total)) return false;
        trials_.push_back(trial);
    }
    return true;
}

void Ratio::write(NumberWriter& to) const {
    to.put(count_, cost_, gain_, costs_squared_, gains_squared_, products_, trials_.size());
    for (Trial const& trial : trials_) to.put(trial.cost, trial.gain);
}

bool Ratio::read(NumberReader& from) {
    std::uint64_t trials = 0;
    if (!from.get(count_, cost_, gain_, costs_squared_, gains_squared_, products_, trials)) return false;
    for (trials_.clear(); trials > 0; --trials) {
        Trial trial{};
        if (!from.get(trial.cost, trial.gain)) return false;
        trials_.push_back(trial);
    }
    return true;
}

void Histogram::write(NumberWriter& to) const {
    to.put(counts_.size());
    for (std::uint64_t const count : counts_) to.put(count);
}

bool Histogram::read(NumberReader& from) {
    std::uint64_t values = 0;
    if (!from.get(values)) return false;
    for (counts_.clear(); values > 0; --values) {
        std::uint64_t count = 0;
        if (!from.get(count)) return false;
        counts_.push_back(count);
    }
    return true;
}

void Tally::write(NumberWriter& to) const {
    to.put(found);
    for (Sum Tally::*const sum : sums) (this->*sum).write(to);
    messages_per_result.write(to);
    messages_per_find.write(to);
    hops_of_finds.write(to);
}

bool Tally::read(NumberReader& from) {
    if (!from.get(found)) return false;
    for (Sum Tally::*const sum : sums)
        if (!(this->*sum).read(from)) return false;
    if (!messages_per_result.read(from) || !messages_per_find.read(from) || !hops_of_finds.read(from)) return false;
    std::uint64_t finds = 0;
    for (std::uint64_t const count : hops_of_finds.counts()) {
        if (count > found - finds) return false;
        finds += count;
    }
    return queries() > 0 && found <= queries() && finds == found && hops.count() == found &&
           successes.count() == queries();
}

Estimate Tally::success() const {
    auto const n = static_cast<double>(queries());
    double const rate = static_cast<double>(found) / n;
    double const inner = rate * (1 - rate) / n + z * z / (4 * n * n);
    Estimate const of_trials = successes.estimate().value_or(Estimate{});
    double const wilson = z * std::sqrt(inner) / (1 + z * z / n);
    return {rate, successes.has_trials() ? std::max(wilson, of_trials.half_width) : wilson};
}

}  // namespace praline::simulate::report
