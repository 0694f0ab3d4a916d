#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace praline::wire {

/// The canonic form in which names and queries are compared: compatibility decomposition, case folding, marks
/// removed, everything but letters, digits and signs of writing systems turned into single blanks.
/// Invalid UTF-8 counts as blank. "Été_01.Ogg" gives "ete 01 ogg".
/// @threads any: pure.   @source 03-search section 1.2 of our protocol notes (gtk-gnutella's utf32_canonize).
[[nodiscard]] std::string canonic(std::string_view utf8);

/// Words of the canonic form, in order, duplicates kept. At most `words_max` (64); the rest is left out.
[[nodiscard]] std::vector<std::string> keywords(std::string_view utf8);

}  // namespace praline::wire
