#pragma once

#include <cstddef>

/// The bounds of search/session that are not a user's to set; those are in SessionLimits.
namespace praline::search {

inline constexpr std::size_t name_bytes_max = 255;     ///< of a name from the network, cut at a character
inline constexpr std::size_t vendor_bytes_max = 4;     ///< a vendor code has four
inline constexpr std::size_t push_proxies_max = 8;     ///< kept of a source
inline constexpr std::size_t change_log_slack = 64;    ///< stale entries kept before the log is rewritten, beyond the rows

}  // namespace praline::search
