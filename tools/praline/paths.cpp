#include "tools/praline/paths.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace praline {
namespace {

/// HOME, or what the user database says: a service may be started without HOME.
std::string home_folder() {
    if (char const* const home = std::getenv("HOME"); home != nullptr && *home == '/') return home;
    passwd const* const user = ::getpwuid(::getuid());
    return user != nullptr && user->pw_dir != nullptr && *user->pw_dir == '/' ? user->pw_dir : "";
}

}  // namespace

ExpandedPath expand_home(std::string_view text) {
    if (!text.starts_with('~')) return {std::string{text}, {}};
    auto const slash = text.find('/');
    std::string const written{text};
    if (text.substr(0, slash) != "~") {
        return {{},
                "The path " + written +
                    " cannot be used: only ~ and ~/… are understood, for your own home folder. "
                    "Write the whole path, or ./" +
                    written + " if the name begins with ~."};
    }
    std::string const home = home_folder();
    if (home.empty())
        return {{},
                "The path " + written +
                    " cannot be used: it is not known which folder ~ is. Write the whole path, or set HOME."};
    return {slash == std::string_view::npos ? home : home + written.substr(slash), {}};
}

std::string absolute_path(std::string_view text) {
    auto const expanded = expand_home(text);
    if (!expanded.problem.empty()) throw std::invalid_argument{expanded.problem};
    auto path = std::filesystem::absolute(expanded.path).lexically_normal();
    // "/music/" and "/music" are one folder.
    if (!path.has_filename() && path.has_parent_path() && path != path.root_path()) path = path.parent_path();
    return path.string();
}

}  // namespace praline
