#include "transfer/library/folder_guard.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <pwd.h>
#include <unistd.h>

#include "node/base/path_text.hpp"
#include "transfer/library/left_out.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {
namespace {

/// Of the kernel: not files of anybody.
constexpr std::array<std::string_view, 3> kernel_folders{"/dev", "/proc", "/sys"};
/// Programs, settings and state of the system, other users' mail and logs among them.
constexpr std::array<std::string_view, 24> system_folders{
    "/bin",     "/boot",     "/etc",     "/lib",      "/lib32",       "/lib64",     "/libx32",    "/lost+found",
    "/run",     "/sbin",     "/snap",    "/usr",      "/var/backups", "/var/cache", "/var/crash", "/var/db",
    "/var/lib", "/var/lock", "/var/log", "/var/mail", "/var/run",     "/var/spool", "/nix",       "/gnu"};
/// Where disks of users are put into a system folder.
constexpr std::string_view mounted_disks = "/run/media";
/// Every folder in it is the home of a user, whether the user database lists them or not.
constexpr std::string_view folder_of_homes = "/home";
/// Users of the system itself (daemons) have numbers below; 65534 is nobody.
constexpr uid_t first_user = 1000, nobody = 65534;

bool contains_or_is(std::string_view folder, std::string_view inner) { return is_within(inner, folder); }

bool has_dot_folder(std::string_view path) {
    while (!path.empty()) {
        auto const slash = std::min(path.find('/'), path.size());
        if (is_hidden(path.substr(0, slash))) return true;
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return false;
}

bool is_home(std::string const& path, Surroundings const& here) {
    if (std::find(here.homes.begin(), here.homes.end(), path) != here.homes.end()) return true;
    return is_within(path, folder_of_homes) && path.size() > folder_of_homes.size() &&
           path.find('/', folder_of_homes.size() + 1) == std::string::npos;
}

Verdict refused(std::string reason) { return {Verdict::Kind::refused, std::move(reason)}; }
Verdict needs_yes(std::string reason) { return {Verdict::Kind::needs_yes, std::move(reason)}; }

void add_home(std::vector<std::string>& homes, char const* path) {
    if (path == nullptr || path[0] != '/') return;
    std::error_code error;
    auto const canonical = std::filesystem::canonical(path, error).string();
    if (error || canonical == "/" || std::find(homes.begin(), homes.end(), canonical) != homes.end()) return;
    homes.push_back(canonical);
}

}  // namespace

Surroundings surroundings_here(std::string data_folder) {
    Surroundings here;
    here.data_folder = std::move(data_folder);
    add_home(here.homes, std::getenv("HOME"));
    ::setpwent();
    while (passwd const* const user = ::getpwent())
        if (user->pw_uid == 0 || user->pw_uid == ::getuid() || (user->pw_uid >= first_user && user->pw_uid != nobody))
            add_home(here.homes, user->pw_dir);
    ::endpwent();
    return here;
}

Verdict judge_folder(std::string const& path, Surroundings const& here) {
    std::string const shown = path_text(path);
    if (path == "/") return refused("The whole machine cannot be shared; name a folder.");
    for (auto const kernel : kernel_folders)
        if (is_within(path, kernel)) return refused(shown + " belongs to the kernel and is not shared.");
    std::string const partial = here.data_folder + "/partial";
    if (path == here.data_folder) return refused(shown + " holds the node's own files and is not shared.");
    if (is_within(path, partial)) return refused(shown + " holds unfinished downloads and is not shared.");
    if (is_within(path, here.data_folder)) return needs_yes(shown + " lies in the folder with the node's own files.");

    if (is_home(path, here)) return needs_yes(shown + " is a home folder: everything in it would be public.");
    for (std::string const& home : here.homes)
        if (contains_or_is(path, home)) return needs_yes(shown + " contains the home folder " + path_text(home) + ".");
    if (path == folder_of_homes) return needs_yes(shown + " contains home folders.");
    if (has_dot_folder(path))
        return needs_yes(shown +
                         " is hidden (a name on its way begins with a dot): such folders hold settings and keys.");
    bool const mounted = is_within(path, mounted_disks) && path.size() > mounted_disks.size();
    for (auto const system : system_folders) {
        if (is_within(path, system) && !mounted)
            return needs_yes(shown + " is a folder of the system: it holds settings and state of programs.");
        if (contains_or_is(path, system))
            return needs_yes(shown + " contains " + std::string{system} + ", a folder of the system.");
    }
    return {};
}

std::string with_home(std::string const& path) {
    if (!path.starts_with('~')) return path;
    char const* const home = std::getenv("HOME");
    if (home == nullptr || home[0] != '/' || (path.size() > 1 && path[1] != '/')) return {};
    return home + path.substr(1);
}

}  // namespace praline::library
