#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "node/base/ids.hpp"
#include "node/wire/routed_query.hpp"

namespace praline::search {

/// The queries that went by lately, by their GUID: a hit that passes says no more than that. A ring: the oldest is dropped.
/// @threads one.
class RecentQueries {
public:
    void add(Guid const& guid, wire::QueryPtr query, std::size_t most) {
        if (most == 0 || positions_.contains(guid)) return;
        if (ring_.size() < most) {
            positions_.emplace(guid, ring_.size());
            ring_.emplace_back(guid, std::move(query));
            return;
        }
        positions_.erase(ring_[next_].first);
        positions_.emplace(guid, next_);
        ring_[next_] = {guid, std::move(query)};
        next_ = (next_ + 1) % ring_.size();
    }
    /// Null: not known, or not any more.
    [[nodiscard]] wire::QueryPtr find(Guid const& guid) const {
        auto const known = positions_.find(guid);
        return known == positions_.end() ? nullptr : ring_[known->second].second;
    }
    void clear() { *this = RecentQueries{}; }
    [[nodiscard]] std::size_t size() const { return ring_.size(); }

private:
    std::vector<std::pair<Guid, wire::QueryPtr>> ring_;
    std::map<Guid, std::size_t> positions_;  // peers choose the GUIDs: a tree has no worst case
    std::size_t next_ = 0;
};

}  // namespace praline::search
