#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "node/base/result.hpp"

/// The one reader of heads (a start line, fields, a blank line): requests and replies of HTTP and Gnutella's handshake have
/// that form.   @threads any, one at a time: pure.   @source RFC 9112, sections 2 and 5; node/wire/protocol/connection.md
namespace praline::wire {

/// What is made of a head. An error ends the reading, and is what the reader gives back.
class HeadVisitor {
public:
    /// As it came, without its line end; it may be empty.
    [[nodiscard]] virtual std::optional<WireError> start_line(std::string_view line) = 0;
    /// A field with the lines that continue it (obs-fold) joined by one blank each; name and value are trimmed.
    [[nodiscard]] virtual std::optional<WireError> field(std::string_view name, std::string_view value) = 0;

protected:
    HeadVisitor() = default;
    HeadVisitor(HeadVisitor const&) = default;
    HeadVisitor& operator=(HeadVisitor const&) = default;
    ~HeadVisitor() = default;
};

struct HeadRules {
    std::size_t bytes_max = 0;  ///< with the blank line
    std::size_t lines_max = 0;  ///< start line and fields, if strict continuation lines too; without the blank line
    std::size_t field_bytes_max = 0;  ///< of one field with what continues it, and of the start line
    /// Strict: what two readers could understand in two ways is refused (bad_value): control characters, a line that is no
    /// field, a blank before a colon, a continuation of nothing; and the blank line must be there (truncated).
    /// Otherwise such lines are left out.
    bool strict = true;
};

/// Takes a head line by line.
class HeadLines {
public:
    explicit HeadLines(HeadRules const& rules) : rules_{rules} {}
    /// @param line  without its line end. @returns true when it was the blank line: the head is complete.
    /// @errors limit_exceeded: too many lines, or too long a one; bad_value: see `HeadRules`; what the visitor says.
    [[nodiscard]] Result<bool> take(std::string_view line, HeadVisitor& visitor);
    /// Hands over a field that might have gone on: the head ends without its blank line.
    [[nodiscard]] std::optional<WireError> flush(HeadVisitor& visitor);

private:
    [[nodiscard]] std::optional<WireError> take_field(std::string_view line, HeadVisitor& visitor);
    [[nodiscard]] std::optional<WireError> continue_field(std::string_view line);

    HeadRules rules_;
    std::string field_;  ///< the field that the next line may continue; empty: there is none
    std::size_t lines_ = 0;
};

/// Reads a whole head up to its blank line; what follows it is left alone. @errors those of `HeadLines`; limit_exceeded:
/// more than `bytes_max`; truncated: no blank line, if strict.
[[nodiscard]] std::optional<WireError> read_head(std::string_view head, HeadRules const& rules, HeadVisitor& visitor);

}  // namespace praline::wire
