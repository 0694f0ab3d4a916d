#include "index/server/catalogue_thread.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "node/log/log.hpp"

namespace praline::index::server {

CatalogueThread::CatalogueThread(std::unique_ptr<catalogue::CatalogueWriter> writer,
                                 std::unique_ptr<catalogue::CatalogueReader> reader,
                                 std::function<void(std::vector<CatalogueReport>)> report)
    : writer_{std::move(writer)}, reader_{std::move(reader)}, report_{std::move(report)}, thread_{[this] { run(); }} {}

CatalogueThread::~CatalogueThread() { stop(); }

void CatalogueThread::push(CatalogueTask task) {
    {
        std::lock_guard const lock{mutex_};
        if (stopped_) return;
        queue_.push_back(std::move(task));
    }
    wake_.notify_one();
}

std::size_t CatalogueThread::waiting() const {
    std::lock_guard const lock{mutex_};
    return queue_.size() + under_way_;
}

void CatalogueThread::stop() {
    {
        std::lock_guard const lock{mutex_};
        stopped_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void CatalogueThread::run() {
    std::unique_lock lock{mutex_};
    while (!stopped_) {
        if (queue_.empty() && (may_purge_ || !to_hide_.empty())) {
            lock.unlock();
            use_idle_time();
            lock.lock();
            // The disk refuses: not again and again at full speed.
            if (!trouble_.empty()) wake_.wait_for(lock, retry_after, [this] { return stopped_ || !queue_.empty(); });
            continue;
        }
        wake_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
        std::vector<CatalogueTask> tasks;
        while (!queue_.empty() && tasks.size() < batch_tasks) {
            tasks.push_back(std::move(queue_.front()));
            queue_.pop_front();
        }
        under_way_ = tasks.size();
        lock.unlock();
        do_all(tasks);
        lock.lock();
        under_way_ = 0;
    }
}

void CatalogueThread::do_all(std::vector<CatalogueTask> const& tasks) {
    std::vector<CatalogueReport> reports;
    for (std::size_t begin = 0; begin < tasks.size();) {
        // What is read is read after the changes before it are on disk, as its reader is another one.
        auto const reads = [](CatalogueTask const& task) { return std::holds_alternative<replica::ReadEntries>(task); };
        auto const changes_end = std::find_if(tasks.begin() + static_cast<std::ptrdiff_t>(begin), tasks.end(), reads);
        auto const end = std::max<std::size_t>(static_cast<std::size_t>(changes_end - tasks.begin()), begin + 1);
        std::span const part{tasks.data() + begin, end - begin};
        if (part.size() == 1 || !trouble_.empty() || !attempt_together(part, reports))
            for (CatalogueTask const& task : part) attempt(task, reports);
        begin = end;
        std::lock_guard const lock{mutex_};
        if (stopped_) return;
        under_way_ -= part.size();
    }
    if (!reports.empty()) report_(std::move(reports));
}

/// False: the disk refused one of them and nothing was changed; one by one it will be seen which.
bool CatalogueThread::attempt_together(std::span<CatalogueTask const> tasks, std::vector<CatalogueReport>& reports) {
    std::vector<CatalogueReport> these;
    try {
        writer_->together([&] {
            for (CatalogueTask const& task : tasks) std::visit([&](auto const& one) { act(one, these); }, task);
        });
    } catch (std::exception const& error) {
        log::warn("{} changes of the catalogue could not be made together: {}", tasks.size(), error.what());
        return false;
    }
    std::move(these.begin(), these.end(), std::back_inserter(reports));
    return true;
}

void CatalogueThread::attempt(CatalogueTask const& task, std::vector<CatalogueReport>& reports) {
    try {
        std::visit([&](auto const& one) { act(one, reports); }, task);
        if (!trouble_.empty() && !std::holds_alternative<replica::ReadEntries>(task)) {
            trouble_.clear();
            log::info("The catalogue can be written again.");
            reports.emplace_back(CatalogueTrouble{});
        }
    } catch (std::exception const& error) {
        std::string const sentence = error.what();
        if (trouble_ != sentence) log::error("The catalogue cannot be written: {}", sentence);
        trouble_ = sentence;
        reports.emplace_back(CatalogueTrouble{sentence});
        if (auto const* const apply = std::get_if<replica::Apply>(&task))
            reports.emplace_back(Wrote{apply->ticket, apply->publisher.id, std::nullopt, false, false, sentence});
        if (auto const* const read = std::get_if<replica::ReadEntries>(&task))
            reports.emplace_back(replica::EntriesRead{read->ticket, std::nullopt, {}, true});
        if (auto const* const hide = std::get_if<replica::Hide>(&task)) to_hide_[hide->publisher] = *hide;
        if (auto const* const copy = std::get_if<replica::StageCopy>(&task)) {
            broken_copies_[copy->record.publisher.id] = sentence;
            if (copy->last) act(*copy, reports);
        }
    }
}

void CatalogueThread::act(replica::Apply const& task, std::vector<CatalogueReport>& reports) {
    auto result = writer_->apply(task.publisher, task.claim, task.change);
    to_hide_.erase(task.publisher.id);
    may_purge_ = true;
    bool const fits =
        result.outcome == catalogue::ApplyOutcome::applied || result.outcome == catalogue::ApplyOutcome::known;
    reports.emplace_back(Wrote{task.ticket,
                               task.publisher.id,
                               std::move(result.record),
                               fits,
                               result.outcome == catalogue::ApplyOutcome::too_many,
                               {}});
}

void CatalogueThread::act(replica::Adopt const& task, std::vector<CatalogueReport>&) {
    static_cast<void>(writer_->adopt(task.publisher, task.claim));
}

void CatalogueThread::act(replica::Hide const& task, std::vector<CatalogueReport>&) {
    writer_->hide(task.publisher, task.version, task.forget);
    to_hide_.erase(task.publisher);
    may_purge_ = true;
}

void CatalogueThread::act(replica::StageCopy const& task, std::vector<CatalogueReport>& reports) {
    auto const& id = task.record.publisher.id;
    if (task.first) broken_copies_.erase(id);
    bool kept = false;
    auto const broken = broken_copies_.find(id);
    std::string const trouble = broken == broken_copies_.end() ? "" : broken->second;
    if (trouble.empty()) {
        if (task.first) writer_->copy_begin(id);
        if (!task.entries.empty()) writer_->copy_add(id, task.entries);
        if (!task.last) return;
        kept = writer_->copy_commit(task.record);
        if (kept) to_hide_.erase(id);
        may_purge_ = true;
    }
    if (!task.last) return;
    broken_copies_.erase(id);
    reports.emplace_back(
        Wrote{task.ticket, id, kept ? std::optional{task.record} : std::nullopt, kept, false, trouble});
}

void CatalogueThread::act(replica::ForgetCopy const& task, std::vector<CatalogueReport>&) {
    broken_copies_.erase(task.publisher);
    writer_->copy_forget(task.publisher);
    may_purge_ = true;
}

void CatalogueThread::act(replica::ReadEntries const& task, std::vector<CatalogueReport>& reports) {
    auto page = reader_->entries_after(task.publisher, task.after, task.entries_max);
    reports.emplace_back(replica::EntriesRead{task.ticket, std::move(page.record), std::move(page.entries), page.last});
}

void CatalogueThread::act(Keep const& task, std::vector<CatalogueReport>&) { writer_->keep(task.key, task.value); }

void CatalogueThread::use_idle_time() {
    std::vector<CatalogueReport> reports;
    if (!to_hide_.empty()) {
        auto const again = to_hide_.begin()->second;
        attempt(again, reports);
    } else {
        try {
            may_purge_ = writer_->purge_some(purge_entries);
        } catch (std::exception const& error) {
            if (trouble_ != error.what()) reports.emplace_back(CatalogueTrouble{error.what()});
            trouble_ = error.what();
        }
    }
    if (!reports.empty()) report_(std::move(reports));
}

}  // namespace praline::index::server
