#include "transfer/library/previewer.hpp"

#include <algorithm>

#include "transfer/library/limits.hpp"

namespace praline::library {

Previewer::~Previewer() {
    {
        std::lock_guard const lock{mutex_};
        stop_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

std::optional<Preview> Previewer::ask(std::string const& path) {
    std::lock_guard const lock{mutex_};
    auto const found = entries_.find(path);
    if (found != entries_.end()) {
        if (!found->second.preview) return std::nullopt;
        if (Clock::now() - found->second.at < preview_kept) return found->second.preview;
        entries_.erase(found);
    }
    make_room();
    if (entries_.size() >= previews_max) return std::nullopt;  // all of them under way: it is this one's turn later
    entries_.try_emplace(path);
    waiting_.push_back(path);
    if (!thread_.joinable()) thread_ = std::thread{[this] { run(); }};
    wake_.notify_one();
    return std::nullopt;
}

/// The oldest that is done is evicted.
void Previewer::make_room() {
    if (entries_.size() < previews_max) return;
    auto oldest = entries_.end();
    for (auto at = entries_.begin(); at != entries_.end(); ++at)
        if (at->second.preview && (oldest == entries_.end() || at->second.at < oldest->second.at)) oldest = at;
    if (oldest != entries_.end()) entries_.erase(oldest);
}

void Previewer::run() {
    std::unique_lock lock{mutex_};
    for (;;) {
        wake_.wait(lock, [&] { return stop_ || !waiting_.empty(); });
        if (stop_) return;
        std::string const path = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        Preview preview = look_at_folder(path, data_folder_, stop_);
        lock.lock();
        Entry& entry = entries_[path];
        entry.preview = std::move(preview);
        entry.at = Clock::now();
    }
}

}  // namespace praline::library
