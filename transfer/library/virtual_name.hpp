#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace praline::library {

/// One component of a path as others may see it: valid UTF-8, without control characters, marks that turn the writing
/// direction, or separators of any system; each such thing becomes "_". Never empty.
/// @threads any: pure.
[[nodiscard]] std::string clean_name(std::string_view component);

/// `wanted`, or "wanted (2)", "wanted (3)", … if taken.
[[nodiscard]] std::string unique_name(std::string const& wanted, std::vector<std::string> const& taken);

/// True if `path` is `folder` or lies in it. Both canonical.
[[nodiscard]] bool is_within(std::string_view path, std::string_view folder);

}  // namespace praline::library
