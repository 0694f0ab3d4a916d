#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "transfer/library/left_out.hpp"

namespace praline::library {

/// What would be public if a folder were shared.
struct Preview {
    std::string path;  ///< canonical
    std::uint64_t files = 0, bytes = 0;
    bool complete = true;               ///< false: there is more, the look was cut short
    std::vector<std::string> names;     ///< the first `preview_names_max` files, below the folder, clean
    std::vector<std::string> warnings;  ///< sentences: what looks like keys, mail, …
    std::vector<LeftOutGroup> left_out;
};

/// Walks the folder as the scan would, without opening a file: at most `preview_entries_max` entries and
/// `preview_time_max`.
/// @param data_folder  the node's own, which is left out
/// @threads blocks on the disk; ends soon after `cancelled` is set.
[[nodiscard]] Preview look_at_folder(std::string const& path, std::string const& data_folder,
                                     std::atomic<bool> const& cancelled);

/// What a file of this name probably is that should hardly be public; empty: nothing of the kind.
/// @param path  below the folder.   @threads any: pure.
[[nodiscard]] std::string_view delicate_kind(std::string_view path);

}  // namespace praline::library
