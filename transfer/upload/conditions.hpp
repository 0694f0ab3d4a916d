#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace praline::upload {

/// The conditional headers of a request as they came; absent ones are empty optionals.
struct Conditions {
    std::optional<std::string> if_match, if_none_match, if_modified_since, if_unmodified_since, if_range;
};

/// What this copy of a file is known by.
struct Validators {
    std::string etag;             ///< with its quotes, strong
    std::int64_t modified_s = 0;  ///< seconds since 1970
};

enum class Precondition : std::uint8_t {
    met,           ///< serve it
    not_modified,  ///< 304
    failed,        ///< 412
};

/// Weighs the conditions in the order of the specification. Dates that are none are ignored.
/// @threads any: pure. @source RFC 9110, section 13.2.2.
[[nodiscard]] Precondition weigh(Conditions const& conditions, Validators const& file);

/// Whether a Range is to be used, as If-Range wants it: else the whole file is sent. A weak tag never matches.
[[nodiscard]] bool range_applies(Conditions const& conditions, Validators const& file);

}  // namespace praline::upload
