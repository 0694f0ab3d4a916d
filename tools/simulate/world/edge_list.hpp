#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tools/simulate/world/graph.hpp"

namespace praline::simulate::world {

/// What the two first columns of an edge list are.
enum class NodeIds : std::uint8_t { numbers, names };

/// Collects the links of an edge list as it is read, in pieces of any size: the pieces never change the answer.
/// A line is `from to`, divided by blanks, tabs, commas or semicolons; more columns are ignored. Lines end with LF, CR or
/// both. `#`, `%` and `//` start a comment; a byte order mark, the names of columns in the first line and the line of
/// sizes of a Matrix Market file are skipped. Node numbers may be any below 2^64; nodes are renumbered in their order.
/// Names are words in any letters, in the order of their bytes; a first line is skipped when it is one of the usual pairs
/// of names of columns (from to, source target, src dst).
/// @source SNAP; KONECT; Matrix Market; RFC 4180.
class EdgeListParser {
public:
    explicit EdgeListParser(NodeIds ids = NodeIds::numbers) : ids_{ids} {}
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
    void take_names(std::string_view text);
    void add(std::uint64_t from, std::uint64_t to);

    NodeIds ids_;
    std::unordered_map<std::string, Node> names_;  // in the order in which they came
    std::string line_;
    bool after_return_ = false;  // a line feed now ends no other line
    bool is_cut_ = false;        // a comment whose rest is left out
    std::size_t lines_ = 0;
    Awaited awaited_ = Awaited::head;
    std::vector<Link> links_;
    std::vector<WideLink> wide_;  // instead of `links_`, once a number does not fit 32 bits
};

/// Reads a file: plain, gzipped, or compressed with zstd where that was there at build time. One that begins as XML is read
/// as GraphML, whatever its nodes are called. @throws BadInput.
[[nodiscard]] Graph read_edge_list(std::string const& path, NodeIds ids = NodeIds::numbers);

}  // namespace praline::simulate::world
