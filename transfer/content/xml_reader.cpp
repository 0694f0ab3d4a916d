#include "transfer/content/xml_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(char c) { return blanks.find(c) != std::string_view::npos; }

std::string without_prefix(std::string_view name) { return std::string{name.substr(name.rfind(':') + 1)}; }

void append_utf8(std::string& text, std::uint32_t code) {
    auto const add = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<std::uint8_t>(byte)); };
    if (code < 0x80) return add(code);
    if (code < 0x800) return add(0xC0U | code >> 6U), add(0x80U | (code & 0x3FU));
    if (code < 0x10000) return add(0xE0U | code >> 12U), add(0x80U | (code >> 6U & 0x3FU)), add(0x80U | (code & 0x3FU));
    add(0xF0U | code >> 18U), add(0x80U | (code >> 12U & 0x3FU)), add(0x80U | (code >> 6U & 0x3FU));
    add(0x80U | (code & 0x3FU));
}

/// "#38", "#x26". Empty: no character of XML.
std::optional<std::uint32_t> character(std::string_view reference) {
    reference.remove_prefix(1);
    int const base = reference.starts_with('x') ? 16 : 10;
    if (base == 16) reference.remove_prefix(1);
    std::uint32_t code = 0;
    auto const [end, error] = std::from_chars(reference.data(), reference.data() + reference.size(), code, base);
    if (error != std::errc{} || end != reference.data() + reference.size()) return std::nullopt;
    bool const is_control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
    bool const is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (is_control || is_surrogate || code == 0xFFFE || code == 0xFFFF || code > 0x10FFFF) return std::nullopt;
    return code;
}

/// The text that `raw` stands for.
Result<std::string> decoded(std::string_view raw) {
    constexpr std::pair<std::string_view, char> known[] = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    std::string text;
    for (std::size_t at = 0; at < raw.size(); ++at) {
        if (raw[at] != '&') {
            text += raw[at];
            continue;
        }
        auto const end = raw.find(';', at);
        if (end == std::string_view::npos) return WireError::bad_value;
        auto const name = raw.substr(at + 1, end - at - 1);
        at = end;
        if (name.starts_with('#')) {
            auto const code = character(name);
            if (!code) return WireError::bad_value;
            append_utf8(text, *code);
            continue;
        }
        auto const* const entity =
            std::find_if(std::begin(known), std::end(known), [&](auto const& one) { return one.first == name; });
        if (entity == std::end(known)) return WireError::unknown_type;
        text += entity->second;
    }
    if (!is_valid_utf8(text)) return WireError::bad_value;
    return text;
}

/// The declaration of a document in another encoding.
bool is_foreign(std::string_view declaration) {
    auto const at = declaration.find("encoding");
    if (!declaration.starts_with("xml") || at == std::string_view::npos) return false;
    auto value = declaration.substr(at);
    value = value.substr(std::min(value.find_first_of("\"'"), value.size()));
    if (value.empty()) return true;
    value = value.substr(1, value.find(value.front(), 1) - 1);
    return !equals_ignoring_case(value, "utf-8") && !equals_ignoring_case(value, "us-ascii");
}

}  // namespace

std::string XmlReader::Open::attribute(std::string_view wanted) const {
    for (auto const& [key, value] : attributes)
        if (key == wanted) return value;
    return {};
}

XmlReader::XmlReader(std::string_view document) : rest_{document} {
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

bool XmlReader::take(std::string_view what) {
    if (!rest_.starts_with(what)) return false;
    rest_.remove_prefix(what.size());
    return true;
}

Result<std::string_view> XmlReader::take_until(std::string_view end) {
    auto const at = rest_.find(end);
    if (at == std::string_view::npos) return WireError::truncated;
    auto const taken = rest_.substr(0, at);
    rest_.remove_prefix(at + end.size());
    return taken;
}

void XmlReader::skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size())); }

Result<std::string> XmlReader::take_name() {
    auto const end = rest_.find_first_of(" \t\r\n/>=<\"'&");
    if (end == std::string_view::npos) return WireError::truncated;
    if (end == 0) return WireError::bad_value;
    if (end > xml_name_bytes_max) return WireError::limit_exceeded;
    std::string name{rest_.substr(0, end)};
    rest_.remove_prefix(end);
    if (!is_valid_utf8(name) || name.ends_with(':')) return WireError::bad_value;
    return name;
}

