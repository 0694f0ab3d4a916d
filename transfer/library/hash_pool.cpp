#include "transfer/library/hash_pool.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

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

/// Of the thread that calls, since Linux gives each a priority of its own: the user of the machine comes first. For a
/// thread that has it already it costs nothing beside a file.
void lower_priority() { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 10); }

}  // namespace

HashPool::HashPool(unsigned threads, std::function<void(HashResult)> done) : done_{std::move(done)} {
    threads = std::clamp(threads, 1U, hash_threads_max);
    jobs_max_ = threads * jobs_per_thread;
    threads_ = std::make_unique<boost::asio::thread_pool>(threads);
}

HashPool::~HashPool() {
    stop_ = true;
    threads_->stop();
    threads_->join();
}

void HashPool::add(HashJob job) {
    {
        std::lock_guard const lock{mutex_};
        ++waiting_;
    }
    boost::asio::post(*threads_, [this, job = std::move(job)]() mutable { run(std::move(job)); });
}

std::size_t HashPool::room() const {
    std::lock_guard const lock{mutex_};
    return waiting_ >= jobs_max_ ? 0 : jobs_max_ - waiting_;
}

std::string HashPool::current() const {
    std::lock_guard const lock{mutex_};
    return under_way_.empty() ? std::string{} : under_way_.front();
}

void HashPool::run(HashJob job) {
    lower_priority();
    std::unique_lock lock{mutex_};
    --waiting_;
    auto const mine = under_way_.insert(under_way_.end(), job.virtual_path);
    lock.unlock();
    HashResult result = hash(std::move(job));
    lock.lock();
    under_way_.erase(mine);
    lock.unlock();
    if (!stop_) done_(std::move(result));
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
