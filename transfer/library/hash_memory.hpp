#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "transfer/library/file_store.hpp"

namespace praline::library {

/// The hashes that are known: those in the database and those not written yet. What cannot be written stays in memory, as
/// far as `unsaved_bytes_max` goes, is tried again, and `problem` says so meanwhile. Throws nothing of the database.
/// @threads one at a time; blocks on the disk.
class HashMemory {
public:
    using Clock = std::chrono::steady_clock;

    explicit HashMemory(std::string const& database) : store_{database} {}

    /// What holds for this file (see is_same_file), under whichever path it was learned.
    [[nodiscard]] std::optional<Remembered> find(std::string const& path, FileStamp const& stamp);
    void learned(std::string const& path, FileStamp const& stamp, content::FileDigest digest);
    /// The same content under another path or another ctime: its tree is there already.
    void learned_again(std::string const& path, FileStamp const& stamp, Sha1 const& sha1, TigerHash const& root);
    void missing(std::string const& path);
    /// A folder with all that is in it, however much.
    void missing_in(std::string const& folder, std::int64_t now_s);
    /// What was remembered is not true.
    void forget(std::string const& path);

    /// Writes what waits, unless it failed a moment ago.
    void save(Clock::time_point now, std::int64_t now_s);
    [[nodiscard]] bool has_unsaved() const { return !changes_.empty() || !later_.empty() || !problem_.empty(); }
    /// When `save` will try again; has a meaning while there is something unsaved.
    [[nodiscard]] Clock::time_point next_save() const { return next_save_; }
    /// Empty, or a sentence: hashes cannot be remembered, and why.
    [[nodiscard]] std::string const& problem() const { return problem_; }

    /// Something else to be written; kept like the hashes until it succeeds.
    void later(std::function<void(FileStore&)> act) { later_.push_back(std::move(act)); }
    /// Something else with the tables, now; what goes wrong becomes the problem. @return whether it went well
    bool with_store(std::function<void(FileStore&)> const& act);

private:
    struct Change {
        std::optional<Remembered> hash;  ///< empty: only the state of the row changes
        std::shared_ptr<content::TreeLevel> tree;
        bool forget = false;
        bool missing = false;
    };
    using Inode = std::pair<std::uint64_t, std::int64_t>;
    Change& change(std::string const& path);
    void drop(std::map<std::string, Change>::iterator at);
    void write(std::string const& path, Change const& change, std::int64_t now_s);
    void note(store::DatabaseError const& error);
    void make_room();

    FileStore store_;
    std::map<std::string, Change> changes_;       ///< by path, the latest only
    std::multimap<Inode, std::string> by_inode_;  ///< paths of changes that hold a hash
    std::deque<std::function<void(FileStore&)>> later_;
    std::size_t unsaved_bytes_ = 0;
    std::uint64_t lost_ = 0;  ///< hashes that had no room
    Clock::time_point next_save_{};
    std::string problem_;
};

}  // namespace praline::library
