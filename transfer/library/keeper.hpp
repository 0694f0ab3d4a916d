#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "transfer/library/directory_listing.hpp"
#include "transfer/library/file_store.hpp"
#include "transfer/library/hash_memory.hpp"
#include "transfer/library/hash_pool.hpp"
#include "transfer/library/moves.hpp"
#include "transfer/library/shelf.hpp"
#include "transfer/library/watcher.hpp"

namespace praline::library {

/// What lives on the node's thread. The keeper holds it weakly: what arrives after the library is gone does nothing.
struct NodeSide {
    Shelf shelf;
    std::function<void()> on_change;
};

/// The thread behind the library: it knows every file there is, scans a folder at a time, decides what is to be
/// hashed, remembers, and hands what has become ready to the node's thread in batches.
///
///   watcher ──changed folders──▶ ┌────────┐ ──jobs──▶ hash pool
///   library ──folders, sweeps──▶ │ keeper │ ◀─digests─────┘
///                                └────────┘ ──batches──▶ shelf (node's thread)
class Keeper {
public:
    /// `data_folder` holds the node's own files, keys among them: it is never shared.
    Keeper(Options const& options, std::string data_folder, std::weak_ptr<NodeSide> node);
    ~Keeper();
    Keeper(Keeper const&) = delete;
    Keeper& operator=(Keeper const&) = delete;

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
    enum class State : std::uint8_t { waiting, ready, failed };
    struct KnownFile {
        FileStamp stamp;
        State state = State::waiting;
        std::uint8_t attempts = 0;
        bool queued = false;    ///< waits to be hashed, or is being hashed
        bool touched = false;   ///< something happened to it since it was hashed: a move proves nothing
        bool by_move = false;   ///< a move proved its hash
        bool distrusted = false;///< to be hashed whatever is remembered of it
        SharedFilePtr file;     ///< when ready
    };
    struct Directory {
        FolderId folder = 0;
        std::size_t depth = 0;
        std::string virtual_path;
        FileSystem file_system;
        std::map<std::string, KnownFile> files;
        std::set<std::string> folders;
    };
    struct Root {
        StoredFolder folder;
        CancelFlag cancelled = std::make_shared<std::atomic<bool>>(false);
        std::size_t tasks = 0;  ///< folders of it still to be listed
        bool settled = false;   ///< what vanished while the node was not running has been noted
        bool news = false;      ///< its problem has changed
        std::string problem;
        std::string mounts;     ///< see mounts_below
        LeftOut left_out;
        std::uint64_t told_version = 0;  ///< of what is left out
        [[nodiscard]] bool has_news() const { return news || left_out.version() != told_version; }
    };
    struct ScanTask {
        std::string path, virtual_path;
        FolderId folder = 0;
        std::size_t depth = 0;
        bool deep = true;       ///< also folders that are known already
    };
    struct FolderCommand {
        enum class Act : std::uint8_t { start, start_new, end, remember, forget };
        Act act{};
        FolderId id = 0;
        StoredFolder folder;
    };
    struct Inbox {
        std::deque<FolderCommand> folders;
        std::set<std::string> changed, rechecks;
        std::vector<FileEvent> events;
        std::vector<HashResult> hashed;
        bool sweep = false, events_lost = false, mounts_changed = false, stop = false, taken_in = false;
    };
    /// Outlives the keeper in closures that are still on their way.
    struct Channel {
        std::mutex mutex;
        std::condition_variable wake;
        Inbox inbox;
        std::size_t batches_under_way = 0;
        Progress progress;
    };
    // keeper.cpp: the thread
    void run();
    [[nodiscard]] Inbox wait_for_work();
    [[nodiscard]] Clock::time_point wake_time() const;
    void take(Inbox inbox);
    void start_folder(FolderCommand const& command);
    void end_folder(FolderId id);
    void tell(std::function<void(Inbox&)> const& change);
    void hand_over();
    void publish();
    void save();
    [[nodiscard]] std::vector<FolderReport> reports();
    [[nodiscard]] bool has_reports() const;
    [[nodiscard]] static std::int64_t unix_seconds();

    // keeper_scan.cpp: the tree of folders
    void start_sweep();
    void look_at_mounts();
    void add_task(ScanTask task, bool first);
    void scan_one();
    void compare(ScanTask const& task, DirectoryListing const& listing, std::vector<LeftOutEntry>& entries);
    void visit_folders(ScanTask const& task, DirectoryListing const& listing, std::vector<LeftOutEntry>& entries);
    void folder_unreadable(ScanTask const& task, boost::system::error_code error);
    [[nodiscard]] std::string problem_of_root(ScanTask const& task, DirectoryListing const& listing);
    [[nodiscard]] bool is_missing_its_files(ScanTask const& task, DirectoryListing const& listing);
    void task_done(FolderId id);
    void expire();
    void drop_directory(std::string const& path);
    [[nodiscard]] LeftOut& left_out(FolderId id) { return roots_.at(id).left_out; }
    [[nodiscard]] KnownFile* find(std::string const& path);
    void set_problem(FolderId id, std::string problem);

    // keeper_files.cpp: one file
    /// False: there are too many.
    [[nodiscard]] bool consider(Directory& directory, std::string const& path, std::string const& name, FileStamp stamp);
    void count(KnownFile const& file, int by);
    void set_state(Directory const& directory, std::string const& path, KnownFile& known, State state);
    void make_ready(Directory const& directory, KnownFile& known, std::string const& path, Sha1 const& sha1,
                    TigerHash const& root);
    void withdraw(KnownFile& known);
    void feed_pool();
    void feed(std::string const& path);
    void enqueue(KnownFile& known, std::string const& path);
    [[nodiscard]] bool is_moved_or_linked(Directory const& directory, KnownFile& known, std::string const& path);
    void release_names(FileStamp const& stamp);
    void take_result(HashResult result);
    void try_again(KnownFile& known, std::string const& path);
    void take_recheck(std::string const& path);
    void take_event(FileEvent const& event);
    [[nodiscard]] bool recognise(Directory const& directory, KnownFile& known, std::string const& path);
    [[nodiscard]] Directory const& directory_of(std::string const& path) const { return directories_.at(path.substr(0, path.rfind('/'))); }

    Options const options_;
    std::weak_ptr<NodeSide> const node_;
    std::string const data_folder_;
    std::shared_ptr<Channel> const channel_ = std::make_shared<Channel>();
    HashMemory memory_;
    Moves moves_;

    std::map<FolderId, Root> roots_;
    std::map<std::string, Directory> directories_;
    std::deque<ScanTask> tasks_;
    std::deque<std::string> waiting_;
    std::multimap<Clock::time_point, std::string> delayed_;
    /// Inodes being hashed, and the other names of them that wait for the same hash.
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<std::string>> being_hashed_;
    std::uint32_t next_index_ = 1;
    std::uint64_t found_ = 0, files_waiting_ = 0, bytes_waiting_ = 0, hashed_ = 0;
    bool watching_ = true;

    std::deque<std::variant<Removal, Addition>> changes_;
    bool worth_telling_ = false;
    Clock::time_point next_sweep_, next_hand_over_, next_notice_;
    Clock::time_point next_expiry_{};

    // Last, so that their threads end before what they report to.
    std::unique_ptr<HashPool> pool_;
    std::unique_ptr<Watcher> watcher_;
    std::thread thread_;
};

}  // namespace praline::library
