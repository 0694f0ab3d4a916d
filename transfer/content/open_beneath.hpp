#pragma once

#include <string>

/// Opening what is shared so that no symbolic link is followed, wherever on the way it was put. A name that was looked at
/// a moment ago may lead elsewhere by now; what these return can only lie where its path says.
///
/// All return a descriptor that the caller closes, or -1 with `errno`: ELOOP or ENOTDIR where a link was met, EXDEV where
/// the path leads out of the folder, else what open(2) says. O_CLOEXEC is always set.
/// @threads any; blocks on the disk.
namespace praline::content {

/// @param path  absolute and canonical: a component that is a link is refused.
[[nodiscard]] int open_without_links(std::string const& path, int flags);

/// The same for a path in the folder `root`, which is absolute and canonical too; EXDEV where it does not lie in it.
[[nodiscard]] int open_shared(std::string const& root, std::string const& path, int flags);

/// What the two above do where the kernel has no openat2 or a sandbox forbids it: one component at a time.
/// @param from  a descriptor of the folder where `relative` begins; stays open.
[[nodiscard]] int open_by_components(int from, std::string const& relative, int flags);

}  // namespace praline::content
