#include "transfer/upload/conditions.hpp"

#include <string_view>

#include "node/base/text.hpp"
#include "transfer/upload/http_date.hpp"

namespace praline::upload {

namespace {

enum class Comparison : std::uint8_t { strong, weak };

/// Whether a list of entity tags ("*" names all) names this one.
bool names(std::string_view list, std::string_view etag, Comparison comparison) {
    list = trim(list);
    if (list == "*") return true;
    while (!list.empty()) {
        bool const is_weak = list.starts_with("W/");
        auto const tag = is_weak ? list.substr(2) : list;
        auto const end = tag.starts_with('"') ? tag.find('"', 1) : std::string_view::npos;
        if (end == std::string_view::npos) {
            // Not an entity tag: on with what follows the next comma.
            auto const comma = list.find(',');
            list = comma == std::string_view::npos ? std::string_view{} : trim(list.substr(comma + 1));
            continue;
        }
        if (tag.substr(0, end + 1) == etag && (comparison == Comparison::weak || !is_weak)) return true;
        list = trim(tag.substr(end + 1));
        if (list.starts_with(',')) list = trim(list.substr(1));
    }
    return false;
}

}  // namespace

Precondition weigh(Conditions const& conditions, Validators const& file) {
    if (conditions.if_match) {
        if (!names(*conditions.if_match, file.etag, Comparison::strong)) return Precondition::failed;
    } else if (conditions.if_unmodified_since) {
        auto const date = parse_http_date(*conditions.if_unmodified_since);
        if (date && file.modified_s > *date) return Precondition::failed;
    }
    if (conditions.if_none_match) {
        if (names(*conditions.if_none_match, file.etag, Comparison::weak)) return Precondition::not_modified;
    } else if (conditions.if_modified_since) {
        auto const date = parse_http_date(*conditions.if_modified_since);
        if (date && file.modified_s <= *date) return Precondition::not_modified;
    }
    return Precondition::met;
}

bool range_applies(Conditions const& conditions, Validators const& file) {
    if (!conditions.if_range) return true;
    auto const wanted = trim(*conditions.if_range);
    if (wanted.starts_with('"')) return wanted == file.etag;
    auto const date = parse_http_date(wanted);
    return date && *date == file.modified_s;
}

}  // namespace praline::upload
