#include "transfer/library/directory_listing.hpp"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include "transfer/library/limits.hpp"

namespace praline::library {
namespace {

FileStamp stamp(struct stat const& state) {
    return {static_cast<std::uint64_t>(state.st_size),
            std::int64_t{state.st_mtim.tv_sec} * 1'000'000'000 + state.st_mtim.tv_nsec};
}

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

DirectoryListing list_directory(std::string const& path) {
    DirectoryListing listing;
    int const handle = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (handle < 0) {
        listing.error = last_error();
        return listing;
    }
    std::unique_ptr<DIR, CloseDirectory> const directory{::fdopendir(handle)};
    if (!directory) {
        listing.error = last_error();
        ::close(handle);
        return listing;
    }
    std::size_t entries = 0;
    for (;;) {
        errno = 0;
        dirent const* const entry = ::readdir(directory.get());
        if (!entry) {
            if (errno != 0) listing.error = last_error();
            return listing;
        }
        if (entry->d_name[0] == '.') continue;
        if (++entries > folder_entries_max) {
            listing.error = boost::system::errc::make_error_code(boost::system::errc::value_too_large);
            return listing;
        }
        struct stat state{};
        if (::fstatat(handle, entry->d_name, &state, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno != ENOENT) ++listing.unreadable;
            continue;
        }
        if (S_ISDIR(state.st_mode))
            listing.folders.emplace(entry->d_name);
        else if (S_ISREG(state.st_mode) && state.st_size > 0)
            listing.files.emplace(entry->d_name, stamp(state));
    }
}

std::optional<FileStamp> stamp_of(std::string const& path) {
    struct stat state{};
    if (::lstat(path.c_str(), &state) != 0 || !S_ISREG(state.st_mode)) return std::nullopt;
    return stamp(state);
}

}  // namespace praline::library
