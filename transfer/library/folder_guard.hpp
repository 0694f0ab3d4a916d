#pragma once

#include <string>
#include <vector>

namespace praline::library {

/// Folders that are more than they seem. All canonical.
struct Surroundings {
    std::string data_folder;         ///< the node's own
    std::vector<std::string> homes;  ///< of the users of this machine
};
/// Asks the environment and the user database.   @threads blocks on the disk.
[[nodiscard]] Surroundings surroundings_here(std::string data_folder);

struct Verdict {
    enum class Kind { ordinary, needs_yes, refused };
    Kind kind = Kind::ordinary;
    std::string reason{};  ///< a sentence; empty when ordinary
};

/// Whether a folder may be shared by naming it, or only after its owner has seen what would be public and said yes, or not
/// at all. Needs a yes: a home folder and what contains one, folders of the system, folders whose name begins with a dot or
/// that lie in one, and what lies in the node's own folder. Refused: the whole machine, the node's own folder and what it
/// keeps of unfinished downloads, and the kernel's own (/dev, /proc, /sys).
/// @param path  canonical: links are judged by where they lead.   @threads any: pure.
[[nodiscard]] Verdict judge_folder(std::string const& path, Surroundings const& here);

/// "~" and "~/…" with the home folder of who runs this; everything else as it is. @return empty for "~someone/…" and when
/// there is no home
[[nodiscard]] std::string with_home(std::string const& path);

}  // namespace praline::library
