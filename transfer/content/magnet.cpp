#include "transfer/content/magnet.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {
namespace {

constexpr std::string_view scheme = "magnet:?";

/// Forms on web pages write a blank as "+".
std::optional<std::string> decode_text(std::string_view value) {
    std::string text{value};
    std::replace(text.begin(), text.end(), '+', ' ');
    auto decoded = percent_decode(text);
    if (decoded && (!is_valid_utf8(*decoded) || decoded->size() > magnet_name_bytes_max)) decoded->clear();
    return decoded;
}

/// False: broken.
bool take_field(std::string_view key, std::string_view value, Magnet& magnet) {
    if (key == "dn" || key == "kt") {
        auto text = decode_text(value);
        if (!text) return false;
        std::string& field = key == "dn" ? magnet.name : magnet.keywords;
        if (field.empty()) field = std::move(*text);
        return true;
    }
    auto const decoded = percent_decode(value);
    if (!decoded) return false;
    if (key == "xt") {
        if (auto const urn = Urn::parse(*decoded); urn && magnet.topics.size() < magnet_topics_max)
            magnet.topics.push_back(*urn);
    } else if (key == "xl") {
        auto const number = parse_number(*decoded);
        if (!number) return false;
        magnet.size_bytes = *number;
    } else if (key == "xs" || key == "as") {
        if (magnet.sources.size() < magnet_sources_max) magnet.sources.push_back(*decoded);
    }
    return true;
}

/// True unless both are known and differ; then nothing has changed.
template <class Digest>
bool join(std::optional<Digest>& known, std::optional<Digest> const& more) {
    if (!known) known = more;
    return !more || *known == *more;
}

}  // namespace

std::optional<Urn> Magnet::urn() const {
    Urn all;
    for (Urn const& topic : topics)
        if (!join(all.sha1, topic.sha1) || !join(all.tiger_root, topic.tiger_root)) return std::nullopt;
    if (!all.sha1 && !all.tiger_root) return std::nullopt;
    return all;
}

Result<Magnet> parse_magnet(std::string_view link) {
    if (link.size() > magnet_bytes_max) return WireError::limit_exceeded;
    link = trim(link);
    if (!equals_ignoring_case(link.substr(0, scheme.size()), scheme)) return WireError::bad_value;
    auto const fields = split(link.substr(scheme.size()), '&');
    if (fields.size() > magnet_fields_max) return WireError::limit_exceeded;
    Magnet magnet;
    for (std::string_view const field : fields) {
        std::size_t const equals = field.find('=');
        if (equals == std::string_view::npos) continue;
        std::string key = to_lower_ascii(field.substr(0, equals));
        // "xt.1", "xt.2": the same key again. Other keys with a dot ("x.guid") are not among ours.
        key.resize(std::min(key.size(), key.find('.')));
        if (!take_field(key, field.substr(equals + 1), magnet)) return WireError::bad_value;
    }
    return magnet;
}

std::string format_magnet(Magnet const& magnet) {
    std::string link{scheme};
    auto const add = [&](std::string_view key, std::string_view value) {
        if (link.size() > scheme.size()) link += '&';
        link.append(key).append("=").append(value);
    };
    // URNs stand unescaped: their colons, dots and letters are allowed in a query, and programs compare them as text.
    for (Urn const& topic : magnet.topics) add("xt", topic.text());
    if (!magnet.name.empty()) add("dn", percent_encode(magnet.name));
    if (!magnet.keywords.empty()) add("kt", percent_encode(magnet.keywords));
    if (magnet.size_bytes) add("xl", std::to_string(*magnet.size_bytes));
    for (std::string const& source : magnet.sources) add("xs", percent_encode(source));
    return link;
}

}  // namespace praline::content
