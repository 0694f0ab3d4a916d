#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

namespace praline {

/// "1.4 MiB"; exact below 1 KiB.
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);
/// "3 h 20 min", "45 s".
[[nodiscard]] std::string human_seconds(double seconds);
/// Foreign text made safe for a terminal: control characters become '?'.
[[nodiscard]] std::string printable(std::string_view text);
/// Columns as wide as their widest cell; the first row is the head.
void print_table(std::vector<std::vector<std::string>> const& rows);
void print_json(boost::json::value const& value);

}  // namespace praline
