#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace praline::library {

/// Files whose arrival or leaving the node's thread takes in at one go: about a millisecond of its time.
constexpr std::size_t batch_files_max = 500;
/// Batches published and not yet applied; the scan waits for the node's thread, never the other way round.
constexpr std::size_t batches_under_way_max = 2;
/// Changes not published yet at which the scan pauses.
constexpr std::size_t changes_waiting_max = 20'000;
constexpr std::chrono::milliseconds notify_every{200};
/// Small batches cost more than they are worth: results gather so long before they are published.
constexpr std::chrono::milliseconds gather_time{20};

/// Words of one file name that are looked at.
constexpr std::size_t name_words_max = 64;
/// Different words of a query that are looked at; 64 is what a name has at most.
constexpr std::size_t query_words_max = 64;
constexpr std::size_t query_urns_max = 64;
/// What one query may cost, in steps: one file looked at, one word looked for in its name. Some hundred microseconds;
/// what was not looked at by then is not found this time.
constexpr std::uint32_t query_steps_max = 4000;
/// A word looked up in the vocabulary costs about as much as so many steps.
constexpr std::uint32_t lookup_steps = 8;
/// A word without blanks is looked for in every word of a name.
constexpr std::uint32_t unspaced_steps = 4;
/// Words of at least so many bytes choose which files are looked at; shorter ones do when a query has no others.
/// Routing tables hold no shorter ones either.
constexpr std::size_t choosing_bytes_min = 3;
/// So few files need no rarer word.
constexpr std::uint64_t rare_files = 16;
/// Words without blanks are indexed by two characters that follow each other.
constexpr std::size_t piece_characters = 2;
/// Pieces of one word of a query of which the rarest is taken.
constexpr std::size_t pieces_looked_up_max = 8;
/// Words in one block of the vocabulary: few enough to move, enough to count a million words quickly.
constexpr std::size_t block_words_max = 256;

/// How long the hashes of files that are missing are remembered: a disk may be away for a holiday.
constexpr std::int64_t missing_days_max = 60;
/// Missing files that are remembered, the latest ones: some 300 bytes each in the database.
constexpr std::int64_t missing_files_max = 1'000'000;
/// How often what has expired is looked for.
constexpr std::chrono::hours expire_every{24};
/// Remembered files of one inode, size and ctime that are looked at: hard links, and numbers that happen to be the same.
constexpr std::int64_t same_inode_max = 16;
/// Memory for hashes while the database cannot be written; what is more is hashed again after the next start.
constexpr std::size_t unsaved_bytes_max = 64 * 1024 * 1024;
/// Pause after the database could not be written.
constexpr std::chrono::seconds save_again_after{5};

/// Names of things left out that are kept for the user, of each reason in each folder: enough to see what kind it is.
constexpr std::size_t left_out_names_max = 20;

constexpr std::size_t folders_max = 256;
/// Folders in folders.
constexpr std::size_t depth_max = 64;
/// Entries of one folder that are looked at.
constexpr std::size_t folder_entries_max = 1'000'000;
/// Folders watched by inotify; with more, the rest is found by the sweep.
constexpr std::size_t watches_max = 60'000;

/// Moves of single files that the scan has not come to yet; more are hashed again.
constexpr std::size_t moves_max = 50'000;
/// Events of single files that the indexer has not seen yet; with more, none proves anything.
constexpr std::size_t events_waiting_max = 200'000;

/// Mounts of this machine that are looked at, and how much of their table is read.
constexpr std::size_t mounts_max = 10'000;
constexpr std::size_t mount_table_bytes_max = 2 * 1024 * 1024;

constexpr unsigned hash_threads_max = 16;
/// Jobs a hashing thread has before it, so that it never waits.
constexpr std::size_t jobs_per_thread = 4;
/// A file is hashed when it has been left alone that long: later writes then show in its time of modification.
constexpr std::chrono::milliseconds quiet_time{200};
/// A file that changed while it was hashed is tried again after 1, 2, 4, … seconds, so many times.
constexpr unsigned hash_attempts_max = 5;
constexpr std::chrono::seconds first_retry{1};

/// What a look at a folder before it is shared takes at most, so that its owner has an answer soon.
constexpr std::size_t preview_entries_max = 500'000;
constexpr std::chrono::seconds preview_time_max{5};
/// Names that are shown.
constexpr std::size_t preview_names_max = 50;
/// Looks that are kept for who asks again, and how long: a look is asked for until it is there.
constexpr std::size_t previews_max = 8;
constexpr std::chrono::seconds preview_kept{30};

}  // namespace praline::library
