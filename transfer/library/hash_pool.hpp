#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "transfer/content/file_hasher.hpp"
#include "transfer/library/directory_listing.hpp"

namespace boost::asio {
class thread_pool;
}

namespace praline::library {

using CancelFlag = std::shared_ptr<std::atomic<bool>>;

struct HashJob {
    std::string path;
    std::string root;          ///< the shared folder; nothing outside is read, whatever became of the path meanwhile
    std::string virtual_path;  ///< for `current`
    FileStamp stamp;           ///< as it was seen; the digest counts only while it is so
    std::uint32_t folder = 0;
    CancelFlag cancelled;
};
struct HashResult {
    HashJob job;
    std::optional<content::FileDigest> digest;
    bool changed = false;  ///< the file is another by now: look again
    boost::system::error_code error;
};

/// A few threads of low priority that hash one file each at a time.
class HashPool {
public:
    /// `done` is called on the pool's threads.
    HashPool(unsigned threads, std::function<void(HashResult)> done);
    /// Stops within a block of each file, and joins the threads. Jobs that are waiting then are dropped.
    ~HashPool();
    HashPool(HashPool const&) = delete;
    HashPool& operator=(HashPool const&) = delete;

    /// @pre `room` was not 0; a job more waits like any other.
    void add(HashJob job);
    /// How many more jobs keep every thread busy: `jobs_per_thread` for each, without those that wait already.
    [[nodiscard]] std::size_t room() const;
    /// Virtual path of a file being hashed, or empty.
    [[nodiscard]] std::string current() const;

private:
    void run(HashJob job);
    [[nodiscard]] HashResult hash(HashJob job) const;

    std::function<void(HashResult)> done_;
    std::size_t jobs_max_;
    mutable std::mutex mutex_;
    std::size_t waiting_ = 0;
    std::list<std::string> under_way_;  ///< virtual paths, the one begun first in front
    std::atomic<bool> stop_ = false;
    std::unique_ptr<boost::asio::thread_pool> threads_;  ///< last: they use everything above
};

}  // namespace praline::library
