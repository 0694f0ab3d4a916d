#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Dates as HTTP writes them, whatever the locale. @threads any: pure. @source RFC 9110, section 5.6.7.
namespace praline::upload {

/// "Sat, 21 Nov 2026 09:16:53 GMT"; empty for a year outside 1 to 9999.
[[nodiscard]] std::string http_date(std::int64_t unix_seconds);

/// All three forms (IMF-fixdate, RFC 850, asctime) as seconds since 1970; empty when it is none of them.
[[nodiscard]] std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace praline::upload
