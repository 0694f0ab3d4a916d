#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/wire/values.hpp"

namespace praline::bench {

/// The same rows and queries in an FTS5 table with SQLite's own settings, through its command line program: one row an
/// entry, the same transactions, a log of the same length, the same cache.
class BareIndex {
public:
    /// @param folder  gets the table and the rows on their way to it.
    explicit BareIndex(std::string folder);
    [[nodiscard]] static bool is_installed();
    void write(index::Publisher const& publisher, std::vector<index::Entry> const& change);
    /// What was written since the last time is one transaction.
    void end_transaction() { ends_.push_back(changes_.size()); }

    struct Load {
        double cpu_seconds = 0, wall_seconds = 0;
        std::uint64_t disk_bytes = 0;
    };
    /// Twice: the table alone, and one that also answers by URN and by publisher, as ours must: an ordinary table with an
    /// index for each, whose names a full text index follows by a trigger.
    struct Loads {
        Load alone, answering_all;
    };
    [[nodiscard]] Loads load();
    /// Milliseconds of processor time of each; `best`: the best 100 by FTS5's own rank, else any 100.
    [[nodiscard]] std::vector<double> ask(std::vector<std::string> const& queries, bool best) const;

private:
    [[nodiscard]] Load load(std::string const& database, std::string_view tables, std::string_view table) const;
    std::string folder_, database_;
    std::vector<std::string> changes_;  // files of rows
    std::vector<std::size_t> ends_;     // of transactions
};

}  // namespace praline::bench
