#include "transfer/library/library_indexer.hpp"

#include <algorithm>
#include <utility>

#include "transfer/library/limits.hpp"
#include "transfer/library/mounts.hpp"
#include "transfer/library/unix_time.hpp"

namespace praline::library {
namespace {

Watcher::Callbacks watcher_callbacks(std::shared_ptr<IndexerChannel> const& channel) {
    return {[channel](std::set<std::string> const& folders, std::vector<FileEvent> events) {
                channel->post_events(folders, std::move(events));
            },
            [channel] { channel->post([](IndexerInbox& inbox) { inbox.sweep = inbox.events_lost = true; }); },
            [channel] { channel->post([](IndexerInbox& inbox) { inbox.mounts_changed = true; }); }};
}

}  // namespace

LibraryIndexer::LibraryIndexer(Options const& options, std::string data_folder, std::weak_ptr<NodeThreadIndex> node)
    : options_{options},
      node_{std::move(node)},
      memory_{options.database},
      files_{roots_, options.files_max},
      changes_{roots_, files_, Clock::now()},
      next_sweep_{Clock::now() + options.sweep_every},
      hashes_{options.hash_threads,
              roots_,
              files_,
              memory_,
              changes_,
              [channel = channel_](HashResult result) {
                  channel->post([&](IndexerInbox& inbox) { inbox.hashed.emplace_back(std::move(result)); });
              }},
      watcher_{watcher_callbacks(channel_)},
      scanner_{std::move(data_folder),
               roots_,
               files_,
               memory_,
               hashes_,
               changes_,
               watcher_,
               [this](FolderId id) { on_settled(id); }} {
    thread_ = std::thread{[this] { run(); }};
}

LibraryIndexer::~LibraryIndexer() {
    channel_->post([](IndexerInbox& inbox) { inbox.stop = true; });
    thread_.join();
}

void LibraryIndexer::add_folder(FolderId id, StoredFolder folder, bool is_new) {
    channel_->post([&](IndexerInbox& inbox) {
        inbox.folders.push_back(
            {is_new ? FolderCommand::Act::start_new : FolderCommand::Act::start, id, std::move(folder)});
    });
}

void LibraryIndexer::remove_folder(FolderId id) {
    channel_->post([&](IndexerInbox& inbox) { inbox.folders.push_back({FolderCommand::Act::end, id, {}}); });
}

void LibraryIndexer::remember_folder(StoredFolder folder) {
    channel_->post([&](IndexerInbox& inbox) {
        inbox.folders.push_back({FolderCommand::Act::remember, 0, std::move(folder)});
    });
}

void LibraryIndexer::forget_folder(std::string const& path) {
    StoredFolder folder;
    folder.path = path;
    channel_->post([&](IndexerInbox& inbox) {
        inbox.folders.push_back({FolderCommand::Act::forget, 0, std::move(folder)});
    });
}

void LibraryIndexer::sweep() {
    channel_->post([](IndexerInbox& inbox) { inbox.sweep = true; });
}

void LibraryIndexer::recheck(std::string const& path) {
    channel_->post([&](IndexerInbox& inbox) { inbox.rechecks.insert(path); });
}

Progress LibraryIndexer::progress() const {
    Progress progress = channel_->progress();
    progress.current = hashes_.current();
    return progress;
}

void LibraryIndexer::run() {
    for (;;) {
        IndexerInbox inbox = wait_for_work();
        bool const stop = inbox.stop;
        on_inbox(std::move(inbox));
        if (stop) break;
        if (Clock::now() >= next_sweep_) start_sweep();
        if (scanner_.is_busy() && !changes_.is_full()) scanner_.scan_one();
        hashes_.feed_pool();
        update_progress();
        publish_batch();
        if (memory_.has_unsaved() && Clock::now() >= memory_.next_save() && changes_.empty()) {
            flush();
            update_progress();  // that hashes can be remembered again
        }
    }
    flush();
}

LibraryIndexer::Clock::time_point LibraryIndexer::wake_time() const {
    Clock::time_point wake = std::min(next_sweep_, hashes_.due());
    if (memory_.has_unsaved() && changes_.empty()) wake = std::min(wake, memory_.next_save());
    if (channel_->can_begin_batch()) wake = std::min(wake, changes_.due());
    return wake;
}

IndexerInbox LibraryIndexer::wait_for_work() {
    if (scanner_.is_busy() && !changes_.is_full()) return channel_->take();
    return channel_->wait(wake_time());
}

void LibraryIndexer::on_inbox(IndexerInbox inbox) {
    for (FolderCommand const& command : inbox.folders) on_command(command);
    if (inbox.stop) {
        for (HashResult& result : inbox.hashed) hashes_.on_result(std::move(result));
        return;
    }
    if (inbox.events_lost) {
        hashes_.forget_moves();
        files_.touch_all();
    }
    for (FileEvent const& event : inbox.events) hashes_.on_event(event);
    if (inbox.sweep) start_sweep();
    if (inbox.mounts_changed) scanner_.on_mounts_changed();
    for (std::string const& path : inbox.changed) scanner_.scan_again(path);
    for (std::string const& path : inbox.rechecks) hashes_.recheck(path);
    for (HashResult& result : inbox.hashed) hashes_.on_result(std::move(result));
}

void LibraryIndexer::on_command(FolderCommand const& command) {
    switch (command.act) {
        case FolderCommand::Act::start:
        case FolderCommand::Act::start_new: return start_folder(command);
        case FolderCommand::Act::end: return end_folder(command.id);
        case FolderCommand::Act::remember:
            return memory_.later([folder = command.folder](FileStore& store) { store.put_folder(folder); });
        case FolderCommand::Act::forget:
            return memory_.later(
                [path = command.folder.path](FileStore& store) { store.remove_folder(path, unix_seconds()); });
    }
}

void LibraryIndexer::start_folder(FolderCommand const& command) {
    roots_.add(command.id, command.folder, mounts_below(command.folder.path, mounts_here()));
    if (command.act == FolderCommand::Act::start_new)
        memory_.later([folder = command.folder](FileStore& store) { store.put_folder(folder); });
    scanner_.scan_root(command.id);
}

void LibraryIndexer::end_folder(FolderId id) {
    if (!roots_.contains(id)) return;
    std::string const path = roots_.at(id).folder.path;
    *roots_.at(id).cancelled = true;
    scanner_.drop(path);
    roots_.erase(id);
    scanner_.cancel(id);
    memory_.later([path](FileStore& store) { store.remove_folder(path, unix_seconds()); });
    flush();
}

/// What vanished while the node was not running is noted once a folder has been listed as a whole.
void LibraryIndexer::on_settled(FolderId id) {
    flush();
    memory_.with_store([&](FileStore& store) {
        store.settle(
            roots_.at(id).folder.path, [&](std::string const& path) { return files_.find(path) != nullptr; },
            unix_seconds());
    });
    expire();
}

void LibraryIndexer::start_sweep() {
    next_sweep_ = Clock::now() + options_.sweep_every;
    expire();
    scanner_.scan_all_roots();
}

void LibraryIndexer::expire() {
    if (Clock::now() < next_expiry_) return;
    next_expiry_ = Clock::now() + expire_every;
    flush();
    memory_.with_store([](FileStore& store) { store.expire(unix_seconds()); });
}

void LibraryIndexer::flush() { memory_.save(Clock::now(), unix_seconds()); }

void LibraryIndexer::update_progress() {
    Progress now;
    now.scanning = scanner_.is_busy();
    now.files_found = files_.found();
    now.files_waiting = files_.waiting();
    now.bytes_waiting = files_.bytes_waiting();
    now.files_failed = roots_.files_failed();
    now.watching = scanner_.watching();
    now.files_hashed = hashes_.hashed();
    now.problem = memory_.problem();
    if (channel_->set_progress(std::move(now))) changes_.note_progress();
}

void LibraryIndexer::publish_batch() {
    auto const now = Clock::now();
    if (!changes_.is_due(now) || !channel_->begin_batch()) return;
    flush();  // before a tree of it can be asked for
    auto const ready = std::make_shared<ChangeBatches::Ready>(*changes_.take(now));
    options_.post([node = node_, channel = channel_, ready] {
        if (auto const index = node.lock()) {
            index->files.apply(ready->batch);
            if (ready->notice && index->on_change) index->on_change();
        }
        channel->batch_applied();
    });
}

}  // namespace praline::library
