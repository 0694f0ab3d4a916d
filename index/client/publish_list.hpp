#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "index/wire/values.hpp"

/// What this node has told the index that it shares, and what it still has to tell: one SQLite file, so that after a
/// restart only what changed is published. Every change that is handed out has a version of its own, for ever: a version
/// names one state of the list, at whatever server. What is not of use to others (names and sizes that no server takes)
/// is left out.   @threads one.
namespace praline::index::client {

class PublishList {
public:
    static constexpr std::uint64_t entries_max = 2'000'000;  ///< further ones are left out
    static constexpr std::size_t step_entries = 100;         ///< written at once
    static constexpr std::uint64_t tombstones_max =
        20'000;  ///< entries taken away that are remembered, to be told again; the oldest give way
    static constexpr std::size_t removals_max = 250;  ///< of one new change: no step shall last long
    static constexpr std::uint64_t changes_max =
        4096;  ///< whose digests are remembered: a server further behind begins anew

    /// Throws store::DatabaseError.
    explicit PublishList(std::string const& file);
    ~PublishList();

    /// Makes the list equal to what is shared now, a slice at a time so that nobody waits: begin, then `entry` for every
    /// shared file in any order, then `finish_some`, which takes away those that were not named. To begin anew before that is
    /// well; so is the end of the program at any point.
    void begin_update();
    void entry(Entry const& entry);
    /// Looks at so many entries at most; call again until `finished`. `changed`: since the update began.
    struct Progress {
        bool finished = false, changed = false;
    };
    [[nodiscard]] Progress finish_some(std::size_t entries_max);

    /// The version to which the next changes lead, as far as it is known.
    [[nodiscard]] Version own() const;
    [[nodiscard]] std::uint64_t entries() const;
    /// What the next changes tell of, added and taken away together.
    [[nodiscard]] std::uint64_t waiting() const;
    /// The disk is being brought up to date in the background. To wait until it is over keeps the file's log short; nothing
    /// depends on it.
    [[nodiscard]] bool busy() const;
    struct Next {
        std::optional<Change> change;
        SetDigest digest;
    };
    /// The next change after `held`; empty: the server has all. A reset, in a new era, when `held` with `digest` is not
    /// a state this list has been in, or is one too long ago. Fewer than `least` that wait to be told wait on.
    [[nodiscard]] Next next_change(Version held, SetDigest const& digest, bool reset, std::size_t least = 1);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::index::client
