#pragma once

#include <string>
#include <string_view>

#include "tools/simulate/graph.hpp"

namespace praline::simulate {

/// Collects the links of an edge list line by line: `from<blank or tab>to`, more columns ignored, `#` starts a
/// comment. Node numbers may be any below 2^32; nodes are renumbered in the order of their numbers.
/// @source the format of SNAP (Stanford Large Network Dataset Collection).
class EdgeListParser {
public:
    /// @throws BadInput naming the line's number.
    void line(std::string_view text);
    /// The whole graph, not only its largest component.
    [[nodiscard]] Graph finish();

private:
    std::size_t lines_ = 0;
    std::vector<Link> links_;
};

/// Reads a file, gzipped or plain. @throws BadInput.
[[nodiscard]] Graph read_edge_list(std::string const& path);

}  // namespace praline::simulate
