#pragma once

#include <cstddef>
#include <cstdint>

/// The bounds of search/session that are not a user's to set; those are in SessionLimits.
namespace praline::search {

inline constexpr std::size_t name_bytes_max = 255;  ///< of a name from the network, cut at a character
inline constexpr std::size_t ending_bytes_max =
    16;                                             ///< of such a name, its dot included: it stays when the name is cut
inline constexpr std::size_t vendor_bytes_max = 4;  ///< a vendor code has four
inline constexpr std::size_t push_proxies_max = 8;  ///< kept of a source
inline constexpr std::size_t change_log_slack =
    64;  ///< stale entries kept before the log is rewritten, beyond the rows
inline constexpr std::size_t filter_words_max = 16;  ///< of a filter; further ones are left out
inline constexpr std::size_t indexes_max =
    8;  ///< sorted views of rows kept for the next page; the longest unused gives way
inline constexpr std::size_t index_step_max =
    8192;  ///< rows touched by one step of sorting and filtering, a few milliseconds
inline constexpr std::size_t sorted_at_once_max = 2048;  ///< rows that are sorted in one go, within a step
inline constexpr std::size_t sort_cost = 4;  ///< rows touched, as a step counts them, for each row sorted so
inline constexpr std::size_t entries_split_for_one =
    16;  ///< to tell the greater half from the lesser is so much cheaper a row
inline constexpr std::size_t changes_a_step_max = 1000;    ///< rows put into their new places by one step
inline constexpr std::size_t discarded_a_step_max = 2048;  ///< rows of erased searches whose memory one step gives back
inline constexpr std::size_t origins_max = 20'000;  ///< of one search told apart; beyond that the count is "at least"
inline constexpr std::size_t left_out_max = 4096;   ///< hits of one search that are left out, told apart and counted

/// What a user may ask of a strategy. A longer wish costs others, not us.
struct ParameterLimits {
    static constexpr std::uint64_t ttl_max = 7;        ///< hops of a copy that spreads
    static constexpr std::uint64_t key_hops_max = 64;  ///< hops of a request for a key, which spreads nowhere
    static constexpr std::uint64_t walkers_max = 256;
    static constexpr std::uint64_t steps_max = 1024;  ///< of one walker
    static constexpr std::uint64_t results_wanted_max = 10'000;
};

}  // namespace praline::search
