#include "transfer/library/keeper.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "transfer/library/limits.hpp"
#include "transfer/library/mounts.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {
namespace {

/// Small batches cost more than they are worth: that long results gather before they are handed over.
constexpr std::chrono::milliseconds gather_time{20};

}  // namespace

Keeper::Keeper(Options const& options, std::string data_folder, std::weak_ptr<NodeSide> node)
    : options_{options}, node_{std::move(node)}, data_folder_{std::move(data_folder)}, memory_{options.database},
      next_sweep_{Clock::now() + options.sweep_every}, next_hand_over_{Clock::now()}, next_notice_{Clock::now()} {
    auto const channel = channel_;
    auto const tell = [channel](auto const& change) {
        {
            std::lock_guard const lock{channel->mutex};
            change(channel->inbox);
        }
        channel->wake.notify_one();
    };
    pool_ = std::make_unique<HashPool>(options.hash_threads, [tell](HashResult result) {
        tell([&](Inbox& inbox) { inbox.hashed.emplace_back(std::move(result)); });
    });
    watcher_ = std::make_unique<Watcher>(Watcher::Callbacks{
        [tell](std::set<std::string> const& folders, std::vector<FileEvent> events) {
            tell([&](Inbox& inbox) {
                inbox.changed.insert(folders.begin(), folders.end());
                inbox.events_lost = inbox.events_lost || inbox.events.size() + events.size() > events_waiting_max;
                if (inbox.events_lost) inbox.events.clear();
                else inbox.events.insert(inbox.events.end(), std::move_iterator{events.begin()}, std::move_iterator{events.end()});
            });
        },
        [tell] { tell([](Inbox& inbox) { inbox.sweep = inbox.events_lost = true; }); },
        [tell] { tell([](Inbox& inbox) { inbox.mounts_changed = true; }); }});
    watching_ = watcher_->works();
    thread_ = std::thread{[this] { run(); }};
}

Keeper::~Keeper() {
    {
        std::lock_guard const lock{channel_->mutex};
        channel_->inbox.stop = true;
    }
    channel_->wake.notify_one();
    thread_.join();
}

void Keeper::tell(std::function<void(Inbox&)> const& change) {
    {
        std::lock_guard const lock{channel_->mutex};
        change(channel_->inbox);
    }
    channel_->wake.notify_one();
}

void Keeper::add_folder(FolderId id, StoredFolder folder, bool is_new) {
    tell([&](Inbox& inbox) {
        inbox.folders.push_back({is_new ? FolderCommand::Act::start_new : FolderCommand::Act::start, id, std::move(folder)});
    });
}

void Keeper::remove_folder(FolderId id) {
    tell([&](Inbox& inbox) { inbox.folders.push_back({FolderCommand::Act::end, id, {}}); });
}

void Keeper::remember_folder(StoredFolder folder) {
    tell([&](Inbox& inbox) { inbox.folders.push_back({FolderCommand::Act::remember, 0, std::move(folder)}); });
}

void Keeper::forget_folder(std::string const& path) {
    tell([&](Inbox& inbox) {
        StoredFolder folder;
        folder.path = path;
        inbox.folders.push_back({FolderCommand::Act::forget, 0, std::move(folder)});
    });
}

void Keeper::sweep() {
    tell([](Inbox& inbox) { inbox.sweep = true; });
}

void Keeper::recheck(std::string const& path) {
    tell([&](Inbox& inbox) { inbox.rechecks.insert(path); });
}

Progress Keeper::progress() const {
    Progress progress;
    {
        std::lock_guard const lock{channel_->mutex};
        progress = channel_->progress;
    }
    progress.current = pool_->current();
    return progress;
}

void Keeper::run() {
    for (;;) {
        Inbox inbox = wait_for_work();
        bool const stop = inbox.stop;
        take(std::move(inbox));
        if (stop) break;
        if (Clock::now() >= next_sweep_) start_sweep();
        if (!tasks_.empty() && changes_.size() < changes_waiting_max) scan_one();
        feed_pool();
        publish();
        hand_over();
        if (memory_.has_unsaved() && Clock::now() >= memory_.next_save() && changes_.empty()) {
            save();
            publish();  // that hashes can be remembered again
        }
    }
    save();
}

Keeper::Clock::time_point Keeper::wake_time() const {
    Clock::time_point wake = next_sweep_;
    if (!delayed_.empty()) wake = std::min(wake, delayed_.begin()->first);
    if (memory_.has_unsaved() && changes_.empty()) wake = std::min(wake, memory_.next_save());
    if (channel_->batches_under_way < batches_under_way_max) {
        if (!changes_.empty()) wake = std::min(wake, next_hand_over_);
        if (worth_telling_ || has_reports()) wake = std::min(wake, next_notice_);
    }
    return wake;
}

Keeper::Inbox Keeper::wait_for_work() {
    std::unique_lock lock{channel_->mutex};
    bool const busy = !tasks_.empty() && changes_.size() < changes_waiting_max;
    auto const has_news = [&] {
        Inbox const& inbox = channel_->inbox;
        return inbox.stop || inbox.sweep || inbox.taken_in || !inbox.folders.empty() || !inbox.changed.empty() ||
               !inbox.rechecks.empty() || !inbox.events.empty() || inbox.events_lost || inbox.mounts_changed ||
               !inbox.hashed.empty();
    };
    if (!busy) channel_->wake.wait_until(lock, wake_time(), has_news);
    return std::exchange(channel_->inbox, {});
}

