#include "transfer/download/destination.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include <unistd.h>

#include "transfer/download/limits.hpp"
#include "transfer/download/part_file.hpp"
#include "transfer/download/safe_name.hpp"

namespace praline::download {

namespace {

RelativePath refused(std::string why) { return {{}, {}, std::move(why)}; }

/// "C:" and the like.
bool names_drive(std::string_view part) { return part.size() == 2 && part[1] == ':'; }

}  // namespace

std::string directory_of(Destination const& to, std::string const& usual) {
    auto directory = to.folder.empty() ? usual : to.folder;
    for (auto const* part : {&to.group_name, &to.below})
        if (!part->empty()) directory += "/" + *part;
    return directory;
}

RelativePath relative_path(std::string_view from_network) {
    if (from_network.size() > path_bytes_max)
        return refused("is longer than " + std::to_string(path_bytes_max) + " bytes");
    if (from_network.find('\0') != std::string_view::npos) return refused("holds a zero byte");
    RelativePath path;
    std::size_t depth = 0;
    for (auto rest = from_network;;) {
        auto const end = rest.find_first_of("/\\");
        auto const part = rest.substr(0, end);
        if (part.empty()) return refused(depth == 0 ? "is absolute or empty" : "has an empty part");
        if (part == "." || part == "..") return refused("leads out of the folder or nowhere");
        if (names_drive(part)) return refused("names a drive");
        if (++depth > path_depth_max)
            return refused("has more than " + std::to_string(path_depth_max) + " folders in each other");
        if (end == std::string_view::npos) {
            path.name = safe_name(part);
            return path;
        }
        path.below += (path.below.empty() ? "" : "/") + safe_name(part);
        rest.remove_prefix(end + 1);
    }
}

int try_folder(std::string const& path, bool make) {
    if (make)
        if (int const error = make_directories(path)) return error;
    std::error_code error;
    auto const status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found) return ENOENT;
    if (error) return error.value();
    if (status.type() != std::filesystem::file_type::directory) return ENOTDIR;
    return ::access(path.c_str(), W_OK | X_OK) == 0 ? 0 : errno;
}

std::string folder_refusal(std::string const& path, int error) {
    if (error == ENOTDIR || error == EEXIST)
        return "The folder " + path + " cannot be made: something else has its name.";
    if (error == ETIMEDOUT) return "The folder " + path + " does not answer; its disk, or the way to it, may be gone.";
    return "The folder " + path + " cannot be made or written to: " + std::strerror(error) + ".";
}

std::string folder_sentence(std::string const& path, int error) {
    if (error == ENOENT || error == ENOTDIR)
        return "The folder " + path + " is not there any more; the download goes on when it is back.";
    if (error == ETIMEDOUT) return "The folder " + path + " does not answer; the download goes on when it does.";
    return "The folder " + path + " cannot be written to (" + std::strerror(error) +
           "); the download goes on when it can.";
}

}  // namespace praline::download
