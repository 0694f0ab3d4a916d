#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include "node/base/ids.hpp"
#include "node/base/time.hpp"

namespace praline::search {

/// Which neighbour waits for the answer to the question of which walker, so that it is returned hop by hop. Bounded by
/// number (the oldest is dropped) and by age.
/// @threads one.
class CheckRoutes {
public:
    /// A question of a walker that came from `asker` (PeerId{0}: it waits here) has been passed to `to`.
    void add(Guid const& guid, std::uint32_t number, std::uint32_t step, PeerId asker, PeerId to, Instant now,
             std::size_t most, std::chrono::seconds keep_for) {
        while (!ages_.empty() && (ages_.size() >= most || ages_.front().second + keep_for <= now)) drop_oldest();
        Key const key{guid, number, step, asker};
        if (most == 0 || !routes_.emplace(key, to).second) return;
        ages_.emplace_back(key, now);
    }
    /// An answer came from `from`: which asker it is for. Empty: `from` was not asked for one.
    [[nodiscard]] std::optional<PeerId> take(Guid const& guid, std::uint32_t number, std::uint32_t step, PeerId from) {
        for (auto at = routes_.lower_bound(Key{guid, number, step, PeerId{0}});
             at != routes_.end() && at->first.guid == guid && at->first.number == number && at->first.step == step;
             ++at) {
            if (at->second != from) continue;
            PeerId const asker = at->first.asker;
            routes_.erase(at);  // its age stays behind until its turn comes
            return asker;
        }
        return std::nullopt;
    }
    [[nodiscard]] std::size_t size() const { return routes_.size(); }
    [[nodiscard]] std::size_t ages() const { return ages_.size(); }

private:
    struct Key {
        Guid guid;
        std::uint32_t number, step;
        PeerId asker;
        friend auto operator<=>(Key const&, Key const&) = default;
    };
    void drop_oldest() {
        routes_.erase(ages_.front().first);
        ages_.pop_front();
    }

    std::map<Key, PeerId> routes_;  // the neighbour that the question went to; peers choose the keys, so a tree
    std::list<std::pair<Key, Instant>> ages_;  // oldest first; a deque would take memory at rest
};

}  // namespace praline::search
