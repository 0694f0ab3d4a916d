#include "transfer/library/hash_queue.hpp"

#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {

bool HashQueue::consider(KnownDirectory& directory, std::string const& path, std::string const& name, FileStamp stamp) {
    auto const found = directory.files.find(name);
    KnownFile* known = found == directory.files.end() ? files_.add(directory, name, stamp) : &found->second;
    if (known == nullptr) {
        roots_.set_problem(directory.folder,
                           "Only the first " + std::to_string(files_.files_max()) + " files are shared.");
        return false;
    }
    if (found != directory.files.end()) {
        known->stamp.one_name = known->stamp.one_name && stamp.one_name;
        if (known->stamp == stamp && known->state != FileState::failed) {
            known->touched = false;  // whatever it was, the ctime would tell
            return true;
        }
        changes_.withdraw(*known);
        files_.set_stamp(directory, path, *known, stamp, FileState::waiting);
    }
    known->attempts = 0;
    if (!recognise(directory, *known, path)) enqueue(*known, path);
    return true;
}

/// What is known of its content already is not worked out again.
bool HashQueue::recognise(KnownDirectory const& directory, KnownFile& known, std::string const& path) {
    if (known.distrusted) return false;
    auto const remembered = memory_.find(path, known.stamp);
    if (!remembered) return false;
    if (remembered->path != path) memory_.learned_again(path, known.stamp, remembered->sha1, remembered->tiger_root);
    changes_.make_ready(directory, known, path, remembered->sha1, remembered->tiger_root);
    return true;
}

void HashQueue::enqueue(KnownFile& known, std::string const& path) {
    if (known.queued) return;  // what is under way is looked at again when it ends
    known.queued = true;
    waiting_.push_back(path);
}

void HashQueue::feed_pool() {
    auto const now = Clock::now();
    while (!delayed_.empty() && delayed_.begin()->first <= now) {
        waiting_.push_back(std::move(delayed_.begin()->second));
        delayed_.erase(delayed_.begin());
    }
    for (std::size_t room = pool_.room(); room > 0 && !waiting_.empty(); --room) {
        std::string const path = std::move(waiting_.front());
        waiting_.pop_front();
        feed(path);
    }
}

void HashQueue::feed(std::string const& path) {
    KnownFile* const known = files_.find(path);
    if (!known) return;
    if (known->state != FileState::waiting) {
        known->queued = false;
        return;
    }
    KnownDirectory const& directory = files_.directory_of(path);
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    auto const age = now - std::chrono::nanoseconds{known->stamp.changed_ns()};
    // A time in the future says nothing about now.
    if (age >= std::chrono::nanoseconds{0} && age < quiet_time) {
        delayed_.emplace(Clock::now() + std::chrono::duration_cast<Clock::duration>(quiet_time - age), path);
        return;
    }
    if (is_moved_or_linked(directory, *known, path)) return;
    HashJob job;
    job.path = path;
    job.root = roots_.at(directory.folder).folder.path;
    job.virtual_path = directory.virtual_path + '/' + clean_name(std::string_view{path}.substr(path.rfind('/') + 1));
    job.stamp = known->stamp;
    job.folder = directory.folder;
    job.cancelled = roots_.at(directory.folder).cancelled;
    pool_.add(std::move(job));
}

/// True: it is not to be hashed, or not now. Asked when it has been left alone for a while, so that everything that has
/// happened to it meanwhile is known.
bool HashQueue::is_moved_or_linked(KnownDirectory const& directory, KnownFile& known, std::string const& path) {
    auto const moved = moves_.take(path, known.stamp);
    if (moved && directory.file_system.is_local && !known.distrusted && stamp_of(path) == known.stamp) {
        known.queued = false;
        memory_.learned_again(path, known.stamp, moved->sha1, moved->tiger_root);
        changes_.make_ready(directory, known, path, moved->sha1, moved->tiger_root);
        known.by_move = true;
        return true;
    }
    if (known.stamp.inode == 0) return false;
    auto const [job, is_first] = being_hashed_.try_emplace({known.stamp.device, known.stamp.inode});
    if (is_first) {
        // Another name of it may have been hashed since this one was found.
        if (known.stamp.one_name || !recognise(directory, known, path)) return false;
        known.queued = false;
        being_hashed_.erase(job);
        return true;
    }
    job->second.push_back(path);
    return true;
}