void Keeper::take(Inbox inbox) {
    for (FolderCommand const& command : inbox.folders) {
        switch (command.act) {
        case FolderCommand::Act::start:
        case FolderCommand::Act::start_new: start_folder(command); break;
        case FolderCommand::Act::end: end_folder(command.id); break;
        case FolderCommand::Act::remember: memory_.later([folder = command.folder](FileStore& store) { store.put_folder(folder); }); break;
        case FolderCommand::Act::forget:
            memory_.later([path = command.folder.path](FileStore& store) { store.remove_folder(path, unix_seconds()); });
            break;
        }
    }
    if (inbox.stop) {
        for (HashResult& result : inbox.hashed) take_result(std::move(result));
        return;
    }
    if (inbox.events_lost) {
        moves_.clear();
        for (auto& [path, directory] : directories_)
            for (auto& [name, known] : directory.files) known.touched = true;
    }
    for (FileEvent const& event : inbox.events) take_event(event);
    if (inbox.sweep) start_sweep();
    if (inbox.mounts_changed) look_at_mounts();
    for (std::string const& path : inbox.changed) {
        auto const known = directories_.find(path);
        if (known == directories_.end()) continue;
        Directory const& directory = known->second;
        add_task({path, directory.virtual_path, directory.folder, directory.depth, false}, true);
    }
    for (std::string const& path : inbox.rechecks) take_recheck(path);
    for (HashResult& result : inbox.hashed) take_result(std::move(result));
}

void Keeper::start_folder(FolderCommand const& command) {
    Root& root = roots_[command.id];
    root.folder = command.folder;
    root.mounts = mounts_below(command.folder.path, mounts_here());
    if (command.act == FolderCommand::Act::start_new)
        memory_.later([folder = command.folder](FileStore& store) { store.put_folder(folder); });
    add_task({command.folder.path, command.folder.virtual_name, command.id, 0, true}, false);
}

void Keeper::end_folder(FolderId id) {
    auto const root = roots_.find(id);
    if (root == roots_.end()) return;
    std::string const path = root->second.folder.path;
    *root->second.cancelled = true;
    drop_directory(path);
    roots_.erase(root);
    std::erase_if(tasks_, [&](ScanTask const& task) { return task.folder == id; });
    memory_.later([path](FileStore& store) { store.remove_folder(path, unix_seconds()); });
    save();
}

std::int64_t Keeper::unix_seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void Keeper::save() { memory_.save(Clock::now(), unix_seconds()); }

void Keeper::expire() {
    if (Clock::now() < next_expiry_) return;
    next_expiry_ = Clock::now() + expire_every;
    save();
    memory_.with_store([](FileStore& store) { store.expire(unix_seconds()); });
}

bool Keeper::has_reports() const {
    return std::any_of(roots_.begin(), roots_.end(), [](auto const& one) { return one.second.has_news(); });
}

std::vector<FolderReport> Keeper::reports() {
    std::vector<FolderReport> all;
    for (auto& [id, root] : roots_) {
        if (!root.has_news()) continue;
        root.news = false;
        root.told_version = root.left_out.version();
        all.push_back({id, root.problem, root.left_out.groups(root.folder.path)});
    }
    return all;
}

void Keeper::publish() {
    Progress now;
    now.scanning = !tasks_.empty();
    now.files_found = found_;
    now.files_waiting = files_waiting_;
    now.bytes_waiting = bytes_waiting_;
    for (auto const& [id, root] : roots_)
        now.files_failed += root.left_out.count(LeftOutReason::unreadable) + root.left_out.count(LeftOutReason::changing);
    now.watching = watching_;
    now.files_hashed = hashed_;
    now.problem = memory_.problem();
    std::lock_guard const lock{channel_->mutex};
    Progress& shown = channel_->progress;
    worth_telling_ = worth_telling_ || shown.scanning != now.scanning || shown.files_found != now.files_found ||
                     shown.files_waiting != now.files_waiting || shown.files_failed != now.files_failed ||
                     shown.watching != now.watching || shown.problem != now.problem;
    shown = std::move(now);
}

void Keeper::hand_over() {
    auto const now = Clock::now();
    bool const due = !changes_.empty() && (now >= next_hand_over_ || changes_.size() >= batch_files_max);
    bool const notice = (!changes_.empty() || worth_telling_ || has_reports()) && now >= next_notice_;
    if (!due && !notice) return;
    {
        std::lock_guard const lock{channel_->mutex};
        if (channel_->batches_under_way >= batches_under_way_max) return;
        ++channel_->batches_under_way;
    }
    save();  // before anybody can ask for a tree
    auto const batch = std::make_shared<Batch>();
    for (; !changes_.empty() && batch->changes.size() < batch_files_max; changes_.pop_front())
        batch->changes.emplace_back(std::move(changes_.front()));
    if (notice) batch->reports = reports();
    worth_telling_ = !notice;
    next_hand_over_ = now + gather_time;
    if (notice) next_notice_ = now + notify_every;
    options_.post([node = node_, channel = channel_, batch, notice] {
        if (auto const side = node.lock()) {
            side->shelf.apply(*batch);
            if (notice && side->on_change) side->on_change();
        }
        {
            std::lock_guard const lock{channel->mutex};
            --channel->batches_under_way;
            channel->inbox.taken_in = true;
        }
        channel->wake.notify_one();
    });
}

}  // namespace praline::library
