#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "index/catalogue/file_record.hpp"
#include "node/store/database.hpp"

namespace praline::index {

/// Files by SHA-1 that are not in the table yet. They wait here, in memory, for many others before they go there in its
/// order: one by one each would dirty a page of its own, which costs more than all the rest of publishing it. On disk they
/// are found again by their numbers. @threads any.
class RecentFiles {
public:
    RecentFiles();
    [[nodiscard]] std::optional<FileId> find(Sha1 const& sha1) const;

private:
    friend class Sha1Index;
    /// With a key of this run, as whoever publishes chooses the SHA-1. Not noexcept: so the map keeps what it returned
    /// with each file, and does not work it out again for those it passes by.
    struct Hash {
        std::uint64_t key;
        [[nodiscard]] std::size_t operator()(Sha1 const& sha1) const;
    };
    using Files = std::unordered_map<Sha1, FileId, Hash>;
    mutable std::mutex mutex_;
    Files filling_, settling_;   ///< one half grows while the other goes into the table
};

/// The writer's way from a SHA-1 to its file. What goes into the table is taken out of `RecentFiles` after the commit only,
/// so a reader who looks there first and begins its snapshot then misses nothing. It may meet a file there that is not
/// committed, and so not in its snapshot yet. Members throw store::DatabaseError.
class Sha1Index {
public:
    /// @param files_max  see CatalogueLimits::recent_files_max
    Sha1Index(store::Database& database, RecentFiles& recent, std::size_t files_max);
    [[nodiscard]] std::optional<FileId> find(Sha1 const& sha1);
    void add(Sha1 const& sha1, FileId file);
    void remove(Sha1 const& sha1);
    /// Puts some of those that wait into the table, so many that none waits for ever. Once a transaction, at its end.
    void settle_some();
    /// What became of the transaction.
    void committed();
    void undone();

private:
    void begin_to_settle();
    void end_transaction();
    store::Database& database_;
    RecentFiles& recent_;
    std::size_t files_max_;
    store::Statement select_, replace_, delete_, save_settled_;
    std::vector<std::pair<Sha1, std::optional<FileId>>> added_;   ///< by this transaction, and what was there before
    std::set<Sha1> removed_;           ///< by this transaction
    std::size_t settled_ = 0;          ///< of `order_`, by this transaction
    std::vector<Sha1> order_;          ///< of what settles
    std::size_t next_ = 0;             ///< of `order_`
    FileId settling_through_{};        ///< no file that settles has a higher number
};

}  // namespace praline::index
