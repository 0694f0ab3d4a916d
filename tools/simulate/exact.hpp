#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/simulate/world/graph.hpp"

namespace praline::simulate {

/// Totals over a flood from every node in turn, for one TTL.
struct ExactRow {
    unsigned ttl;
    std::uint64_t reach, messages;
};

/// A row for each TTL up to the diameter: that which reaches every node from every node. @return the same on any number of threads.
[[nodiscard]] std::vector<ExactRow> exact_floods(world::Graph const& graph, unsigned threads);

/// One line of a table of known results: `name,nodes,ttl,mean_reach,mean_messages,mean_duplicates`, the means with two
/// decimals.
struct KnownRow {
    std::string name;
    std::uint64_t nodes;
    unsigned ttl;
    std::string reach, messages, duplicates;
};

/// The first line is a heading. @throws BadInput naming the line.
[[nodiscard]] std::vector<KnownRow> parse_known_floods(std::string const& text);

enum class Verdict { unknown, equal, differs };

struct ExactLine {
    std::string
        text;  ///< name,nodes,ttl,mean_reach,mean_messages,mean_duplicates and, if anything is known, the verdict
    Verdict verdict = Verdict::unknown;
};

/// Rows as text beside what is known of `name`. A known TTL that we have no row for is a line that differs.
[[nodiscard]] std::vector<ExactLine> exact_lines(std::string const& name, world::Node nodes,
                                                 std::vector<ExactRow> const& rows, std::vector<KnownRow> const& known);

/// total / count, rounded to two decimals, half away from zero.
[[nodiscard]] std::string two_decimals(std::uint64_t total, std::uint64_t count);

}  // namespace praline::simulate
