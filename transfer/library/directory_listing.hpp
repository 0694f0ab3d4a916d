#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/system/error_code.hpp>

#include "transfer/library/file_stamp.hpp"
#include "transfer/library/left_out.hpp"

namespace praline::library {

/// What of one folder may be shared: regular files that are not empty, and folders. Everything else is in `left_out`
/// with its reason: hidden names, pipes, sockets, devices, empty files, and every symbolic link, so that nothing outside
/// is reached; what a link inside the folder points at is found at its own place.
struct DirectoryListing {
    std::map<std::string, FileStamp> files;
    std::set<std::string> folders;
    std::vector<LeftOutEntry> left_out;
    FileSystem file_system;
    boost::system::error_code error;  ///< the folder itself cannot be read; or it has more than `folder_entries_max`
};

/// @param path  canonical; a link anywhere on the way is an error (ELOOP), so that nothing outside is listed.
/// @threads any; blocks on the disk.
[[nodiscard]] DirectoryListing list_directory(std::string const& path);

/// The stamp of a regular file, not following a link; empty when it is none.
[[nodiscard]] std::optional<FileStamp> stamp_of(std::string const& path);

}  // namespace praline::library
