#include "transfer/library/indexer_channel.hpp"

#include <iterator>
#include <utility>

#include "transfer/library/limits.hpp"

namespace praline::library {

bool IndexerInbox::has_news() const {
    return stop || sweep || batch_applied || events_lost || mounts_changed || !folders.empty() || !changed.empty() ||
           !rechecks.empty() || !events.empty() || !hashed.empty();
}

void IndexerChannel::post(std::function<void(IndexerInbox&)> const& change) {
    {
        std::lock_guard const lock{mutex_};
        change(inbox_);
    }
    wake_.notify_one();
}

void IndexerChannel::post_events(std::set<std::string> const& folders, std::vector<FileEvent> events) {
    post([&](IndexerInbox& inbox) {
        inbox.changed.insert(folders.begin(), folders.end());
        inbox.events_lost = inbox.events_lost || inbox.events.size() + events.size() > events_waiting_max;
        if (inbox.events_lost)
            inbox.events.clear();
        else
            inbox.events.insert(inbox.events.end(), std::move_iterator{events.begin()},
                                std::move_iterator{events.end()});
    });
}

IndexerInbox IndexerChannel::wait(Clock::time_point wake) {
    std::unique_lock lock{mutex_};
    wake_.wait_until(lock, wake, [this] { return inbox_.has_news(); });
    has_new_folders_ = has_new_folders_ || !inbox_.folders.empty();
    return std::exchange(inbox_, {});
}

IndexerInbox IndexerChannel::take() {
    std::lock_guard const lock{mutex_};
    has_new_folders_ = has_new_folders_ || !inbox_.folders.empty();
    return std::exchange(inbox_, {});
}

bool IndexerChannel::can_begin_batch() const {
    std::lock_guard const lock{mutex_};
    return batches_under_way_ < batches_under_way_max;
}

bool IndexerChannel::begin_batch() {
    std::lock_guard const lock{mutex_};
    if (batches_under_way_ >= batches_under_way_max) return false;
    ++batches_under_way_;
    return true;
}

void IndexerChannel::batch_applied() {
    {
        std::lock_guard const lock{mutex_};
        --batches_under_way_;
        inbox_.batch_applied = true;
    }
    wake_.notify_one();
}

Progress IndexerChannel::progress() const {
    std::lock_guard const lock{mutex_};
    auto progress = progress_;
    progress.scanning = progress.scanning || has_new_folders_ || !inbox_.folders.empty();
    return progress;
}

bool IndexerChannel::set_progress(Progress progress) {
    std::lock_guard const lock{mutex_};
    bool const differs = progress_.scanning != progress.scanning || progress_.files_found != progress.files_found ||
                         progress_.files_waiting != progress.files_waiting ||
                         progress_.files_failed != progress.files_failed || progress_.watching != progress.watching ||
                         progress_.problem != progress.problem;
    progress_ = std::move(progress);
    has_new_folders_ = false;
    return differs;
}

}  // namespace praline::library
