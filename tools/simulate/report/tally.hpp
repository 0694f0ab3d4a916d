#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "tools/simulate/report/whole_numbers.hpp"
#include "tools/simulate/world/outcome.hpp"

namespace praline::simulate::report {

/// A mean and the half-width of its 95 % confidence interval.
struct Estimate {
    double mean = 0;
    double half_width = 0;
};

/// Sums of whole numbers, so that the order in which threads add makes no difference.
class Sum {
public:
    void add(std::uint64_t value) {
        ++count_;
        total_ += value;
        squares_ += Wide{value} * value;
    }
    void add(Sum const& other);
    /// What was added so far, by itself, is one trial: its values hang together.
    void end_trial() { trials_.assign(1, {count_, total_}); }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] bool has_trials() const { return trials_.size() > 1; }
    /// Empty: nothing was added. Of values of their own, one alone has a half-width of 0 (normal approximation). Of two
    /// trials or more: from how these differ (Student's distribution), as values of one trial are no witnesses of their own.
    [[nodiscard]] std::optional<Estimate> estimate() const;
    void write(NumberWriter& to) const;
    [[nodiscard]] bool read(NumberReader& from);

private:
    struct Trial {
        std::uint64_t count;
        Wide total;
    };
    std::uint64_t count_ = 0;
    Wide total_ = 0, squares_ = 0;
    std::vector<Trial> trials_;
};

/// What one thing costs in another: the quotient of two sums. The same with trials.
class Ratio {
public:
    void add(std::uint64_t cost, std::uint64_t gain);
    void add(Ratio const& other);
    void end_trial() { trials_.assign(1, {cost_, gain_}); }
    /// Empty: nothing was gained. The half-width is that of a linear approximation.
    [[nodiscard]] std::optional<Estimate> estimate() const;
    void write(NumberWriter& to) const;
    [[nodiscard]] bool read(NumberReader& from);

private:
    struct Trial {
        Wide cost, gain;
    };
    std::uint64_t count_ = 0;
    Wide cost_ = 0, gain_ = 0, costs_squared_ = 0, gains_squared_ = 0, products_ = 0;
    std::vector<Trial> trials_;
};

/// How many had each value, up to the largest there was.
class Histogram {
public:
    void add(std::uint64_t value);
    void add(Histogram const& other);
    [[nodiscard]] std::vector<std::uint64_t> const& counts() const { return counts_; }
    void write(NumberWriter& to) const;
    [[nodiscard]] bool read(NumberReader& from);

private:
    std::vector<std::uint64_t> counts_;
};

/// What many queries did and cost.
struct Tally {
    std::uint64_t found = 0;
    Sum successes;          // 1 or 0 each
    Sum hops, waited_hops;  // of queries that found a match
    Sum messages, reach, duplicates, checks, results;
    // Of runs with an event log; 0 otherwise.
    Sum bytes, hit_messages, busiest, false_hits, lost;
    Sum first_ms, enough_ms;  // of queries that found so much
    Sum enough;               // 1 or 0 each
    Ratio messages_per_result, messages_per_find;
    Histogram hops_of_finds;

    void add(world::Outcome const& outcome);
    void add(Tally const& other);
    /// As of `Sum`, for all of them.
    void end_trial();
    [[nodiscard]] std::uint64_t queries() const { return messages.count(); }
    /// Wilson's interval: its half-width is not 0 when all or none succeed; nor is that of trials ever less. @pre queries() > 0.
    [[nodiscard]] Estimate success() const;
    /// All of it as whole numbers, so that sums of several processes make the same figures as those of one.
    void write(NumberWriter& to) const;
    /// @return false: that is no tally: its sums contradict each other, too.
    [[nodiscard]] bool read(NumberReader& from);

private:
    static std::array<Sum Tally::*, 16> const sums;
};

/// Student's t: 95 % of the distribution with so many degrees of freedom lie within. @pre freedom > 0.
[[nodiscard]] double student_95(std::uint64_t freedom);

}  // namespace praline::simulate::report
