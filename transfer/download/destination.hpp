#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace praline::download {

/// Where the file of a download goes, and which folder it is a part of.
struct Destination {
    std::string folder;      ///< that its user named, absolute; empty: that of all downloads
    std::string group;       ///< id of the folder that was asked for as one download; empty: none
    std::string group_name;  ///< safe, one component
    std::string below;       ///< folders between that of the group and the file, safe; empty: none
    std::string path;        ///< of the finished file
    bool operator==(Destination const&) const = default;
};
/// @param usual  the folder of all downloads
[[nodiscard]] std::string directory_of(Destination const& to, std::string const& usual);

/// A path below a folder, as a stranger has written it.
struct RelativePath {
    std::string below;    ///< folders, each safe; empty: none
    std::string name;     ///< of the file, safe
    std::string problem;  ///< a sentence that says why the path is not taken; empty: it is
};
/// Parts are separated by "/" or "\". Not taken: paths that are absolute or name a drive, have a part ".." or ".", an empty
/// one or a zero byte, more than `path_depth_max` parts or `path_bytes_max` bytes. Each part is made a plain visible name
/// as `safe_name` does it.   @threads any: pure.
[[nodiscard]] RelativePath relative_path(std::string_view from_network);

/// Whether files can be put there. @param make  whether to make it with its parents. @return an errno
[[nodiscard]] int try_folder(std::string const& path, bool make);
/// Of an errno of `try_folder`, for somebody who has just named that folder.
[[nodiscard]] std::string folder_refusal(std::string const& path, int error);
/// The same for a download that waits for its folder.
[[nodiscard]] std::string folder_sentence(std::string const& path, int error);

}  // namespace praline::download
