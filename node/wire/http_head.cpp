#include "node/wire/http_head.hpp"

#include "node/wire/header_block_visitor.hpp"

namespace praline::wire {

Result<HeaderBlock> parse_http_head(std::string_view head, HeadLimits const& limits) {
    HeaderBlock block;
    HeaderBlockVisitor visitor{block};
    HeadRules const rules{limits.bytes_max, limits.lines_max - 1, limits.bytes_max, true};
    if (auto const error = read_head(head, rules, visitor)) return *error;
    block.start_line = std::string{trim(block.start_line)};
    return block;
}

}  // namespace praline::wire
