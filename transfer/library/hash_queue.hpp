#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "transfer/library/change_batches.hpp"
#include "transfer/library/hash_memory.hpp"
#include "transfer/library/hash_pool.hpp"
#include "transfer/library/known_files.hpp"
#include "transfer/library/moves.hpp"

namespace praline::library {

/// Which files are to be hashed, and when: not what is remembered or was only moved, not what is being written to, and each
/// inode once. What has a hash becomes ready.
/// @threads the indexer's; blocks on the disk.
class HashQueue {
public:
    using Clock = std::chrono::steady_clock;
    /// @param done  is called with results on the pool's threads; they come back to `on_result`.
    HashQueue(unsigned threads, SharedRoots& roots, KnownFiles& files, HashMemory& memory, ChangeBatches& changes,
              std::function<void(HashResult)> done)
        : roots_{roots}, files_{files}, memory_{memory}, changes_{changes}, pool_{threads, std::move(done)} {}

    /// A listing has shown the file. False: it is new, and there are too many.
    [[nodiscard]] bool consider(KnownDirectory& directory, std::string const& path, std::string const& name,
                                FileStamp stamp);
    void on_result(HashResult result);
    void on_event(FileEvent const& event);
    /// It was offered and turned out not to be what was hashed: whatever is remembered of it, it is hashed.
    void recheck(std::string const& path);
    /// Events were lost: no move proves anything.
    void forget_moves() { moves_.clear(); }

    /// Gives the pool what is to be hashed now.
    void feed_pool();
    /// When a file that was left alone has its turn; the latest time there is: none waits.
    [[nodiscard]] Clock::time_point due() const {
        return delayed_.empty() ? Clock::time_point::max() : delayed_.begin()->first;
    }
    [[nodiscard]] std::uint64_t hashed() const { return hashed_; }
    /// Virtual path of a file being hashed, or empty.   @threads any.
    [[nodiscard]] std::string current() const { return pool_.current(); }

private:
    void feed(std::string const& path);
    void enqueue(KnownFile& known, std::string const& path);
    [[nodiscard]] bool recognise(KnownDirectory const& directory, KnownFile& known, std::string const& path);
    [[nodiscard]] bool is_moved_or_linked(KnownDirectory const& directory, KnownFile& known, std::string const& path);
    void release_names(FileStamp const& stamp);
    void try_again(KnownFile& known, std::string const& path);
    void on_touched(KnownFile* known, std::string const& path);

    SharedRoots& roots_;
    KnownFiles& files_;
    HashMemory& memory_;
    ChangeBatches& changes_;
    Moves moves_;
    std::deque<std::string> waiting_;
    std::multimap<Clock::time_point, std::string> delayed_;
    /// Inodes being hashed, and the other names of them that wait for the same hash.
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<std::string>> being_hashed_;
    std::uint64_t hashed_ = 0;
    HashPool pool_;  // last, so that its threads end before what they report to
};

}  // namespace praline::library
