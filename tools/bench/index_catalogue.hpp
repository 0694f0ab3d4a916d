#pragma once

#include <cstdint>
#include <vector>

namespace praline::bench {

struct IndexOptions {
    std::vector<std::uint64_t> entries{1'000'000};  ///< a catalogue of each size
    std::uint32_t together = 16;                    ///< changes of different publishers in one transaction
    std::uint32_t queries = 300;                    ///< of each sort
    bool json = false;
};

/// Catalogues of index servers, filled as publishers would: publish rate, latency of queries, disk and memory of an entry.
/// Baseline in the same run: the same rows in the same transactions, and the same queries, in an FTS5 table of the program
/// `sqlite3` (Debian package of that name); left out, and said so, where it is not installed. That table is what the goal is
/// measured against. It finds a URN or a publisher's rows only by reading all; so a second one is filled beside it, for
/// comparison only, that has an index for each, in the usual form and not tuned.
/// @return 0. Throws std::runtime_error with a sentence.
int measure_index(IndexOptions const& options);

}  // namespace praline::bench
