#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/bytes.hpp"

namespace praline {

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(ByteView bytes);
/// Either case; empty when a digit is missing or foreign.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// RFC 3548 base32, upper case, without padding: SHA-1 32 characters, Tiger root 39, GUID 26.
[[nodiscard]] std::string to_base32(ByteView bytes);
/// Either case, no padding; empty when a character is foreign or bits left over are not zero.
[[nodiscard]] std::optional<Bytes> from_base32(std::string_view text);

/// ASCII only: protocol names are ASCII.
[[nodiscard]] std::string to_lower_ascii(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right);
[[nodiscard]] std::string_view trim(std::string_view text);
/// Pieces between separators, trimmed, empty ones left out.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// The whole text as a decimal number; empty when it is not one or does not fit.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// %XX for everything outside the unreserved characters of RFC 3986.
[[nodiscard]] std::string percent_encode(std::string_view text);
/// Empty when a percent sign is not followed by two digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

}  // namespace praline
