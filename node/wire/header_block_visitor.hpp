#pragma once

#include "node/base/text.hpp"
#include "node/wire/handshake.hpp"
#include "node/wire/head_lines.hpp"

namespace praline::wire {

/// Keeps all of a head as a block. @errors bad_value: an empty start line.   @threads one: the block's.
class HeaderBlockVisitor final : public HeadVisitor {
public:
    explicit HeaderBlockVisitor(HeaderBlock& block) : block_{block} {}
    [[nodiscard]] std::optional<WireError> start_line(std::string_view line) override {
        if (trim(line).empty()) return WireError::bad_value;
        block_.start_line = line;
        return std::nullopt;
    }
    [[nodiscard]] std::optional<WireError> field(std::string_view name, std::string_view value) override {
        block_.add(name, value);
        return std::nullopt;
    }

private:
    HeaderBlock& block_;
};

}  // namespace praline::wire
