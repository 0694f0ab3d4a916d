#pragma once

#include <string>
#include <string_view>

namespace praline::search {

/// A name from the network, fit to be shown and to be a file's: without control characters, path separators, marks
/// that reverse or hide text, and what is not UTF-8; without blanks at its ends; at most name_bytes_max bytes, cut
/// between characters before its ending. "." and ".." give nothing, like a name of which nothing is left.
/// @threads any: pure.
[[nodiscard]] std::string clean_name(std::string_view name);
/// The same of a text that is only shown, and searched again: what separates paths stays, its end is cut.
[[nodiscard]] std::string clean_text(std::string_view text);

}  // namespace praline::search
