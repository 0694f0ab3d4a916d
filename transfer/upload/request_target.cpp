#include "transfer/upload/request_target.hpp"

#include <limits>

#include "node/base/text.hpp"

namespace praline::upload {

namespace {

Result<RequestTarget> parse_get(std::string_view rest) {
    auto const slash = rest.find('/');
    if (slash == std::string_view::npos) return WireError::bad_value;
    auto const index = parse_number(rest.substr(0, slash));
    if (!index || *index > std::numeric_limits<std::uint32_t>::max()) return WireError::bad_value;
    auto name = percent_decode(rest.substr(slash + 1));
    if (!name || name->empty()) return WireError::bad_value;
    return RequestTarget{RequestTarget::Kind::file_by_index, {}, static_cast<std::uint32_t>(*index), std::move(*name)};
}

}  // namespace

Result<RequestTarget> parse_target(std::string_view target) {
    constexpr std::string_view get = "/get/", resource = "/uri-res/N2R?", tree = "/uri-res/N2X?";
    auto const begins = [&](std::string_view with) {
        return target.size() >= with.size() && equals_ignoring_case(target.substr(0, with.size()), with);
    };
    if (begins(get)) return parse_get(target.substr(get.size()));
    bool const wants_tree = begins(tree);
    if (!wants_tree && !begins(resource)) return RequestTarget{};
    auto const decoded = percent_decode(target.substr(resource.size()));
    if (!decoded) return WireError::bad_value;
    auto const urn = Urn::parse(*decoded);
    if (!urn) return WireError::bad_value;
    auto const kind = wants_tree ? RequestTarget::Kind::tree_by_urn : RequestTarget::Kind::file_by_urn;
    return RequestTarget{kind, *urn, 0, {}};
}

}  // namespace praline::upload
