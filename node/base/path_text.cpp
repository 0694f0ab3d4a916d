#include "node/base/path_text.hpp"

#include "node/base/text.hpp"

namespace praline {
namespace {

constexpr std::string_view scheme = "file://";

/// Bytes of the character that `text` begins with; 0 when it begins with none.
std::size_t character_bytes(std::string_view text) {
    for (std::size_t bytes = 1; bytes <= 4 && bytes <= text.size(); ++bytes)
        if (is_valid_utf8(text.substr(0, bytes))) return bytes;
    return 0;
}

}  // namespace

std::string path_text(std::string_view path) {
    if (is_valid_utf8(path)) return std::string{path};
    std::string text{scheme};
    for (;;) {
        auto const slash = path.find('/');
        text += percent_encode(path.substr(0, slash));
        if (slash == std::string_view::npos) return text;
        text += '/';
        path.remove_prefix(slash + 1);
    }
}

std::string path_from_text(std::string_view text) {
    if (!text.starts_with(scheme) || !text.substr(scheme.size()).starts_with('/')) return std::string{text};
    auto path = percent_decode(text.substr(scheme.size()));
    return path ? std::move(*path) : std::string{text};
}

std::string readable_text(std::string_view text) {
    if (text.starts_with('/') || is_valid_utf8(text)) return path_text(text);
    std::string readable;
    while (!text.empty()) {
        auto const bytes = character_bytes(text);
        if (bytes > 0)
            readable += text.substr(0, bytes);
        else
            readable += "\xEF\xBF\xBD";
        text.remove_prefix(bytes > 0 ? bytes : 1);
    }
    return readable;
}

}  // namespace praline
