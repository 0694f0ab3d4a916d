#include "index/server/reader_pool.hpp"

#include <optional>
#include <utility>

#include "node/log/log.hpp"

namespace praline::index::server {

ReaderPool::ReaderPool(std::vector<std::unique_ptr<catalogue::CatalogueReader>> readers, Waiting::Limits waiting,
                       std::function<void(ReaderReport)> report)
    : readers_{std::move(readers)}, report_{std::move(report)}, queue_{waiting} {
    for (auto const& reader : readers_) threads_.emplace_back([this, &reader] { run(*reader); });
}

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
    wake_.notify_one();
    if (left_out) report_(SearchDone{left_out->number, {}, {}, true});
    return true;
}

void ReaderPool::measure() {
    {
        std::lock_guard const lock{mutex_};
        measure_ = true;
    }
    wake_.notify_one();
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
    wake_.notify_all();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
}

void ReaderPool::run(catalogue::CatalogueReader& reader) {
    std::unique_lock lock{mutex_};
    while (true) {
        wake_.wait(lock, [this] { return stopped_ || measure_ || !queue_.empty(); });
        if (stopped_) return;
        if (queue_.empty()) {
            measure_ = false;
            lock.unlock();
            try {
                report_(SizeKnown{reader.size()});
            } catch (std::exception const& error) {
                log::warn("The size of the catalogue is not known: {}", error.what());
            }
            lock.lock();
            continue;
        }
        auto const task = *queue_.pop();
        lock.unlock();
        SearchDone done{task.number, {}, {}, false};
        try {
            done.answer = reader.search(task.query);
        } catch (std::exception const& error) {
            done.trouble = error.what();
            log::error("A search failed: {}", done.trouble);
        }
        report_(std::move(done));
        lock.lock();
    }
}

}  // namespace praline::index::server
