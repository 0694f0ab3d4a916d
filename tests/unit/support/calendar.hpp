#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "node/base/time.hpp"

namespace praline::test {

/// What happens when, in virtual time. Events of one instant happen in the order in which they were planned.
class Calendar {
public:
    [[nodiscard]] Instant now() const { return now_; }
    void at(Instant when, std::function<void()> what) {
        plan_.emplace(std::pair{when < now_ ? now_ : when, next_++}, std::move(what));
    }
    void in(Duration delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }
    /// Runs everything up to and including `until`.
    void run_until(Instant until) {
        while (!plan_.empty() && plan_.begin()->first.first <= until) {
            auto first = plan_.extract(plan_.begin());
            now_ = first.key().first;
            ++happened_;
            first.mapped()();
        }
        now_ = until;
    }
    [[nodiscard]] std::uint64_t happened() const { return happened_; }

private:
    std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> plan_;
    Instant now_{};
    std::uint64_t next_ = 0, happened_ = 0;
};

}  // namespace praline::test
