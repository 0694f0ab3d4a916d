#pragma once

#include <cstdint>
#include <optional>
#include <string>
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

    struct Load { double cpu_seconds = 0, wall_seconds = 0; std::uint64_t disk_octets = 0; };
    [[nodiscard]] Load load();
    /// Milliseconds of processor time of each; `best`: the best 100 by FTS5's own rank, else any 100.
    [[nodiscard]] std::vector<double> ask(std::vector<std::string> const& queries, bool best) const;

private:
    std::string folder_, database_;
    std::vector<std::string> changes_;   // files of rows
    std::vector<std::size_t> ends_;      // of transactions
};

}  // namespace praline::bench
