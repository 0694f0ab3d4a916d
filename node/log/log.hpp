#pragma once
#include <cstdint>
#include <string_view>

#include <fmt/core.h>

/// What the program tells the person who runs it, a line at a time on standard error.
/// spdlog does the work, out of sight: formatting in its headers would cost each file that logs seconds to compile.
/// Any thread; nothing throws. A line that cannot be written is lost.
namespace praline::log {

enum class Level : std::uint8_t { trace, debug, info, warn, error };

/// Logs to standard error from now on, with date and level before each line. `name` is the logger's, once in a program.
void begin(std::string_view name, Level level);
/// Lines below `level` are left out from now on.
void set_level(Level level);
/// The level of that name: trace, debug, info, warn or error. Any other word: info.
[[nodiscard]] Level level_of(std::string_view name) noexcept;
[[nodiscard]] bool is_on(Level level) noexcept;
/// One line as it is, unless its level is left out.
void write(Level level, std::string_view line) noexcept;

template <class... Arguments>
void format(Level level, fmt::format_string<Arguments...> words, Arguments const&... arguments) {
    if (is_on(level)) write(level, fmt::vformat(words, fmt::make_format_args(arguments...)));
}

template <class... Arguments>
void debug(fmt::format_string<Arguments const&...> words, Arguments const&... arguments) {
    format<Arguments const&...>(Level::debug, words, arguments...);
}
template <class... Arguments>
void info(fmt::format_string<Arguments const&...> words, Arguments const&... arguments) {
    format<Arguments const&...>(Level::info, words, arguments...);
}
template <class... Arguments>
void warn(fmt::format_string<Arguments const&...> words, Arguments const&... arguments) {
    format<Arguments const&...>(Level::warn, words, arguments...);
}
template <class... Arguments>
void error(fmt::format_string<Arguments const&...> words, Arguments const&... arguments) {
    format<Arguments const&...>(Level::error, words, arguments...);
}

}  // namespace praline::log
