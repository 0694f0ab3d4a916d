#include "transfer/library/hash_pool.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>

#include "transfer/content/open_beneath.hpp"
#include "transfer/library/limits.hpp"

namespace praline::library {
namespace {

/// Of the very file that is read, not of whatever its path leads to by now.
std::optional<FileStamp> stamp_of(int handle, bool has_inodes) {
    struct stat state {};
    if (::fstat(handle, &state) != 0 || !S_ISREG(state.st_mode)) return std::nullopt;
    return stamp_from(state, has_inodes);
}

}  // namespace

HashPool::HashPool(unsigned threads, std::function<void(HashResult)> done) : done_{std::move(done)} {
    threads = std::clamp(threads, 1U, hash_threads_max);
    current_.resize(threads);
    jobs_max_ = threads * jobs_per_thread;
    for (std::size_t worker = 0; worker < threads; ++worker) threads_.emplace_back([this, worker] { run(worker); });
}

HashPool::~HashPool() {
    {
        std::lock_guard const lock{mutex_};
        stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void HashPool::add(HashJob job) {
    {
        std::lock_guard const lock{mutex_};
        jobs_.emplace_back(std::move(job));
    }
    wake_.notify_one();
}

std::size_t HashPool::room() const {
    std::lock_guard const lock{mutex_};
    return jobs_.size() >= jobs_max_ ? 0 : jobs_max_ - jobs_.size();
}

std::string HashPool::current() const {
    std::lock_guard const lock{mutex_};
    auto const busy = std::find_if(current_.begin(), current_.end(), [](auto const& path) { return !path.empty(); });
    return busy == current_.end() ? std::string{} : *busy;
}

void HashPool::run(std::size_t worker) {
    // Linux gives each thread a priority of its own; the user of the machine comes first.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 10);
    std::unique_lock lock{mutex_};
    for (;;) {
        wake_.wait(lock, [&] { return stop_ || !jobs_.empty(); });
        if (stop_) return;
        HashJob job = std::move(jobs_.front());
        jobs_.pop_front();
        current_[worker] = job.virtual_path;
        lock.unlock();
        HashResult result = hash(std::move(job));
        lock.lock();
        current_[worker].clear();
        if (stop_) return;
        lock.unlock();
        done_(std::move(result));
        lock.lock();
    }
}

HashResult HashPool::hash(HashJob job) const {
    HashResult result;
    auto const goes_on = [&](std::uint64_t) { return !stop_ && !*job.cancelled; };
    // O_NONBLOCK: a pipe that took the place of the file must not hold up the thread.
    int const handle = content::open_shared(job.root, job.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (handle < 0) {
        result.error = {errno, boost::system::system_category()};
        result.changed = errno == ENOENT || errno == ELOOP || errno == ENOTDIR;
        result.job = std::move(job);
        return result;
    }
    bool const has_inodes = file_system_of(handle).has_inodes;
    if (stamp_of(handle, has_inodes) != job.stamp) {
        result.changed = true;
    } else if (auto digest = content::hash_handle(handle, goes_on); !digest) {
        result.error = digest.error();
        result.changed = digest.error() == boost::system::errc::resource_unavailable_try_again;
    } else if (digest->tree.file_bytes != job.stamp.size_bytes || stamp_of(handle, has_inodes) != job.stamp) {
        result.changed = true;
    } else {
        result.digest = std::move(*digest);
    }
    ::close(handle);
    result.job = std::move(job);
    return result;
}

}  // namespace praline::library
