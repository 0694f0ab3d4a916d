#pragma once

#include <cstdint>
#include <optional>

#include "tools/simulate/graph_host.hpp"

namespace praline::simulate {

/// A mean and the half-width of its 95 % confidence interval (normal approximation).
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
    void add(Sum const& other) {
        count_ += other.count_;
        total_ += other.total_;
        squares_ += other.squares_;
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// Empty: nothing was added. One value alone has a half-width of 0.
    [[nodiscard]] std::optional<Estimate> estimate() const;

private:
    __extension__ using Wide = unsigned __int128;
    std::uint64_t count_ = 0;
    Wide total_ = 0, squares_ = 0;
};

/// What many queries did and cost.
struct Tally {
    std::uint64_t found = 0;
    Sum hops, waited_hops;  // of queries that found a match
    Sum messages, reach, duplicates, checks;

    void add(Outcome const& outcome);
    void add(Tally const& other);
    [[nodiscard]] std::uint64_t queries() const { return messages.count(); }
    /// Wilson's interval: its half-width is not 0 when all or none succeed. @pre queries() > 0.
    [[nodiscard]] Estimate success() const;
};

}  // namespace praline::simulate
