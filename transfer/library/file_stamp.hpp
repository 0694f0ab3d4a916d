#pragma once

#include <cstdint>
#include <string>

struct stat;

namespace praline::library {

/// What the file system says of a regular file. Two equal stamps of one path mean the same content: whatever writes to a
/// file changes its ctime, also when it sets the time of modification back.
struct FileStamp {
    std::uint64_t size_bytes = 0;
    std::int64_t mtime_ns = 0;
    std::int64_t ctime_ns = 0;  ///< of the last change of anything: content, name, owner, links; no program can set it
    std::uint64_t device = 0;
    std::uint64_t inode = 0;  ///< 0: this file system makes inode numbers up at each mount, they identify nothing
    bool one_name = true;     ///< no other hard link; not compared

    friend bool operator==(FileStamp const& left, FileStamp const& right) {
        return left.size_bytes == right.size_bytes && left.mtime_ns == right.mtime_ns &&
               left.ctime_ns == right.ctime_ns && left.device == right.device && left.inode == right.inode;
    }
    /// When anything about it changed last.
    [[nodiscard]] std::int64_t changed_ns() const { return mtime_ns > ctime_ns ? mtime_ns : ctime_ns; }
};

/// @param has_inodes  see FileSystem
[[nodiscard]] FileStamp stamp_from(struct stat const& state, bool has_inodes);

/// What kind of file system an open descriptor lies on, as far as it matters here.
struct FileSystem {
    bool has_inodes = true;  ///< inode numbers stay with a file from mount to mount
    bool is_local = true;    ///< no other machine can change it behind the kernel's back
    bool is_real = true;     ///< false: the kernel's own state (proc, sysfs, devices), not files of a user
};
[[nodiscard]] FileSystem file_system_of(int handle);

/// The rule of recognition, by which nothing is hashed twice that need not be, and nothing is offered under a wrong hash.
/// True if what was worked out for `known`, when it lay at `known_path`, holds for the file found at `path` now:
/// - size, mtime and ctime are the same to the nanosecond, and
/// - it is the same inode of the same device (a folder on its way was renamed, or a hard link was found first under
///   another name), or the same inode at the same path or under the same name (devices are numbered anew when a disk is
///   put back), or, where inodes are made up, the same path.
/// @param known  its ctime is 0 when an earlier version remembered it, which did not look at ctime: then the path must be
///               the same and nothing may have happened to the file since its content was written (ctime = mtime).
/// @threads any: pure.
[[nodiscard]] bool is_same_file(std::string const& known_path, FileStamp const& known, std::string const& path,
                                FileStamp const& now);

}  // namespace praline::library
