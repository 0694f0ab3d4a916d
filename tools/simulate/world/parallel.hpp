#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

namespace praline::simulate::world {

/// Has numbers 0 … count-1 worked on by so many threads, in blocks of so many. `make()` gives each thread a worker of its own;
/// `worker(number)` is called for each number once. Rethrows what a worker threw. @return the workers.
template <std::uint64_t block = 16, class Make>
auto in_parallel(std::uint64_t count, unsigned threads, Make make) {
    using Worker = decltype(make());
    std::uint64_t const blocks = (count + block - 1) / block;
    auto const workers_wanted = static_cast<std::size_t>(std::clamp<std::uint64_t>(blocks, 1, std::max(threads, 1U)));
    std::vector<Worker> workers;
    workers.reserve(workers_wanted);
    while (workers.size() < workers_wanted) workers.push_back(make());

    std::atomic<std::uint64_t> next{0};
    std::vector<std::exception_ptr> failures(workers.size());
    auto const work = [&](std::size_t mine) {
        try {
            for (std::uint64_t at; (at = next.fetch_add(1)) < blocks;)
                for (std::uint64_t number = at * block; number < std::min(count, (at + 1) * block); ++number)
                    workers[mine](number);
        } catch (...) {
            failures[mine] = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t other = 1; other < workers.size(); ++other) others.emplace_back(work, other);
        work(0);
    }
    for (std::exception_ptr const& failure : failures)
        if (failure) std::rethrow_exception(failure);
    return workers;
}

}  // namespace praline::simulate::world
