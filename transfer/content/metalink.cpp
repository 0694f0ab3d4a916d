#include "transfer/content/metalink.hpp"

#include <span>

#include "node/base/bytes.hpp"
#include "node/base/path_text.hpp"
#include "node/base/text.hpp"

namespace praline::content {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// U+FFFE and U+FFFF, which are no characters.
bool begins_with_no_character(std::string_view text) {
    return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
}

}  // namespace

std::string xml_text(std::string_view text) {
    auto const readable = readable_text(text);
    std::string out;
    for (std::size_t at = 0; at < readable.size(); ++at) {
        char const c = readable[at];
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (c == '\t' || c == '\n' || c == '\r')
            out += "&#" + std::to_string(static_cast<int>(c)) + ';';
        else if (static_cast<unsigned char>(c) < 0x20)
            out += replacement;
        else if (begins_with_no_character(std::string_view{readable}.substr(at))) {
            out += replacement;
            at += 2;
        } else
            out += c;
    }
    return out;
}

std::string format_metalink(Metalink const& metalink) {
    auto const name = metalink.name.substr(metalink.name.rfind('/') + 1);
    std::string text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">\n  "
        "<generator>" +
        xml_text(metalink.generator) + "</generator>\n  <file name=\"" + xml_text(name) + "\">\n    <size>" +
        std::to_string(metalink.size_bytes) + "</size>\n    <hash type=\"sha-1\">" +
        to_hex(std::as_bytes(std::span{metalink.sha1.bytes})) + "</hash>\n";
    for (std::size_t at = 0; at < metalink.urls.size(); ++at) {
        auto const priority = metalink.urls.size() > 1 ? " priority=\"" + std::to_string(at + 1) + '"' : std::string{};
        text += "    <url" + priority + ">" + xml_text(metalink.urls[at]) + "</url>\n";
    }
    return text + "  </file>\n</metalink>\n";
}

}  // namespace praline::content
