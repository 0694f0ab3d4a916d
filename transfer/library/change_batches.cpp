#include "transfer/library/change_batches.hpp"

#include <algorithm>
#include <memory>

#include "node/wire/keywords.hpp"
#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {

void ChangeBatches::withdraw(KnownFile& known) {
    if (known.file) changes_.emplace_back(Removal{known.file->index});
    known.file.reset();
}

void ChangeBatches::make_ready(KnownDirectory const& directory, KnownFile& known, std::string const& path,
                               Sha1 const& sha1, TigerHash const& root) {
    if (next_index_ == 0) return;  // every index has been given out: four thousand million changes
    auto file = std::make_shared<SharedFile>();
    file->index = next_index_++;
    file->name = clean_name(std::string_view{path}.substr(path.rfind('/') + 1));
    file->virtual_path = directory.virtual_path + '/' + file->name;
    file->path = path;
    file->size_bytes = known.stamp.size_bytes;
    file->mtime_ns = known.stamp.mtime_ns;
    file->ctime_ns = known.stamp.ctime_ns;
    file->inode = known.stamp.inode;
    file->root = roots_.at(directory.folder).folder.path;
    file->sha1 = sha1;
    file->tiger_root = root;
    files_.set_state(directory, path, known, FileState::ready);
    known.attempts = 0;
    known.touched = known.by_move = known.distrusted = false;
    known.file = file;
    changes_.emplace_back(Addition{file, directory.folder, wire::keywords(file->name)});
}

bool ChangeBatches::is_full() const { return changes_.size() >= changes_waiting_max; }

ChangeBatches::Clock::time_point ChangeBatches::due() const {
    auto due = Clock::time_point::max();
    if (!changes_.empty()) due = std::min(due, next_batch_);
    if (progress_changed_ || roots_.has_reports()) due = std::min(due, next_notice_);
    return due;
}

bool ChangeBatches::batch_due(Clock::time_point now) const {
    return !changes_.empty() && (now >= next_batch_ || changes_.size() >= batch_files_max);
}

bool ChangeBatches::notice_due(Clock::time_point now) const {
    return (!changes_.empty() || progress_changed_ || roots_.has_reports()) && now >= next_notice_;
}

std::optional<ChangeBatches::Ready> ChangeBatches::take(Clock::time_point now) {
    if (!is_due(now)) return std::nullopt;
    Ready ready{{}, notice_due(now)};
    for (; !changes_.empty() && ready.batch.changes.size() < batch_files_max; changes_.pop_front())
        ready.batch.changes.emplace_back(std::move(changes_.front()));
    if (ready.notice) ready.batch.reports = roots_.reports();
    progress_changed_ = !ready.notice;
    next_batch_ = now + gather_time;
    if (ready.notice) next_notice_ = now + notify_every;
    return ready;
}

}  // namespace praline::library
