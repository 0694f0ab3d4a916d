#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace praline::usage {

/// The candidate that `word` was most likely meant to be: at most two letters wrong, missing, too many or swapped, and fewer
/// than half of it. Empty: none is near enough.
[[nodiscard]] std::optional<std::string> closest_word(std::string_view word,
                                                      std::vector<std::string> const& candidates);

}  // namespace praline::usage
