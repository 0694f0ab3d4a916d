#include "transfer/library/keeper.hpp"

#include "node/wire/keywords.hpp"
#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {

/// Keeps the counters of the progress in step with one file's state.
void Keeper::count(KnownFile const& file, int by) {
    if (file.state != State::waiting) return;
    auto const signed_by = static_cast<std::uint64_t>(static_cast<std::int64_t>(by));
    files_waiting_ += signed_by;
    bytes_waiting_ += signed_by * file.stamp.size_bytes;
}

void Keeper::set_state(Directory const& directory, std::string const& path, KnownFile& known, State state) {
    count(known, -1);
    if (known.state == State::failed) left_out(directory.folder).remove(path);
    known.state = state;
    count(known, 1);
}

void Keeper::withdraw(KnownFile& known) {
    if (known.file) changes_.emplace_back(Removal{known.file->index});
    known.file.reset();
}

bool Keeper::consider(Directory& directory, std::string const& path, std::string const& name, FileStamp stamp) {
    auto found = directory.files.find(name);
    if (found == directory.files.end()) {
        if (found_ >= options_.files_max) {
            set_problem(directory.folder, "Only the first " + std::to_string(options_.files_max) + " files are shared.");
            return false;
        }
        found = directory.files.try_emplace(name).first;
        found->second.stamp = stamp;
        count(found->second, 1);
        ++found_;
    } else {
        KnownFile& known = found->second;
        known.stamp.one_name = known.stamp.one_name && stamp.one_name;
        if (known.stamp == stamp && known.state != State::failed) {
            known.touched = false;  // whatever it was, the ctime would tell
            return true;
        }
        withdraw(known);
        set_state(directory, path, known, State::ready);  // counted with its old size for the last time
        known.stamp = stamp;
        set_state(directory, path, known, State::waiting);
    }
    found->second.attempts = 0;
    if (!recognise(directory, found->second, path)) enqueue(found->second, path);
    return true;
}

/// What is known of its content already is not worked out again.
bool Keeper::recognise(Directory const& directory, KnownFile& known, std::string const& path) {
    if (known.distrusted) return false;
    auto const remembered = memory_.find(path, known.stamp);
    if (!remembered) return false;
    if (remembered->path != path) memory_.learned_again(path, known.stamp, remembered->sha1, remembered->tiger_root);
    make_ready(directory, known, path, remembered->sha1, remembered->tiger_root);
    return true;
}

void Keeper::enqueue(KnownFile& known, std::string const& path) {
    if (known.queued) return;  // what is under way is looked at again when it ends
    known.queued = true;
    waiting_.push_back(path);
}

void Keeper::make_ready(Directory const& directory, KnownFile& known, std::string const& path, Sha1 const& sha1,
                        TigerHash const& root) {
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
    set_state(directory, path, known, State::ready);
    known.attempts = 0;
    known.touched = known.by_move = known.distrusted = false;
    known.file = file;
    changes_.emplace_back(Addition{file, directory.folder, wire::keywords(file->name)});
}

void Keeper::feed_pool() {
    auto const now = Clock::now();
    while (!delayed_.empty() && delayed_.begin()->first <= now) {
        waiting_.push_back(std::move(delayed_.begin()->second));
        delayed_.erase(delayed_.begin());
    }
    for (std::size_t room = pool_->room(); room > 0 && !waiting_.empty(); --room) {
        std::string const path = std::move(waiting_.front());
        waiting_.pop_front();
        feed(path);
    }
}

void Keeper::feed(std::string const& path) {
    KnownFile* const known = find(path);
    if (!known) return;
    if (known->state != State::waiting) {
        known->queued = false;
        return;
    }
    Directory const& directory = directory_of(path);
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
    pool_->add(std::move(job));
}

/// True: it is not to be hashed, or not now. Asked when it has been left alone for a while, so that everything that has
/// happened to it meanwhile is known.
bool Keeper::is_moved_or_linked(Directory const& directory, KnownFile& known, std::string const& path) {
    auto const moved = moves_.take(path, known.stamp);
    if (moved && directory.file_system.is_local && !known.distrusted && stamp_of(path) == known.stamp) {
        known.queued = false;
        memory_.learned_again(path, known.stamp, moved->sha1, moved->tiger_root);
        make_ready(directory, known, path, moved->sha1, moved->tiger_root);
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
void Keeper::release_names(FileStamp const& stamp) {
    auto const job = being_hashed_.find({stamp.device, stamp.inode});
    if (stamp.inode == 0 || job == being_hashed_.end()) return;
    waiting_.insert(waiting_.begin(), job->second.begin(), job->second.end());
    being_hashed_.erase(job);
}

void Keeper::take_result(HashResult result) {
    HashJob const& job = result.job;
    release_names(job.stamp);
    KnownFile* const known = find(job.path);
    // Gone or no longer shared: whoever noticed has seen to it.
    if (!known || *job.cancelled) return;
    known->queued = false;
    if (known->state != State::waiting) return;
    if (known->stamp != job.stamp) {
        enqueue(*known, job.path);
        return;
    }
    Directory const& directory = directory_of(job.path);
    if (result.digest) {
        ++hashed_;
        make_ready(directory, *known, job.path, result.digest->sha1, result.digest->tree.root());
        memory_.learned(job.path, job.stamp, std::move(*result.digest));
    } else if (result.changed) {
        try_again(*known, job.path);
    } else {
        set_state(directory, job.path, *known, State::failed);
        left_out(directory.folder).add(job.path, LeftOutReason::unreadable);
    }
}

/// A file that changed while it was hashed: later, and more and more so, until the next change or sweep.
void Keeper::try_again(KnownFile& known, std::string const& path) {
    Directory const& directory = directory_of(path);
    auto const stamp = stamp_of(path);
    set_state(directory, path, known, State::ready);
    if (stamp) known.stamp = *stamp;
    ++known.attempts;
    bool const give_up = !stamp || known.attempts >= hash_attempts_max;
    set_state(directory, path, known, give_up ? State::failed : State::waiting);
    known.queued = !give_up;
    if (give_up) left_out(directory.folder).add(path, LeftOutReason::changing);
    else delayed_.emplace(Clock::now() + first_retry * (1 << (known.attempts - 1)), path);
}

/// It was offered and turned out not to be what was hashed: whatever is remembered of it, it is hashed.
void Keeper::take_recheck(std::string const& path) {
    KnownFile* const known = find(path);
    if (!known || known->state != State::ready) return;
    withdraw(*known);
    memory_.forget(path);
    known->distrusted = true;
    if (auto const stamp = stamp_of(path)) known->stamp = *stamp;
    set_state(directory_of(path), path, *known, State::waiting);
    enqueue(*known, path);
}

void Keeper::take_event(FileEvent const& event) {
    KnownFile* const known = find(event.path);
    switch (event.kind) {
    case FileEvent::Kind::touched:
        moves_.touched(event.path);
        if (!known || known->state != State::ready) return;
        // Its ctime cannot tell: it was taken over from a move, or the file system keeps none worth the name.
        if (known->by_move || known->stamp.inode == 0) take_recheck(event.path);
        else known->touched = true;
        return;
    case FileEvent::Kind::moved_from:
        if (moves_.left_again(event.cookie, event.path)) return;
        if (known && known->state == State::ready && !known->touched && known->stamp.one_name)
            moves_.left(event.cookie, {known->stamp, known->file->sha1, known->file->tiger_root});
        return;
    case FileEvent::Kind::moved_to:
        (void)moves_.arrived(event.cookie, event.path);
        return;
    }
}

}  // namespace praline::library
