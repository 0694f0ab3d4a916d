#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace praline::library {

/// A place where a file system is mounted.
struct Mount {
    std::string point;  ///< path on this machine
    std::string
        id;  ///< of the mount, the device and the part of it: another disk, or the same one put back, has another
};

/// The lines of /proc/self/mountinfo (proc(5)); lines that are none are left out.   @threads any: pure.
[[nodiscard]] std::vector<Mount> parse_mounts(std::string_view text);

/// What decides which disks the folder and the folders in it lie on: equal texts, same disks.   @threads any: pure.
[[nodiscard]] std::string mounts_below(std::string const& folder, std::vector<Mount> const& mounts);

/// Reads the table of this process; empty where there is none.   @threads any; blocks shortly.
[[nodiscard]] std::vector<Mount> mounts_here();

}  // namespace praline::library
