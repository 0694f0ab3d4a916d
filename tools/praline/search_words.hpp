#pragma once

#include <functional>
#include <string>
#include <vector>

/// The words of `praline search` and `praline searches save` on the command line, where `-word` leaves a word out and is no
/// option, and `--` ends the options. Pure.
namespace praline {

/// Marks everything that is a word of a search, so that the parser takes it for nothing else; other commands stay as they
/// are. Long options and `-h` stay options.
/// @param arguments    without the program's name.
/// @param takes_value  whether an option such as "--wait" is followed by its value.
[[nodiscard]] std::vector<std::string> mark_search_words(std::vector<std::string> arguments,
                                                         std::function<bool(std::string const&)> const& takes_value);
/// What was marked, as it was written.
[[nodiscard]] std::vector<std::string> unmarked(std::vector<std::string> words);

}  // namespace praline
