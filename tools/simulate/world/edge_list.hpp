#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/simulate/world/graph.hpp"

namespace praline::simulate::world {

/// Collects the links of an edge list as it is read, in pieces of any size: the pieces never change the answer.
/// A line is `from to`, divided by blanks, tabs, commas or semicolons; more columns are ignored. Lines end with LF, CR or
/// both. `#`, `%` and `//` start a comment; a byte order mark, the names of columns in the first line and the line of
/// sizes of a Matrix Market file are skipped. Node numbers may be any below 2^64; nodes are renumbered in their order.
/// @source SNAP; KONECT; Matrix Market; RFC 4180.
class EdgeListParser {
public:
    /// @throws BadInput naming the line's number.
    void feed(std::string_view bytes);
    /// The whole graph, not only its largest component. Call it once. @throws BadInput.
    [[nodiscard]] Graph finish();

private:
    using WideLink = std::pair<std::uint64_t, std::uint64_t>;
    /// What the next line may be besides a link.
    enum class Awaited { head, sizes, links };

    void end_line();
    void take(std::string_view text);
    void add(std::uint64_t from, std::uint64_t to);

    std::string line_;
    bool after_return_ = false;  // a line feed now ends no other line
    bool is_cut_ = false;        // a comment whose rest is left out
    std::size_t lines_ = 0;
    Awaited awaited_ = Awaited::head;
    std::vector<Link> links_;
    std::vector<WideLink> wide_;  // instead of `links_`, once a number does not fit 32 bits
};

/// Reads a file, gzipped or plain. @throws BadInput.
[[nodiscard]] Graph read_edge_list(std::string const& path);

}  // namespace praline::simulate::world
