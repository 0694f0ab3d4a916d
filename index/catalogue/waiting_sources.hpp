#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <set>
#include <vector>

#include "index/catalogue/source_table.hpp"

namespace praline::index::catalogue {

/// Sources of files that were there before them wait here, in memory, for many others before they go into their table in
/// its order: one by one each would dirty a page of its own. They are safe meanwhile in a log (SourceLedger). @threads any.
class WaitingSources {
public:
    /// What a reader must add to what its snapshot shows: begun before the snapshot, ended after it.
    class View {
    public:
        explicit View(WaitingSources& sources);
        ~View();
        View(View const&) = delete;
        View& operator=(View const&) = delete;
        /// Those of a file. Some may be in the snapshot too.
        [[nodiscard]] std::vector<Source> of(FileId file) const;

    private:
        WaitingSources& sources_;
        std::uint64_t epoch_;
    };

    // The one writer's, who alone changes what waits, and so may look without a lock.
    [[nodiscard]] std::set<Source> const& waiting() const { return waiting_; }
    /// What a transaction did, after its commit: these are in the table now, those not wanted any more, and others wait.
    /// @param settled  in order
    void committed(std::vector<Source> const& settled, std::set<Source> const& removed, std::set<Source> added);
    /// Settled ones that are kept for readers whose snapshots are older.
    [[nodiscard]] std::size_t leaving() const;

private:
    struct Leaving {
        std::uint64_t epoch = 0;  ///< of the commit that settled them
        std::set<Source> sources;
    };
    void let_go();

    mutable std::mutex mutex_;
    std::set<Source> waiting_;
    std::deque<Leaving> leaving_;  ///< in order of epoch
    std::uint64_t epoch_ = 0;      ///< commits so far
    std::multiset<std::uint64_t> readers_;
};

}  // namespace praline::index::catalogue
