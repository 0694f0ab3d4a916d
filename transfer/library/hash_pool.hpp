#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "transfer/content/file_hasher.hpp"
#include "transfer/library/directory_listing.hpp"

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
    /// Stops within a block of each file.
    ~HashPool();
    HashPool(HashPool const&) = delete;
    HashPool& operator=(HashPool const&) = delete;

    void add(HashJob job);
    /// How many more jobs keep every thread busy.
    [[nodiscard]] std::size_t room() const;
    /// Virtual path of a file being hashed, or empty.
    [[nodiscard]] std::string current() const;

private:
    void run(std::size_t worker);
    [[nodiscard]] HashResult hash(HashJob job) const;

    std::function<void(HashResult)> done_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<HashJob> jobs_;
    std::vector<std::string> current_;
    std::size_t jobs_max_;
    std::atomic<bool> stop_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace praline::library
