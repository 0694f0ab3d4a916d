#include "transfer/library/keeper.hpp"

#include "node/wire/keywords.hpp"
#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {

/// Keeps the counters of the progress in step with one file's state.
void Keeper::count(KnownFile const& file, int by) {
    auto const signed_by = static_cast<std::uint64_t>(static_cast<std::int64_t>(by));
    if (file.state == State::waiting) {
        files_waiting_ += signed_by;
        bytes_waiting_ += signed_by * file.stamp.size_bytes;
    } else if (file.state == State::failed) {
        failed_ += signed_by;
    }
}

void Keeper::withdraw(KnownFile& known) {
    if (known.file) changes_.emplace_back(Removal{known.file->index});
    known.file.reset();
}

void Keeper::consider(Directory& directory, std::string const& path, std::string const& name, FileStamp stamp) {
    auto found = directory.files.find(name);
    if (found == directory.files.end()) {
        if (found_ >= options_.files_max) {
            set_problem(directory.folder, "Only the first " + std::to_string(options_.files_max) + " files are shared.");
            return;
        }
        found = directory.files.try_emplace(name).first;
        ++found_;
    } else {
        if (found->second.stamp == stamp && found->second.state != State::failed) return;
        withdraw(found->second);
        count(found->second, -1);
    }
    KnownFile& known = found->second;
    known.stamp = stamp;
    known.state = State::waiting;
    known.attempts = 0;
    count(known, 1);
    std::optional<Remembered> remembered;
    guarded([&] { remembered = store_.file(path); });
    if (remembered && FileStamp{remembered->size_bytes, remembered->mtime_ns} == stamp)
        make_ready(directory, known, path, remembered->sha1, remembered->tiger_root);
    else
        enqueue(known, path);
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
    file->sha1 = sha1;
    file->tiger_root = root;
    count(known, -1);
    known.state = State::ready;
    known.attempts = 0;
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
    Directory const& directory = directories_.at(path.substr(0, path.rfind('/')));
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    auto const age = now - std::chrono::nanoseconds{known->stamp.mtime_ns};
    // A time in the future says nothing about now.
    if (age >= std::chrono::nanoseconds{0} && age < quiet_time) {
        delayed_.emplace(Clock::now() + std::chrono::duration_cast<Clock::duration>(quiet_time - age), path);
        return;
    }
    HashJob job;
    job.path = path;
    job.virtual_path = directory.virtual_path + '/' + clean_name(std::string_view{path}.substr(path.rfind('/') + 1));
    job.stamp = known->stamp;
    job.folder = directory.folder;
    job.cancelled = roots_.at(directory.folder).cancelled;
    pool_->add(std::move(job));
}

void Keeper::take_result(HashResult result) {
    HashJob const& job = result.job;
    KnownFile* const known = find(job.path);
    // Gone or no longer shared: whoever noticed has seen to it.
    if (!known || *job.cancelled) return;
    known->queued = false;
    if (known->state != State::waiting) return;
    if (known->stamp != job.stamp) {
        enqueue(*known, job.path);
        return;
    }
    if (result.digest) {
        ++hashed_;
        Directory const& directory = directories_.at(job.path.substr(0, job.path.rfind('/')));
        make_ready(directory, *known, job.path, result.digest->sha1, result.digest->tree.root());
        puts_.push_back({job.path, job.stamp.mtime_ns, std::move(*result.digest)});
    } else if (result.changed) {
        try_again(*known, job.path);
    } else {
        count(*known, -1);
        known->state = State::failed;
        count(*known, 1);
    }
}

/// A file that changed while it was hashed: later, and more and more so, until the next change or sweep.
void Keeper::try_again(KnownFile& known, std::string const& path) {
    auto const stamp = stamp_of(path);
    count(known, -1);
    if (stamp) known.stamp = *stamp;
    ++known.attempts;
    bool const give_up = !stamp || known.attempts >= hash_attempts_max;
    known.state = give_up ? State::failed : State::waiting;
    count(known, 1);
    known.queued = !give_up;
    if (!give_up) delayed_.emplace(Clock::now() + first_retry * (1 << (known.attempts - 1)), path);
}

void Keeper::take_recheck(std::string const& path) {
    KnownFile* const known = find(path);
    if (!known || known->state != State::ready) return;
    withdraw(*known);
    forgotten_.push_back(path);
    write_down();
    known->state = State::waiting;
    if (auto const stamp = stamp_of(path)) known->stamp = *stamp;
    count(*known, 1);
    enqueue(*known, path);
}

}  // namespace praline::library
