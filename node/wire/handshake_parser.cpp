#include <algorithm>
#include <utility>

#include "node/base/check.hpp"
#include "node/base/text.hpp"
#include "node/wire/handshake.hpp"
#include "node/wire/head_text.hpp"
#include "node/wire/header_block_visitor.hpp"

namespace praline::wire {
namespace {

void append_line(std::string_view text, std::string& out) {
    for (char const c : text) out.push_back(is_head_control(c) ? ' ' : c);
    out += "\r\n";
}

}  // namespace

std::optional<std::string> HeaderBlock::get(std::string_view name) const {
    std::optional<std::string> joined;
    for (auto const& header : headers) {
        if (!equals_ignoring_case(header.name, name)) continue;
        if (joined)
            *joined += ", ";
        else
            joined.emplace();
        *joined += header.value;
    }
    return joined;
}

bool HeaderBlock::has(std::string_view name) const {
    return std::any_of(headers.begin(), headers.end(),
                       [name](HeaderLine const& header) { return equals_ignoring_case(header.name, name); });
}

std::string HeaderBlock::text() const {
    check(headers.size() <= header_lines_sent_max);
    std::string result;
    append_line(start_line, result);
    for (auto const& header : headers) append_line(header.name + ": " + header.value, result);
    result += "\r\n";
    return result;
}

Result<std::size_t> HeaderBlockParser::feed(ByteView in) {
    std::size_t taken = 0;
    if (error_) return *error_;
    while (!done_ && taken < in.size()) {
        error_ = take_byte(std::to_integer<char>(in[taken]));
        if (error_) return *error_;
        ++taken;
    }
    return taken;
}

std::optional<WireError> HeaderBlockParser::take_byte(char c) {
    if (++consumed_ > header_block_bytes_max) return WireError::limit_exceeded;
    if (c == '\n') return end_line();
    // A carriage return may stand before the line feed and nowhere else.
    if (!line_.empty() && line_.back() == '\r') return WireError::bad_value;
    if (c != '\r') {
        if (line_.size() == header_line_bytes_max) return WireError::limit_exceeded;
        if (is_head_control(c)) return WireError::bad_value;
    }
    line_.push_back(c);
    return std::nullopt;
}

std::optional<WireError> HeaderBlockParser::end_line() {
    auto line = std::string_view{line_};
    if (line.ends_with('\r')) line.remove_suffix(1);
    HeaderBlockVisitor visitor{block_};
    auto const ended = lines_.take(line, visitor);
    line_.clear();
    if (!ended) return ended.error();
    done_ = *ended;
    return std::nullopt;
}

HeaderBlock HeaderBlockParser::take() {
    auto block = std::move(block_);
    *this = HeaderBlockParser{};
    return block;
}

}  // namespace praline::wire
