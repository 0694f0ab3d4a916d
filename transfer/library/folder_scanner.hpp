#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "transfer/library/change_batches.hpp"
#include "transfer/library/hash_memory.hpp"
#include "transfer/library/hash_queue.hpp"
#include "transfer/library/known_files.hpp"
#include "transfer/library/watcher.hpp"

namespace praline::library {

/// Lists the shared folders, one at a time, and compares what is there with what is known.
/// @threads the indexer's; blocks on the disk.
class FolderScanner {
public:
    /// @param own_folder  the node's own files, keys among them: never shared.
    /// @param settled     called when a shared folder has been listed as a whole for the first time.
    FolderScanner(std::string own_folder, SharedRoots& roots, KnownFiles& files, HashMemory& memory, HashQueue& hashes,
                  ChangeBatches& changes, Watcher& watcher, std::function<void(FolderId)> settled)
        : own_folder_{std::move(own_folder)},
          roots_{roots},
          files_{files},
          memory_{memory},
          hashes_{hashes},
          changes_{changes},
          watcher_{watcher},
          settled_{std::move(settled)},
          watching_{watcher.works()} {}

    /// The folder and everything in it.
    void scan_root(FolderId id);
    /// Those that are not being scanned.
    void scan_all_roots();
    /// A disk that was taken out or put back is noticed at once where it matters, and nowhere else.
    void on_mounts_changed();
    /// Files of this directory have changed. One that is not known: nothing happens.
    void scan_again(std::string const& path);
    /// The next directory.   @pre is_busy()
    void scan_one();
    /// A folder that is not there, or not to be shared, any more; its hashes are remembered.
    void drop(std::string const& path);
    /// Its directories are not listed any more.
    void cancel(FolderId id);

    [[nodiscard]] bool is_busy() const { return !tasks_.empty(); }
    /// Every directory is watched for changes; else some are left to the sweep.
    [[nodiscard]] bool watching() const { return watching_; }

private:
    struct Task {
        std::string path, virtual_path;
        FolderId folder = 0;
        std::size_t depth = 0;
        bool deep = true;  ///< also directories that are known already
    };
    void add_task(Task task, bool first);
    void compare(Task const& task, DirectoryListing const& listing, std::vector<LeftOutEntry>& entries);
    void drop_missing_files(KnownDirectory& directory, std::string const& path, DirectoryListing const& listing);
    void visit_directories(Task const& task, DirectoryListing const& listing, std::vector<LeftOutEntry>& entries);
    void on_unreadable(Task const& task, boost::system::error_code error);
    [[nodiscard]] std::string problem_of_root(Task const& task, DirectoryListing const& listing);
    [[nodiscard]] bool is_missing_its_files(Task const& task, DirectoryListing const& listing);
    void task_done(FolderId id);

    std::string own_folder_;
    SharedRoots& roots_;
    KnownFiles& files_;
    HashMemory& memory_;
    HashQueue& hashes_;
    ChangeBatches& changes_;
    Watcher& watcher_;
    std::function<void(FolderId)> settled_;
    std::deque<Task> tasks_;
    bool watching_;
};

}  // namespace praline::library
