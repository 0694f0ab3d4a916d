#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "transfer/library/file_store.hpp"
#include "transfer/library/hash_pool.hpp"
#include "transfer/library/left_out.hpp"
#include "transfer/library/shared_file_index.hpp"

namespace praline::library {

/// A shared folder as the indexer sees it.
struct SharedRoot {
    StoredFolder folder;
    CancelFlag cancelled = std::make_shared<std::atomic<bool>>(false);
    std::size_t tasks = 0;  ///< folders in it still to be listed
    bool settled = false;   ///< what vanished while the node was not running has been noted
    std::string mounts;     ///< see mounts_below
};

/// The shared folders, with what their owner should know of each: its problem, and what is left out. Reports are made for
/// those that have changed since the last ones.   @threads one at a time: pure.
class SharedRoots {
public:
    using Map = std::map<FolderId, SharedRoot>;

    void add(FolderId id, StoredFolder folder, std::string mounts);
    /// @pre contains(id)
    void erase(FolderId id);
    [[nodiscard]] bool contains(FolderId id) const { return roots_.contains(id); }
    [[nodiscard]] SharedRoot& at(FolderId id) { return roots_.at(id); }
    [[nodiscard]] Map& all() { return roots_; }

    void set_problem(FolderId id, std::string problem);
    [[nodiscard]] std::string const& problem(FolderId id) const { return notes_.at(id).problem; }
    [[nodiscard]] LeftOut& left_out(FolderId id) { return notes_.at(id).left_out; }
    /// Files that cannot be read or keep changing.
    [[nodiscard]] std::uint64_t files_failed() const;

    [[nodiscard]] bool has_reports() const;
    [[nodiscard]] std::vector<FolderReport> reports();

private:
    struct Notes {
        std::string problem;
        LeftOut left_out;
        bool problem_changed = false;
        std::uint64_t reported_version = 0;  ///< of what is left out
        [[nodiscard]] bool has_news() const { return problem_changed || left_out.version() != reported_version; }
    };
    Map roots_;
    std::map<FolderId, Notes> notes_;  ///< one for each root
};

}  // namespace praline::library
