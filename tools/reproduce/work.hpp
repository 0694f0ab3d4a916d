#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

#include "node/base/rng.hpp"

namespace praline::reproduce {

/// Calls `work(number)` for 0 … count-1, each once, on so many threads; the results stand in the order of the numbers.
/// For few long pieces of work. Rethrows what one threw.
template <class Result, class Work>
std::vector<Result> each(std::size_t count, unsigned threads, Work work) {
    std::vector<Result> results(count);
    std::vector<std::exception_ptr> failures(count);
    std::atomic<std::size_t> next{0};
    auto const run = [&] {
        for (std::size_t at; (at = next.fetch_add(1)) < count;) {
            try {
                results[at] = work(at);
            } catch (...) {
                failures[at] = std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> others;
        std::size_t const wanted = std::min<std::size_t>(count, std::max(threads, 1U));
        for (std::size_t other = 1; other < wanted; ++other) others.emplace_back(run);
        run();
    }
    for (std::exception_ptr const& failure : failures)
        if (failure) std::rethrow_exception(failure);
    return results;
}

/// The generator of one piece of work of one target.
[[nodiscard]] constexpr Rng chance_of(std::uint64_t seed, unsigned target, std::uint64_t piece = 0) {
    return Rng{Rng{Rng{seed}.next() ^ target}.next() ^ piece};
}

}  // namespace praline::reproduce
