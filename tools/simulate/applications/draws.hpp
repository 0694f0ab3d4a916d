#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "node/base/rng.hpp"
#include "tools/simulate/structured/underlay.hpp"

/// Distributions that workloads are drawn from. @threads any, one at a time: values
namespace praline::simulate::applications {

/// Of mean 0 and deviation 1, by the method of Box and Muller.
[[nodiscard]] inline double normal(Rng& chance) {
    double const radius = std::sqrt(-2 * std::log(1 - structured::unit(chance)));
    return radius * std::cos(2 * std::numbers::pi * structured::unit(chance));
}

/// With this median and mean. @pre mean > median > 0
[[nodiscard]] inline double log_normal(double median, double mean, Rng& chance) {
    return median * std::exp(std::sqrt(2 * std::log(mean / median)) * normal(chance));
}

/// Ranks from 0, the one of rank i as often as 1 / (i + 1)^exponent.
class Zipf {
public:
    Zipf(std::uint32_t ranks, double exponent) {
        double sum = 0;
        up_to_.reserve(ranks);
        for (std::uint32_t rank = 0; rank < ranks; ++rank) up_to_.push_back(sum += std::pow(rank + 1.0, -exponent));
    }
    [[nodiscard]] std::uint32_t draw(Rng& chance) const {
        auto const at = std::upper_bound(up_to_.begin(), up_to_.end(), structured::unit(chance) * up_to_.back());
        return static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(at - up_to_.begin(), std::ssize(up_to_) - 1));
    }

private:
    std::vector<double> up_to_;
};

}  // namespace praline::simulate::applications
