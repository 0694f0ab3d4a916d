#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "transfer/library/folder_scanner.hpp"
#include "transfer/library/hash_memory.hpp"
#include "transfer/library/indexer_channel.hpp"
#include "transfer/library/shared_file_index.hpp"
#include "transfer/library/watcher.hpp"

namespace praline::library {

/// What lives on the node's thread. The indexer holds it weakly: what arrives after the library is gone does nothing.
struct NodeThreadIndex {
    SharedFileIndex files;
    std::function<void()> on_change;
};

/// The thread behind the library: it knows every file there is, scans a folder at a time, decides what is to be
/// hashed, remembers, and publishes what has become ready to the node's thread in batches.
///
///   watcher ──changed folders──▶ ┌─────────┐ ──jobs──▶ hash pool
///   library ──folders, sweeps──▶ │ indexer │ ◀─digests─────┘
///                                └─────────┘ ──batches──▶ shared file index (node's thread)
class LibraryIndexer {
public:
    /// `data_folder` holds the node's own files, keys among them: it is never shared.
    LibraryIndexer(Options const& options, std::string data_folder, std::weak_ptr<NodeThreadIndex> node);
    ~LibraryIndexer();
    LibraryIndexer(LibraryIndexer const&) = delete;
    LibraryIndexer& operator=(LibraryIndexer const&) = delete;

    /// @threads the members of this block: any.
    void add_folder(FolderId id, StoredFolder folder, bool is_new);
    void remove_folder(FolderId id);
    /// Only in the database: a folder that is not to be looked at, or one that is no longer named.
    void remember_folder(StoredFolder folder);
    void forget_folder(std::string const& path);
    void sweep();
    void recheck(std::string const& path);
    [[nodiscard]] Progress progress() const;

private:
    using Clock = std::chrono::steady_clock;
    void run();
    [[nodiscard]] IndexerInbox wait_for_work();
    [[nodiscard]] Clock::time_point wake_time() const;
    void on_inbox(IndexerInbox inbox);
    void on_command(FolderCommand const& command);
    void start_folder(FolderCommand const& command);
    void end_folder(FolderId id);
    void on_settled(FolderId id);
    void start_sweep();
    void expire();
    void update_progress();
    void publish_batch();
    void flush();

    Options const options_;
    std::weak_ptr<NodeThreadIndex> const node_;
    std::shared_ptr<IndexerChannel> const channel_ = std::make_shared<IndexerChannel>();
    HashMemory memory_;
    SharedRoots roots_;
    KnownFiles files_;
    ChangeBatches changes_;
    Clock::time_point next_sweep_;
    Clock::time_point next_expiry_{};
    // Last, so that their threads end before what they report to.
    HashQueue hashes_;
    Watcher watcher_;
    FolderScanner scanner_;
    std::thread thread_;
};

}  // namespace praline::library
