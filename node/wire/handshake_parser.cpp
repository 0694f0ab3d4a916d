#include <algorithm>
#include <utility>

#include "node/base/check.hpp"
#include "node/base/text.hpp"
#include "node/wire/handshake.hpp"

namespace praline::wire {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_control(char c) {
    auto const code = static_cast<unsigned char>(c);
    return (code < 0x20 && c != '\t') || code == 0x7F;
}

bool is_name_character(char c) { return c > ' ' && c < 0x7F && c != ':'; }

void append_line(std::string_view text, std::string& out) {
    for (char const c : text) out.push_back(is_control(c) ? ' ' : c);
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
        if (is_control(c)) return WireError::bad_value;
    }
    line_.push_back(c);
    return std::nullopt;
}

std::optional<WireError> HeaderBlockParser::end_line() {
    std::string const line = std::exchange(line_, {});
    std::string_view text = line;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (lines_ == 0) {
        if (trim(text).empty()) return WireError::bad_value;
        block_.start_line = text;
    } else if (text.empty()) {
        done_ = true;
        return std::nullopt;
    } else if (auto const error = take_header(text)) {
        return error;
    }
    return ++lines_ > header_lines_max ? std::optional{WireError::limit_exceeded} : std::nullopt;
}

std::optional<WireError> HeaderBlockParser::take_header(std::string_view line) {
    if (is_blank(line.front())) {
        if (block_.headers.empty()) return WireError::bad_value;
        auto const more = trim(line);
        auto& value = block_.headers.back().value;
        if (!value.empty() && !more.empty()) value += ' ';
        value += more;
        return std::nullopt;
    }
    auto const colon = line.find(':');
    auto const name = line.substr(0, colon);
    bool const good =
        colon != std::string_view::npos && !name.empty() && std::all_of(name.begin(), name.end(), is_name_character);
    if (!good) return WireError::bad_value;
    block_.add(name, trim(line.substr(colon + 1)));
    return std::nullopt;
}

HeaderBlock HeaderBlockParser::take() {
    auto block = std::move(block_);
    *this = HeaderBlockParser{};
    return block;
}

}  // namespace praline::wire
