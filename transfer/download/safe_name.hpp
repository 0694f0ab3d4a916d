#pragma once

#include <string>
#include <string_view>

namespace praline::download {

/// What a file is called whose name nobody knows.
inline constexpr std::string_view no_name = "unnamed";

/// A name from the network made into one that can only be a plain file in the folder it is put into: one component, no
/// control characters, valid UTF-8, no leading dot, at most `name_bytes_max` bytes with its extension kept, not
/// reserved on common systems, never empty (`no_name`). @threads any: pure.
[[nodiscard]] std::string safe_name(std::string_view from_network);

/// "song.mp3", 2 -> "song (2).mp3"; at most `name_bytes_max` bytes. 0 and 1 leave a safe name as it is.
[[nodiscard]] std::string numbered_name(std::string_view safe, unsigned number);

}  // namespace praline::download
