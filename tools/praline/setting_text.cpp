// A setting's value as one text, and back.
#include <algorithm>
#include <filesystem>

#include <boost/json.hpp>

#include "node/base/host_port.hpp"
#include "node/base/text.hpp"
#include "tools/praline/config.hpp"
#include "tools/praline/paths.hpp"

namespace praline {
namespace json = boost::json;
namespace {

/// Paths on this machine need not be UTF-8, and have to come back as they were.
json::parse_options any_bytes() {
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    return options;
}

ReadValue from_json(SettingRow const& row, std::string const& text) {
    boost::system::error_code error;
    auto const parsed = json::parse(text, error, {}, any_bytes());
    std::string const sentence = row.name + " must be a JSON list of texts, such as [\"…\", \"…\"].";
    if (error || !parsed.is_array()) return {{}, sentence};
    SettingValue items;
    for (auto const& item : parsed.as_array()) {
        if (!item.is_string()) return {{}, sentence};
        items.emplace_back(item.as_string());
    }
    return {std::move(items), {}};
}

SettingValue lines_of(std::string_view text) {
    SettingValue items;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!trim(line).empty()) items.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return items;
}

bool is_folder(std::string const& path) {
    auto const expanded = expand_home(path);
    std::error_code error;
    return expanded.problem.empty() && std::filesystem::is_directory(expanded.path, error);
}

/// A comma in a path belongs to it. Only where there is no such folder, and each piece is the whole path of one, were
/// several meant: so the page wrote them once.
SettingValue folders_of(std::string const& text) {
    auto const pieces = split(text, ',');
    bool const several = std::all_of(pieces.begin(), pieces.end(), [](std::string_view piece) {
        return (piece.starts_with('/') || piece.starts_with('~')) && is_folder(std::string{piece});
    });
    if (!several) return {text};
    return {pieces.begin(), pieces.end()};
}

/// An address on the web may hold commas; the next one begins with its scheme.
SettingValue web_addresses_of(std::string_view text) {
    SettingValue items;
    for (std::size_t begin = 0; begin < text.size();) {
        auto end = text.find(',', begin);
        while (end != std::string_view::npos && !trim(text.substr(end + 1)).starts_with("http"))
            end = text.find(',', end + 1);
        auto const item = trim(text.substr(begin, end == std::string_view::npos ? end : end - begin));
        if (!item.empty()) items.emplace_back(item);
        begin = end == std::string_view::npos ? text.size() : end + 1;
    }
    return items;
}

}  // namespace

ReadValue value_from_text(SettingRow const& row, std::string const& text) {
    if (!row.list) return {{text}, {}};
    auto const trimmed = trim(text);
    if (trimmed.empty()) return {};
    if (row.kind == ValueKind::path && is_folder(text)) return {{text}, {}};
    // "[::1]:6346, node.example.org:6346" begins with a bracket too, and is no JSON.
    bool const ipv6_first =
        HostPort::parse(trim(trimmed.substr(0, trimmed.find_first_of(",\n"))), {.usual_port = 1}).has_value();
    if (trimmed.starts_with('[') && !ipv6_first) return from_json(row, text);
    if (text.find('\n') != std::string::npos) return {lines_of(text), {}};
    if (row.kind == ValueKind::path) return {folders_of(text), {}};
    if (row.kind == ValueKind::web_address) return {web_addresses_of(text), {}};
    auto const pieces = split(text, ',');
    return {{pieces.begin(), pieces.end()}, {}};
}

std::string text_of_value(SettingRow const& row, SettingValue const& value) {
    if (!row.list) return value.empty() ? std::string{} : value.front();
    json::array items;
    for (auto const& item : value) items.emplace_back(item);
    return json::serialize(items);
}

}  // namespace praline
