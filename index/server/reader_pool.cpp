#include "index/server/reader_pool.hpp"

#include <optional>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "node/log/log.hpp"

namespace praline::index::server {

ReaderPool::ReaderPool(std::vector<std::unique_ptr<catalogue::CatalogueReader>> readers, Waiting::Limits waiting,
                       std::function<void(ReaderReport)> report)
    : report_{std::move(report)},
      queue_{waiting},
      free_readers_{std::move(readers)},
      threads_{std::make_unique<boost::asio::thread_pool>(free_readers_.size())} {}

ReaderPool::~ReaderPool() { stop(); }

bool ReaderPool::search(SearchTask task) {
    auto const number = task.number;
    auto const address = task.address;
    std::optional<SearchTask> left_out;
    {
        std::lock_guard const lock{mutex_};
        if (stopped_) return false;
        left_out = queue_.push(address, std::move(task));
    }
    if (left_out && left_out->number == number) return false;
    // The turn of a task that was evicted goes to the one that took its place.
    if (left_out)
        report_(SearchDone{left_out->number, {}, {}, true});
    else
        boost::asio::post(*threads_, [this] { serve_one(); });
    return true;
}

void ReaderPool::measure() {
    {
        std::lock_guard const lock{mutex_};
        if (std::exchange(measure_, true)) return;
    }
    boost::asio::post(*threads_, [this] { serve_one(); });
}

std::size_t ReaderPool::waiting() const {
    std::lock_guard const lock{mutex_};
    return queue_.size();
}

void ReaderPool::stop() {
    {
        std::lock_guard const lock{mutex_};
        stopped_ = true;
    }
    threads_->stop();
    threads_->join();
}

/// Runs once for each task and each measurement; the measurement waits until no task does.
void ReaderPool::serve_one() {
    std::unique_lock lock{mutex_};
    if (stopped_) return;
    auto reader = std::move(free_readers_.back());
    free_readers_.pop_back();
    auto const task = queue_.pop();
    if (!task) measure_ = false;
    lock.unlock();
    if (task)
        answer(*reader, *task);
    else
        tell_size(*reader);
    lock.lock();
    free_readers_.push_back(std::move(reader));
}

void ReaderPool::answer(catalogue::CatalogueReader& reader, SearchTask const& task) const {
    SearchDone done{task.number, {}, {}, false};
    try {
        done.answer = reader.search(task.query);
    } catch (std::exception const& error) {
        done.trouble = error.what();
        log::error("A search failed: {}", done.trouble);
    }
    report_(std::move(done));
}

void ReaderPool::tell_size(catalogue::CatalogueReader& reader) const {
    try {
        report_(SizeKnown{reader.size()});
    } catch (std::exception const& error) {
        log::warn("The size of the catalogue is not known: {}", error.what());
    }
}

}  // namespace praline::index::server
