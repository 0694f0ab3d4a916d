#include "transfer/library/keeper.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {
namespace {

/// Small batches cost more than they are worth: that long results gather before they are handed over.
constexpr std::chrono::milliseconds gather_time{20};

}  // namespace

Keeper::Keeper(Options const& options, std::string data_folder, std::weak_ptr<NodeSide> node)
    : options_{options}, node_{std::move(node)}, data_folder_{std::move(data_folder)}, store_{options.database},
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
        [tell](std::string const& folder) { tell([&](Inbox& inbox) { inbox.changed.insert(folder); }); },
        [tell] { tell([](Inbox& inbox) { inbox.sweep = true; }); }});
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

void Keeper::add_folder(FolderId id, StoredFolder folder, bool is_new) {
    {
        std::lock_guard const lock{channel_->mutex};
        channel_->inbox.folders.push_back({id, std::move(folder), true, is_new});
    }
    channel_->wake.notify_one();
}

void Keeper::remove_folder(FolderId id) {
    {
        std::lock_guard const lock{channel_->mutex};
        channel_->inbox.folders.push_back({id, {}, false, false});
    }
    channel_->wake.notify_one();
}

void Keeper::sweep() {
    {
        std::lock_guard const lock{channel_->mutex};
        channel_->inbox.sweep = true;
    }
    channel_->wake.notify_one();
}

void Keeper::recheck(std::string const& path) {
    {
        std::lock_guard const lock{channel_->mutex};
        channel_->inbox.rechecks.insert(path);
    }
    channel_->wake.notify_one();
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
    }
    write_down();
}

Keeper::Clock::time_point Keeper::wake_time() const {
    Clock::time_point wake = next_sweep_;
    if (!delayed_.empty()) wake = std::min(wake, delayed_.begin()->first);
    if (channel_->batches_under_way < batches_under_way_max) {
        if (!changes_.empty() || !problems_.empty()) wake = std::min(wake, next_hand_over_);
        if (worth_telling_) wake = std::min(wake, next_notice_);
    }
    return wake;
}

Keeper::Inbox Keeper::wait_for_work() {
    std::unique_lock lock{channel_->mutex};
    bool const busy = !tasks_.empty() && changes_.size() < changes_waiting_max;
    auto const has_news = [&] {
        Inbox const& inbox = channel_->inbox;
        return inbox.stop || inbox.sweep || inbox.taken_in || !inbox.folders.empty() || !inbox.changed.empty() ||
               !inbox.rechecks.empty() || !inbox.hashed.empty();
    };
    if (!busy) channel_->wake.wait_until(lock, wake_time(), has_news);
    return std::exchange(channel_->inbox, {});
}

void Keeper::take(Inbox inbox) {
    for (FolderCommand const& command : inbox.folders) {
        if (command.add)
            start_folder(command);
        else
            end_folder(command.id);
    }
    if (inbox.stop) {
        for (HashResult& result : inbox.hashed) take_result(std::move(result));
        return;
    }
    if (inbox.sweep) start_sweep();
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
    if (command.is_new) guarded([&] { store_.add_folder(command.folder); });
    add_task({command.folder.path, command.folder.virtual_name, command.id, 0, true}, false);
}

void Keeper::end_folder(FolderId id) {
    auto const root = roots_.find(id);
    if (root == roots_.end()) return;
    *root->second.cancelled = true;
    drop_directory(root->second.folder.path, false);
    std::erase_if(unreadable_, [&](std::string const& path) { return is_within(path, root->second.folder.path); });
    write_down();  // or what is still to be written would come back after it
    guarded([&] { store_.remove_folder(root->second.folder.path); });
    roots_.erase(root);
    std::erase_if(tasks_, [&](ScanTask const& task) { return task.folder == id; });
}

/// What is written survives; what cannot be written is hashed again after the next start, and the user is told why.
void Keeper::guarded(std::function<void()> const& with_database) {
    try {
        with_database();
        problem_.clear();
    } catch (store::DatabaseError const& error) {
        if (problem_.empty()) spdlog::warn("library: {}", error.what());
        problem_ = error.what();
    }
}

void Keeper::write_down() {
    if (puts_.empty() && forgotten_.empty()) return;
    guarded([&] {
        store::Transaction transaction{store_.database()};
        for (std::string const& path : forgotten_) store_.remove(path);
        for (Put const& put : puts_) store_.put(put.path, put.mtime_ns, put.digest);
        transaction.commit();
    });
    puts_.clear();
    forgotten_.clear();
}

void Keeper::publish() {
    Progress now;
    now.scanning = !tasks_.empty();
    now.files_found = found_;
    now.files_waiting = files_waiting_;
    now.bytes_waiting = bytes_waiting_;
    now.files_failed = failed_ + unreadable_.size();
    now.watching = watching_;
    now.files_hashed = hashed_;
    now.problem = problem_;
    std::lock_guard const lock{channel_->mutex};
    Progress& shown = channel_->progress;
    worth_telling_ = worth_telling_ || shown.scanning != now.scanning || shown.files_found != now.files_found ||
                     shown.files_waiting != now.files_waiting || shown.files_failed != now.files_failed ||
                     shown.watching != now.watching || shown.problem != now.problem;
    shown = std::move(now);
}

void Keeper::hand_over() {
    auto const now = Clock::now();
    bool const news = !changes_.empty() || !problems_.empty();
    bool const due = news && (now >= next_hand_over_ || changes_.size() >= batch_files_max);
    bool const notice = (news || worth_telling_) && now >= next_notice_;
    if (!due && !notice) return;
    {
        std::lock_guard const lock{channel_->mutex};
        if (channel_->batches_under_way >= batches_under_way_max) return;
        ++channel_->batches_under_way;
    }
    write_down();  // before anybody can ask for a tree
    auto const batch = std::make_shared<Batch>();
    for (; !changes_.empty() && batch->changes.size() < batch_files_max; changes_.pop_front())
        batch->changes.emplace_back(std::move(changes_.front()));
    batch->problems = std::exchange(problems_, {});
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
