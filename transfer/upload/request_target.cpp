#include "transfer/upload/request_target.hpp"

#include <algorithm>
#include <limits>

#include "node/base/text.hpp"

namespace praline::upload {

namespace {

using Kind = RequestTarget::Kind;

bool takes_prefix(std::string_view& text, std::string_view prefix) {
    if (text.size() < prefix.size() || !equals_ignoring_case(text.substr(0, prefix.size()), prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// The path and query of an origin-form or absolute-form target; empty: it is neither.
std::string_view path_of(std::string_view target) {
    if (takes_prefix(target, "http://")) {
        auto const slash = target.find_first_of("/?");
        if (slash == 0 || target.empty()) return {};
        if (slash == std::string_view::npos) return "/";
        return target.substr(slash);
    }
    return target.starts_with('/') ? target : std::string_view{};
}

Result<RequestTarget> parse_get(std::string_view rest) {
    auto const slash = rest.find('/');
    if (slash == std::string_view::npos) return WireError::bad_value;
    auto const index = parse_number(rest.substr(0, slash));
    if (!index || *index > std::numeric_limits<std::uint32_t>::max()) return WireError::bad_value;
    auto const name = rest.substr(slash + 1);
    if (name.empty()) return WireError::bad_value;
    return RequestTarget{Kind::file_by_index, {}, static_cast<std::uint32_t>(*index), std::string{name}};
}

/// The first part of a query that is a URN.
std::optional<Urn> urn_of(std::string_view query) {
    for (auto const part : split(query, '&')) {
        auto const decoded = percent_decode(part);
        if (!decoded) continue;
        if (auto const urn = Urn::parse(trim(*decoded))) return urn;
    }
    return std::nullopt;
}

bool is_name(std::string_view asked, std::string_view file_name) {
    if (asked == file_name) return true;
    auto const decoded = percent_decode(asked);
    if (!decoded) return false;
    if (*decoded == file_name) return true;
    std::string spaced{asked};
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return percent_decode(spaced) == file_name;
}

}  // namespace

Result<RequestTarget> parse_target(std::string_view target) {
    if (target == "*") return RequestTarget{Kind::server, {}, 0, {}};
    auto path = path_of(target);
    if (path.empty()) return WireError::bad_value;
    while (path.starts_with("//")) path.remove_prefix(1);
    if (path == "/" || path.starts_with("/?") || path.starts_with('?')) return RequestTarget{Kind::front, {}, 0, {}};
    if (auto rest = path; takes_prefix(rest, "/get/")) return parse_get(rest);
    auto const question = path.find('?');
    if (question == std::string_view::npos) return RequestTarget{};
    auto const decoded = percent_decode(path.substr(0, question));
    if (!decoded) return WireError::bad_value;
    bool const wants_tree = equals_ignoring_case(*decoded, "/uri-res/N2X");
    if (!wants_tree && !equals_ignoring_case(*decoded, "/uri-res/N2R")) return RequestTarget{};
    auto const urn = urn_of(path.substr(question + 1));
    if (!urn) return WireError::bad_value;
    return RequestTarget{wants_tree ? Kind::tree_by_urn : Kind::file_by_urn, *urn, 0, {}};
}

bool names(std::string_view asked, std::string_view file_name) {
    while (asked.starts_with('/')) asked.remove_prefix(1);
    for (auto const text : {asked, asked.substr(0, asked.find('?'))}) {
        if (is_name(text, file_name)) return true;
        if (text.ends_with('/') && is_name(text.substr(0, text.size() - 1), file_name)) return true;
    }
    return false;
}

}  // namespace praline::upload
