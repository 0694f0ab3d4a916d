#include "transfer/library/directory_listing.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <memory>
#include <string_view>

#include "transfer/content/open_beneath.hpp"
#include "transfer/library/limits.hpp"

namespace praline::library {
namespace {

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

/// Files into `files`, folders into `folders`, the rest into `left_out`. @pre the name is not "." or "..".
void sort_in(DirectoryListing& listing, int folder, std::string name) {
    if (is_hidden(name)) {
        listing.left_out.push_back({std::move(name), LeftOutReason::hidden});
        return;
    }
    struct stat state {};
    if (::fstatat(folder, name.c_str(), &state, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT) listing.left_out.push_back({std::move(name), LeftOutReason::unreadable});
        return;
    }
    if (S_ISDIR(state.st_mode))
        listing.folders.insert(std::move(name));
    else if (S_ISLNK(state.st_mode))
        listing.left_out.push_back({std::move(name), LeftOutReason::link});
    else if (!S_ISREG(state.st_mode))
        listing.left_out.push_back({std::move(name), LeftOutReason::special});
    else if (state.st_size == 0)
        listing.left_out.push_back({std::move(name), LeftOutReason::empty});
    else
        listing.files.emplace(std::move(name), stamp_from(state, listing.file_system.has_inodes));
}

}  // namespace

DirectoryListing list_directory(std::string const& path) {
    DirectoryListing listing;
    int const handle = content::open_without_links(path, O_RDONLY | O_DIRECTORY);
    if (handle < 0) {
        listing.error = last_error();
        return listing;
    }
    listing.file_system = file_system_of(handle);
    std::unique_ptr<DIR, CloseDirectory> const directory{::fdopendir(handle)};
    if (!directory) {
        listing.error = last_error();
        ::close(handle);
        return listing;
    }
    if (!listing.file_system.is_real) return listing;
    std::size_t entries = 0;
    for (;;) {
        errno = 0;
        dirent const* const entry = ::readdir(directory.get());
        if (!entry) {
            if (errno != 0) listing.error = last_error();
            return listing;
        }
        std::string_view const name = entry->d_name;
        if (name == "." || name == "..") continue;
        if (++entries > folder_entries_max) {
            listing.error = boost::system::errc::make_error_code(boost::system::errc::value_too_large);
            return listing;
        }
        sort_in(listing, handle, std::string{name});
    }
}

std::optional<FileStamp> stamp_of(std::string const& path) {
    struct stat state {};
    int const handle = content::open_without_links(path, O_PATH | O_NOFOLLOW);
    if (handle < 0) return std::nullopt;
    bool const known = ::fstat(handle, &state) == 0 && S_ISREG(state.st_mode);
    bool const has_inodes = file_system_of(handle).has_inodes;
    ::close(handle);
    if (!known) return std::nullopt;
    return stamp_from(state, has_inodes);
}

}  // namespace praline::library
