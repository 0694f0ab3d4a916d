#pragma once

#include <string>
#include <string_view>

namespace praline {

/// A path on this machine as text that every reader of JSON takes. Linux paths are bytes: one that is valid UTF-8 stays as
/// it is, any other becomes a file URL (RFC 8089, "file:///music/Caf%E9"). No absolute path looks like that, so that
/// `path_from_text` always leads back.   @threads any: pure.
[[nodiscard]] std::string path_text(std::string_view path);

/// The path behind such a text: file URLs are decoded, everything else is a path already.
[[nodiscard]] std::string path_from_text(std::string_view text);

/// Any bytes as valid UTF-8 that a person can read: a path as above; elsewhere U+FFFD stands for each byte that is none.
[[nodiscard]] std::string readable_text(std::string_view text);

}  // namespace praline
