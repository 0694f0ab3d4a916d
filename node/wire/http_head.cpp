#include "node/wire/http_head.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "node/wire/head_text.hpp"

namespace praline::wire {
namespace {

bool is_fold(char c) { return c == ' ' || c == '\t'; }

bool is_head_control(char c) {
    auto const code = static_cast<unsigned char>(c);
    return (code < 0x20 && c != '\t') || code == 0x7F;
}

bool is_header_name_character(char c) { return c > ' ' && c < 0x7F && c != ':'; }

bool add_header(std::string_view line, HeaderBlock& block) {
    if (is_fold(line.front())) {
        if (block.headers.empty()) return false;
        auto const more = trim(line);
        auto& value = block.headers.back().value;
        if (!value.empty() && !more.empty()) value += ' ';
        value += more;
        return true;
    }
    auto const colon = line.find(':');
    auto const name = line.substr(0, colon);
    if (colon == std::string_view::npos || name.empty() ||
        !std::all_of(name.begin(), name.end(), is_header_name_character))
        return false;
    block.add(name, trim(line.substr(colon + 1)));
    return true;
}

}  // namespace

Result<HeaderBlock> parse_http_head(std::string_view head, HeadLimits const& limits) {
    if (head.size() > limits.bytes_max) return WireError::limit_exceeded;
    HeaderBlock block;
    for (std::size_t lines = 0; !head.empty(); ++lines) {
        if (lines >= limits.lines_max) return WireError::limit_exceeded;
        if (head.find('\n') == std::string_view::npos) return WireError::truncated;
        auto const line = take_line(head);
        if (std::any_of(line.begin(), line.end(), is_head_control)) return WireError::bad_value;
        if (lines == 0) {
            block.start_line = trim(line);
            if (block.start_line.empty()) return WireError::bad_value;
        } else if (line.empty()) {
            return block;
        } else if (!add_header(line, block)) {
            return WireError::bad_value;
        }
    }
    return WireError::truncated;
}

}  // namespace praline::wire
