#include "node/wire/head_text.hpp"

namespace praline::wire {

std::optional<std::size_t> head_length(ByteView bytes) {
    auto const text = as_text(bytes);
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        auto const after = text.substr(at + 1, 2);
        if (after.starts_with('\n')) return at + 2;
        if (after == "\r\n") return at + 3;
    }
    return std::nullopt;
}

std::string_view take_line(std::string_view& text) {
    auto const end = text.find('\n');
    auto line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::size_t blank_lines_length(ByteView bytes) {
    auto const text = as_text(bytes);
    std::size_t length = 0;
    while (text.substr(length).starts_with("\r\n")) length += 2;
    return length;
}

}  // namespace praline::wire
