#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace praline::index::server {

/// A bounded queue that is shared by many and served in turn: one task of each owner, round and round, so that an owner with
/// a thousand tasks delays another's first one by one task and not by a thousand. When it is full the newest task of the
/// owner with most is evicted for an owner with fewer.
/// @threads any, one at a time: a value.
template <class Owner, class Task>
class FairQueue {
public:
    struct Limits {
        std::size_t tasks_max;  ///< of all owners
        std::size_t of_owner_max;
    };

    explicit FairQueue(Limits limits) : limits_{limits} {}

    /// @returns what has no place now: nothing, `task` itself, or a task that was evicted for it.
    [[nodiscard]] std::optional<Task> push(Owner owner, Task task) {
        auto const waiting = tasks_.find(owner);
        auto const held = waiting == tasks_.end() ? 0 : waiting->second.size();
        if (held >= limits_.of_owner_max) return task;
        std::optional<Task> evicted;
        if (size_ >= limits_.tasks_max) {
            auto const greediest = std::max_element(
                tasks_.begin(), tasks_.end(),
                [](auto const& one, auto const& other) { return one.second.size() < other.second.size(); });
            if (greediest == tasks_.end() || greediest->second.size() <= held + 1) return task;
            evicted = std::move(greediest->second.back());
            greediest->second.pop_back();
            --size_;
        }
        auto& mine = tasks_[owner];
        if (mine.empty()) turns_.push_back(owner);
        mine.push_back(std::move(task));
        ++size_;
        return evicted;
    }

    /// The oldest task of the owner whose turn it is; empty: nothing waits.
    [[nodiscard]] std::optional<Task> pop() {
        if (turns_.empty()) return std::nullopt;
        auto const owner = turns_.front();
        turns_.pop_front();
        auto const waiting = tasks_.find(owner);
        std::optional<Task> next{std::move(waiting->second.front())};
        waiting->second.pop_front();
        --size_;
        if (waiting->second.empty())
            tasks_.erase(waiting);
        else
            turns_.push_back(owner);
        return next;
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }

private:
    Limits limits_;
    std::map<Owner, std::deque<Task>> tasks_;  ///< none is empty
    std::deque<Owner> turns_;                  ///< each owner of `tasks_` once
    std::size_t size_ = 0;
};

}  // namespace praline::index::server
