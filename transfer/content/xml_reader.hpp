#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "node/base/result.hpp"

namespace praline::content {

/// Reads an XML document that a stranger may have written, an element at a time: names without their prefix, texts in UTF-8.
/// A document type is refused, so that no entity is defined and none grows; comments and instructions are left out.
/// @threads one at a time: pure.   @source XML 1.0, sections 2 and 4.6
class XmlReader {
public:
    struct Open {
        std::string name;
        std::vector<std::pair<std::string, std::string>> attributes;
        /// Empty: there is none of that name.
        [[nodiscard]] std::string attribute(std::string_view name) const;
    };
    struct Text {
        std::string text;  ///< not only blanks
    };
    struct Closed {
        std::string name;
    };
    struct Ended {};
    using Event = std::variant<Open, Text, Closed, Ended>;

    /// `document` outlives this.
    explicit XmlReader(std::string_view document);
    /// What comes next; `Ended` once the outermost element is closed. "<a/>" is opened and closed.
    /// @errors truncated; bad_value: not well formed, or not UTF-8; unknown_type: a document type, an entity of its own, or
    ///         an encoding other than UTF-8; limit_exceeded: see `xml_depth_max`, `xml_attributes_max`, `xml_name_bytes_max`
    [[nodiscard]] Result<Event> next();

private:
    [[nodiscard]] bool take(std::string_view what);
    [[nodiscard]] Result<std::string_view> take_until(std::string_view end);
    [[nodiscard]] Result<std::string> take_name();
    void skip_blanks();
    [[nodiscard]] Result<bool> skip_unread();
    [[nodiscard]] Result<Event> read_open();
    [[nodiscard]] Result<Event> read_close();
    [[nodiscard]] Result<Event> read_text();
    [[nodiscard]] Result<std::pair<std::string, std::string>> read_attribute();

    std::string_view rest_;
    std::vector<std::string> open_;  // with their prefixes; at most `xml_depth_max`
    std::string close_next_;         // of "<a/>"
    bool has_begun_ = false;
};

}  // namespace praline::content
