#pragma once

#include <string>
#include <string_view>

/// Paths as people write them.
namespace praline {

struct ExpandedPath {
    std::string path;     ///< empty when there is a problem
    std::string problem;  ///< a sentence; empty: all is well
};
/// "~" and "~/x" mean the home folder, as in a shell; another user's ("~name/x") is refused. Anything else stays as it is:
/// "./~name" is a file of that name.
[[nodiscard]] ExpandedPath expand_home(std::string_view text);

/// The same, made absolute from the working directory and without "." and "..". Throws std::invalid_argument with a sentence.
[[nodiscard]] std::string absolute_path(std::string_view text);

}  // namespace praline
