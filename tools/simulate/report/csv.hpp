#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Fields divided by commas. @threads any: pure. @source RFC 4180.
namespace praline::simulate::report {

/// A field as it stands in a file: in quotes when it has a comma, a quote or a line end, or begins or ends with a blank.
[[nodiscard]] std::string csv_field(std::string_view text);

struct CsvRow {
    std::size_t line = 0;  ///< where it begins, from 1
    std::vector<std::string> fields;
};

/// All rows; empty lines are left out. LF, CRLF or CR end a row; blanks around a field without quotes, and a byte order
/// mark, do not count. A quote that is never closed takes in all that follows.
[[nodiscard]] std::vector<CsvRow> parse_csv(std::string_view text);

}  // namespace praline::simulate::report
