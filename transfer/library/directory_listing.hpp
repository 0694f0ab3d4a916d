#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <boost/system/error_code.hpp>

namespace praline::library {

struct FileStamp {
    std::uint64_t size_bytes = 0;
    std::int64_t mtime_ns = 0;
    friend bool operator==(FileStamp const&, FileStamp const&) = default;
};

/// What of one folder may be shared: regular files that are not empty, and folders. Left out: names that begin with a
/// dot (hidden), pipes, sockets, devices, and every symbolic link, so that nothing outside is reached; what a link
/// inside the folder points at is found at its own place.
struct DirectoryListing {
    std::map<std::string, FileStamp> files;
    std::set<std::string> folders;
    std::uint64_t unreadable = 0;
    boost::system::error_code error;  ///< the folder itself cannot be read; or it has more than `folder_entries_max`
};

/// @threads any; blocks on the disk.
[[nodiscard]] DirectoryListing list_directory(std::string const& path);

/// Size and time of a regular file, not following a link; empty when it is none.
[[nodiscard]] std::optional<FileStamp> stamp_of(std::string const& path);

}  // namespace praline::library
