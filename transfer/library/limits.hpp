#pragma once

#include <chrono>
#include <cstddef>

namespace praline::library {

/// Files whose arrival or leaving the node's thread takes in at one go: about a millisecond of its time.
constexpr std::size_t batch_files_max = 500;
/// Batches handed over and not yet taken in; the scan waits for the node's thread, never the other way round.
constexpr std::size_t batches_under_way_max = 2;
/// Changes not handed over yet at which the scan pauses.
constexpr std::size_t changes_waiting_max = 20'000;
constexpr std::chrono::milliseconds notify_every{200};

/// Words of one file name that are looked at.
constexpr std::size_t name_words_max = 64;
/// Words of a query that are looked at; 64 is what a name has at most.
constexpr std::size_t query_words_max = 64;
constexpr std::size_t query_urns_max = 64;
/// Files looked at for one query before it is given up: a query of single letters must not hold up the node.
constexpr std::size_t candidates_max = 200'000;

constexpr std::size_t folders_max = 256;
/// Folders in folders.
constexpr std::size_t depth_max = 64;
/// Entries of one folder that are looked at.
constexpr std::size_t folder_entries_max = 1'000'000;
/// Folders watched by inotify; with more, the rest is found by the sweep.
constexpr std::size_t watches_max = 60'000;

constexpr unsigned hash_threads_max = 16;
/// Jobs a hashing thread has before it, so that it never waits.
constexpr std::size_t jobs_per_thread = 4;
/// A file is hashed when it has been left alone that long: later writes then show in its time of modification.
constexpr std::chrono::milliseconds quiet_time{200};
/// A file that changed while it was hashed is tried again after 1, 2, 4, … seconds, so many times.
constexpr unsigned hash_attempts_max = 5;
constexpr std::chrono::seconds first_retry{1};

}  // namespace praline::library
