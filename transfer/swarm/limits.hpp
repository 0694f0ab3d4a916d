#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// What one file's sources may cost.
namespace praline::swarm {

/// Sources whose claims about a file are kept; more than may be known at a time, so that an evicted one is remembered.
constexpr std::size_t claims_max = 128;
/// Trees of stories that are not believed at present: about 50 KiB each.
constexpr std::size_t kept_trees_max = 4;
/// Sizes and Tiger roots that are proved wrong.
constexpr std::size_t refuted_max = 16;

struct Limits {
    std::size_t accused_max = 256;               ///< sources of one download that are remembered as liars
    std::size_t sources_max = 64;                ///< of one download
    std::size_t sources_per_address_max = 4;     ///< of one download: one stranger cannot fill the list
    unsigned corrupt_slices_max = 1;             ///< of one source; then it is dropped: the tree proves it
    unsigned failures_max = 10;                  ///< of one source in a row; then it is dropped
    std::chrono::milliseconds retry_min{1'000};  ///< first wait after a failure; doubles
    std::chrono::milliseconds retry_max{600'000};
    std::chrono::milliseconds not_found_wait{
        60'000};  ///< before a source that had not the file is asked again; doubles
    std::chrono::milliseconds forgive_after{
        1'800'000};              ///< a source that was dropped for its failures may be found again
    unsigned not_found_max = 4;  ///< of one source in a row; then it is dropped
    std::chrono::milliseconds retry_after_max{1'200'000};  ///< a server that tells us to wait longer is asked then
};

}  // namespace praline::swarm
