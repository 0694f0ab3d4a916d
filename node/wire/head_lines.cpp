#include "node/wire/head_lines.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "node/wire/head_text.hpp"

namespace praline::wire {
namespace {

bool is_field_name_character(char c) { return c > ' ' && c < 0x7F && c != ':'; }

bool has_strict_name(std::string_view line) {
    auto const colon = line.find(':');
    auto const name = line.substr(0, colon);
    return colon != std::string_view::npos && !name.empty() &&
           std::all_of(name.begin(), name.end(), is_field_name_character);
}

}  // namespace

Result<bool> HeadLines::take(std::string_view line, HeadVisitor& visitor) {
    if (rules_.strict && std::any_of(line.begin(), line.end(), is_head_control)) return WireError::bad_value;
    bool const first = lines_ == 0;
    bool const continues = !first && (line.starts_with(' ') || line.starts_with('\t'));
    if (line.empty() && !first) {
        if (auto const error = flush(visitor)) return *error;
        return true;
    }
    if (rules_.strict || !continues) {
        if (lines_ >= rules_.lines_max) return WireError::limit_exceeded;
        ++lines_;
    }
    if (line.size() > rules_.field_bytes_max) return WireError::limit_exceeded;
    auto const error = first ? visitor.start_line(line) : continues ? continue_field(line) : take_field(line, visitor);
    if (error) return *error;
    return false;
}

std::optional<WireError> HeadLines::take_field(std::string_view line, HeadVisitor& visitor) {
    if (auto const error = flush(visitor)) return error;
    if (rules_.strict && !has_strict_name(line)) return WireError::bad_value;
    auto const colon = line.find(':');
    bool const is_field = colon != std::string_view::npos && !trim(line.substr(0, colon)).empty();
    if (is_field) field_ = trim(line);
    return std::nullopt;
}

std::optional<WireError> HeadLines::continue_field(std::string_view line) {
    if (field_.empty()) return rules_.strict ? std::optional{WireError::bad_value} : std::nullopt;
    if (auto const more = trim(line); !more.empty()) (field_ += ' ') += more;
    return field_.size() > rules_.field_bytes_max ? std::optional{WireError::limit_exceeded} : std::nullopt;
}

std::optional<WireError> HeadLines::flush(HeadVisitor& visitor) {
    auto const field = std::string_view{field_};
    auto const colon = field.find(':');
    std::optional<WireError> error;
    if (!field.empty()) error = visitor.field(trim(field.substr(0, colon)), trim(field.substr(colon + 1)));
    field_.clear();
    return error;
}

std::optional<WireError> read_head(std::string_view head, HeadRules const& rules, HeadVisitor& visitor) {
    if (head.size() > rules.bytes_max) return WireError::limit_exceeded;
    HeadLines lines{rules};
    while (!head.empty()) {
        if (rules.strict && head.find('\n') == std::string_view::npos) return WireError::truncated;
        auto const ended = lines.take(take_line(head), visitor);
        if (!ended) return ended.error();
        if (*ended) return std::nullopt;
    }
    return rules.strict ? std::optional{WireError::truncated} : lines.flush(visitor);
}

}  // namespace praline::wire
