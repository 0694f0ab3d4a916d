#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "index/wire/values.hpp"

/// What this node has told the index that it shares, and what it still has to tell: one SQLite file, so that after a
/// restart only what changed is published. Every change of the list has a version of its own.   @threads one.
namespace praline::index {

class PublishList {
public:
    /// Throws store::DatabaseError.
    explicit PublishList(std::string const& file);
    ~PublishList();

    /// Makes the list equal to what is shared now, a slice at a time so that nobody waits: begin, then `entry` for every
    /// shared file in any order, then `finish`, which takes away those that were not named.
    void begin_update();
    void entry(Entry const& entry);
    /// @returns true when the list has changed; false also while there is more to do: call again until `finished`.
    struct Progress { bool finished = false, changed = false; };
    [[nodiscard]] Progress finish_some(std::size_t entries_max);

    [[nodiscard]] Version own() const;
    [[nodiscard]] std::uint64_t entries() const;
    struct Next { std::optional<Change> change; SetDigest digest; };
    /// The next change after `held`; empty: the server has all. A reset, in a new era, when `held` with `digest` is not
    /// a state this list has been in.
    [[nodiscard]] Next next_change(Version held, SetDigest const& digest, bool reset);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::index