/// The other names of a file that has been hashed have their turn.
void HashQueue::release_names(FileStamp const& stamp) {
    auto const job = being_hashed_.find({stamp.device, stamp.inode});
    if (stamp.inode == 0 || job == being_hashed_.end()) return;
    waiting_.insert(waiting_.begin(), job->second.begin(), job->second.end());
    being_hashed_.erase(job);
}

void HashQueue::on_result(HashResult result) {
    HashJob const& job = result.job;
    release_names(job.stamp);
    KnownFile* const known = files_.find(job.path);
    // Gone or no longer shared: that was seen to when it was noticed.
    if (!known || *job.cancelled) return;
    known->queued = false;
    if (known->state != FileState::waiting) return;
    if (known->stamp != job.stamp) {
        enqueue(*known, job.path);
        return;
    }
    KnownDirectory const& directory = files_.directory_of(job.path);
    if (result.digest) {
        ++hashed_;
        changes_.make_ready(directory, *known, job.path, result.digest->sha1, result.digest->tree.root());
        memory_.learned(job.path, job.stamp, std::move(*result.digest));
    } else if (result.changed) {
        try_again(*known, job.path);
    } else {
        files_.set_state(directory, job.path, *known, FileState::failed);
        roots_.left_out(directory.folder).add(job.path, LeftOutReason::unreadable);
    }
}

/// A file that changed while it was hashed: later, and more and more so, until the next change or sweep.
void HashQueue::try_again(KnownFile& known, std::string const& path) {
    KnownDirectory const& directory = files_.directory_of(path);
    auto const stamp = stamp_of(path);
    ++known.attempts;
    bool const give_up = !stamp || known.attempts >= hash_attempts_max;
    files_.set_stamp(directory, path, known, stamp.value_or(known.stamp),
                     give_up ? FileState::failed : FileState::waiting);
    known.queued = !give_up;
    if (give_up)
        roots_.left_out(directory.folder).add(path, LeftOutReason::changing);
    else
        delayed_.emplace(Clock::now() + first_retry * (1 << (known.attempts - 1)), path);
}

/// It was offered and turned out not to be what was hashed: whatever is remembered of it, it is hashed.
void HashQueue::recheck(std::string const& path) {
    KnownFile* const known = files_.find(path);
    if (!known || known->state != FileState::ready) return;
    changes_.withdraw(*known);
    memory_.forget(path);
    known->distrusted = true;
    files_.set_stamp(files_.directory_of(path), path, *known, stamp_of(path).value_or(known->stamp),
                     FileState::waiting);
    enqueue(*known, path);
}

void HashQueue::on_event(FileEvent const& event) {
    KnownFile* const known = files_.find(event.path);
    switch (event.kind) {
        case FileEvent::Kind::touched: moves_.touched(event.path); return on_touched(known, event.path);
        case FileEvent::Kind::moved_from:
            if (moves_.left_again(event.cookie, event.path)) return;
            if (known && known->state == FileState::ready && !known->touched && known->stamp.one_name)
                moves_.left(event.cookie, {known->stamp, known->file->sha1, known->file->tiger_root});
            return;
        case FileEvent::Kind::moved_to: (void)moves_.arrived(event.cookie, event.path); return;
    }
}

void HashQueue::on_touched(KnownFile* known, std::string const& path) {
    if (known == nullptr || known->state != FileState::ready) return;
    // Its ctime cannot tell: it was taken over from a move, or the file system keeps none that can be relied on.
    if (known->by_move || known->stamp.inode == 0)
        recheck(path);
    else
        known->touched = true;
}

}  // namespace praline::library