/// @return there was something
Result<bool> XmlReader::skip_unread() {
    if (take("<!--")) {
        auto const comment = take_until("-->");
        if (!comment) return comment.error();
        return true;
    }
    if (take("<?")) {
        auto const instruction = take_until("?>");
        if (!instruction) return instruction.error();
        if (is_foreign(*instruction)) return WireError::unknown_type;
        return true;
    }
    if (rest_.starts_with("<!") && !rest_.starts_with("<![CDATA[")) return WireError::unknown_type;
    return false;
}

Result<XmlReader::Event> XmlReader::next() {
    if (!close_next_.empty()) return Event{Closed{std::exchange(close_next_, {})}};
    for (;;) {
        if (open_.empty()) skip_blanks();
        if (open_.empty() && has_begun_ && rest_.empty()) return Event{Ended{}};
        if (rest_.empty()) return WireError::truncated;
        auto const skipped = skip_unread();
        if (!skipped) return skipped.error();
        if (*skipped) continue;
        if (rest_.starts_with("</")) return read_close();
        if (rest_.starts_with('<') && !rest_.starts_with("<![CDATA[")) return read_open();
        if (open_.empty()) return WireError::bad_value;
        auto text = read_text();
        bool const is_read = text && !std::get<Text>(*text).text.empty();
        if (!text || is_read) return text;
    }
}

Result<XmlReader::Event> XmlReader::read_text() {
    Text found;
    if (take("<![CDATA[")) {
        auto const raw = take_until("]]>");
        if (!raw) return raw.error();
        if (!is_valid_utf8(*raw)) return WireError::bad_value;
        found.text = *raw;
    } else {
        auto const end = std::min(rest_.find('<'), rest_.size());
        auto const text = decoded(rest_.substr(0, end));
        if (!text) return text.error();
        rest_.remove_prefix(end);
        found.text = *text;
    }
    if (std::all_of(found.text.begin(), found.text.end(), is_blank)) found.text.clear();
    return Event{std::move(found)};
}

Result<std::pair<std::string, std::string>> XmlReader::read_attribute() {
    auto const name = take_name();
    if (!name) return name.error();
    skip_blanks();
    if (!take("=")) return WireError::bad_value;
    skip_blanks();
    if (rest_.empty()) return WireError::truncated;
    auto const mark = rest_.substr(0, 1);
    if (mark != "\"" && mark != "'") return WireError::bad_value;
    rest_.remove_prefix(1);
    auto const raw = take_until(mark);
    if (!raw) return raw.error();
    if (raw->find('<') != std::string_view::npos) return WireError::bad_value;
    auto const value = decoded(*raw);
    if (!value) return value.error();
    return std::pair{without_prefix(*name), *value};
}

Result<XmlReader::Event> XmlReader::read_open() {
    if (open_.empty() && has_begun_) return WireError::bad_value;
    if (open_.size() >= xml_depth_max) return WireError::limit_exceeded;
    rest_.remove_prefix(1);
    auto const name = take_name();
    if (!name) return name.error();
    has_begun_ = true;
    Open open{without_prefix(*name), {}};
    for (;;) {
        skip_blanks();
        if (take("/>")) {
            close_next_ = open.name;
            return Event{std::move(open)};
        }
        if (take(">")) {
            open_.push_back(*name);
            return Event{std::move(open)};
        }
        if (open.attributes.size() >= xml_attributes_max) return WireError::limit_exceeded;
        auto attribute = read_attribute();
        if (!attribute) return attribute.error();
        open.attributes.push_back(std::move(*attribute));
    }
}

Result<XmlReader::Event> XmlReader::read_close() {
    rest_.remove_prefix(2);
    auto const name = take_name();
    if (!name) return name.error();
    skip_blanks();
    if (!take(">") || open_.empty() || open_.back() != *name) return WireError::bad_value;
    open_.pop_back();
    return Event{Closed{without_prefix(*name)}};
}

}  // namespace praline::content
