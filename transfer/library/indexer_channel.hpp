#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "transfer/library/file_event.hpp"
#include "transfer/library/file_store.hpp"
#include "transfer/library/hash_pool.hpp"
#include "transfer/library/library.hpp"
#include "transfer/library/shared_file_index.hpp"

namespace praline::library {

/// What the node's thread wants done with a shared folder.
struct FolderCommand {
    enum class Act : std::uint8_t { start, start_new, end, remember, forget };
    Act act{};
    FolderId id = 0;
    StoredFolder folder;
};

/// What the indexer's thread has not seen yet.
struct IndexerInbox {
    std::deque<FolderCommand> folders;
    std::set<std::string> changed, rechecks;
    std::vector<FileEvent> events;
    std::vector<HashResult> hashed;
    bool sweep = false, events_lost = false, mounts_changed = false, stop = false, batch_applied = false;
    [[nodiscard]] bool has_news() const;
};

/// What passes between the indexer's thread and all others. Outlives the indexer in closures that are still on their way.
/// @threads any.
class IndexerChannel {
public:
    using Clock = std::chrono::steady_clock;
    /// Changes the inbox, and wakes the indexer.
    void post(std::function<void(IndexerInbox&)> const& change);
    /// Single files and the folders they lie in; too many events count as lost.
    void post_events(std::set<std::string> const& folders, std::vector<FileEvent> events);
    /// Waits for news, or until `wake`. @returns all there is by then.
    [[nodiscard]] IndexerInbox wait(Clock::time_point wake);
    /// The same without waiting.
    [[nodiscard]] IndexerInbox take();

    /// False: as many batches as may be are on their way to the node's thread.
    [[nodiscard]] bool begin_batch();
    void batch_applied();
    [[nodiscard]] bool can_begin_batch() const;

    /// Folders that the indexer has not looked at yet count as being scanned.
    [[nodiscard]] Progress progress() const;
    /// @returns whether anything that the user sees has changed.
    bool set_progress(Progress progress);

private:
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    IndexerInbox inbox_;
    std::size_t batches_under_way_ = 0;
    bool has_new_folders_ = false;  // taken by the indexer, which has not said yet what it makes of them
    Progress progress_;
};

}  // namespace praline::library
