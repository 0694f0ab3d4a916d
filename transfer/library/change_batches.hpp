#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <variant>

#include "transfer/library/known_files.hpp"
#include "transfer/library/shared_file_index.hpp"

namespace praline::library {

/// Files that have become ready or have gone, on their way to the node's thread: gathered into batches, so that neither the
/// node's thread nor the page is disturbed more often than it is worth.   @threads one at a time: pure, but for the clock
/// that is handed in.
class ChangeBatches {
public:
    using Clock = std::chrono::steady_clock;
    ChangeBatches(SharedRoots& roots, KnownFiles& files, Clock::time_point now)
        : roots_{roots}, files_{files}, next_batch_{now}, next_notice_{now} {}

    void make_ready(KnownDirectory const& directory, KnownFile& known, std::string const& path, Sha1 const& sha1,
                    TigerHash const& root);
    /// It is no longer offered; of a file that was not ready: nothing happens.
    void withdraw(KnownFile& known);
    /// Something that the user sees has changed.
    void note_progress() { progress_changed_ = true; }

    /// The scan has to wait for the node's thread.
    [[nodiscard]] bool is_full() const;
    [[nodiscard]] bool empty() const { return changes_.empty(); }
    /// When there is a batch to take; the latest time there is: none waits.
    [[nodiscard]] Clock::time_point due() const;

    struct Ready {
        Batch batch;
        bool notice = false;  ///< the user is to be told, too
    };
    /// Empty: it is not time yet.
    [[nodiscard]] std::optional<Ready> take(Clock::time_point now);
    [[nodiscard]] bool is_due(Clock::time_point now) const { return batch_due(now) || notice_due(now); }

private:
    [[nodiscard]] bool batch_due(Clock::time_point now) const;
    [[nodiscard]] bool notice_due(Clock::time_point now) const;

    SharedRoots& roots_;
    KnownFiles& files_;
    std::deque<std::variant<Removal, Addition>> changes_;
    bool progress_changed_ = false;
    Clock::time_point next_batch_, next_notice_;
    std::uint32_t next_index_ = 1;
};

}  // namespace praline::library
