#include "transfer/library/keeper.hpp"

#include "node/base/path_text.hpp"
#include "transfer/library/limits.hpp"
#include "transfer/library/mounts.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {

void Keeper::start_sweep() {
    next_sweep_ = Clock::now() + options_.sweep_every;
    expire();
    for (auto const& [id, root] : roots_)
        if (root.tasks == 0) add_task({root.folder.path, root.folder.virtual_name, id, 0, true}, false);
}

/// A disk that was taken out or put back is noticed at once where it matters, and nowhere else.
void Keeper::look_at_mounts() {
    auto const mounts = mounts_here();
    for (auto& [id, root] : roots_) {
        auto now = mounts_below(root.folder.path, mounts);
        if (now == root.mounts) continue;
        root.mounts = std::move(now);
        add_task({root.folder.path, root.folder.virtual_name, id, 0, true}, false);
    }
}

void Keeper::add_task(ScanTask task, bool first) {
    ++roots_.at(task.folder).tasks;
    if (first)
        tasks_.emplace_front(std::move(task));
    else
        tasks_.emplace_back(std::move(task));
}

void Keeper::scan_one() {
    ScanTask const task = std::move(tasks_.front());
    tasks_.pop_front();
    // Before the listing, so that what comes while it is read is noticed.
    if (!watcher_->watch(task.path)) watching_ = false;
    DirectoryListing const listing = list_directory(task.path);
    bool const too_many = listing.error == boost::system::errc::value_too_large;
    if (listing.error && !too_many) {
        folder_unreadable(task, listing.error);
    } else {
        if (listing.file_system.is_real) left_out(task.folder).remove(task.path);
        else left_out(task.folder).add(task.path, LeftOutReason::special);
        if (too_many) set_problem(task.folder, path_text(task.path) + " has too many entries; some are left out.");
        else if (task.depth == 0) set_problem(task.folder, problem_of_root(task, listing));
        std::vector<LeftOutEntry> entries = listing.left_out;
        compare(task, listing, entries);
        visit_folders(task, listing, entries);
        left_out(task.folder).replace(task.path, entries);
    }
    task_done(task.folder);
}

/// Files that have come, changed or gone.
void Keeper::compare(ScanTask const& task, DirectoryListing const& listing, std::vector<LeftOutEntry>& entries) {
    Directory& directory = directories_[task.path];
    directory.folder = task.folder;
    directory.depth = task.depth;
    directory.virtual_path = task.virtual_path;
    directory.file_system = listing.file_system;
    for (auto known = directory.files.begin(); known != directory.files.end();) {
        if (listing.files.contains(known->first)) {
            ++known;
            continue;
        }
        std::string const path = task.path + '/' + known->first;
        memory_.missing(path);
        withdraw(known->second);
        set_state(directory, path, known->second, State::ready);
        --found_;
        known = directory.files.erase(known);
    }
    for (auto const& [name, stamp] : listing.files)
        if (!consider(directory, task.path + '/' + name, name, stamp)) entries.push_back({name, LeftOutReason::too_many});
}

void Keeper::visit_folders(ScanTask const& task, DirectoryListing const& listing, std::vector<LeftOutEntry>& entries) {
    auto const gone = [&] {
        std::vector<std::string> names;
        for (std::string const& name : directories_.at(task.path).folders)
            if (!listing.folders.contains(name)) names.push_back(name);
        return names;
    }();
    for (std::string const& name : gone) drop_directory(task.path + '/' + name);
    for (std::string const& name : listing.folders) {
        std::string path = task.path + '/' + name;
        if (path == data_folder_ || task.depth + 1 > depth_max) {
            entries.push_back({name, path == data_folder_ ? LeftOutReason::own_data : LeftOutReason::too_deep});
            continue;
        }
        if (!task.deep && directories_.contains(path)) continue;
        add_task({std::move(path), task.virtual_path + '/' + clean_name(name), task.folder, task.depth + 1, true}, true);
    }
    directories_.at(task.path).folders = listing.folders;
}

/// Its files are no longer shared, but remembered: the disk may be put back in tomorrow.
void Keeper::folder_unreadable(ScanTask const& task, boost::system::error_code error) {
    drop_directory(task.path);
    std::string const path = path_text(task.path);
    if (task.depth == 0 && error == boost::system::errc::too_many_symbolic_link_levels)
        set_problem(task.folder, path + " leads through a link now. Stop sharing it, and share the folder it leads to.");
    else if (task.depth == 0)
        set_problem(task.folder, path + " cannot be read: " + error.message() + ".");
    else if (error != boost::system::errc::no_such_file_or_directory)
        left_out(task.folder).add(task.path, LeftOutReason::unreadable);
}

/// A folder where a disk belongs is empty while the disk is out.
bool Keeper::is_missing_its_files(ScanTask const& task, DirectoryListing const& listing) {
    if (!listing.files.empty() || !listing.folders.empty()) return false;
    if (!roots_.at(task.folder).problem.empty()) return true;  // as it was
    for (auto at = directories_.lower_bound(task.path); at != directories_.end() && at->first.starts_with(task.path); ++at)
        if (is_within(at->first, task.path) && !at->second.files.empty()) return true;
    bool remembered = false;
    memory_.with_store([&](FileStore& store) { remembered = store.remembers_any(task.path); });
    return remembered;
}

std::string Keeper::problem_of_root(ScanTask const& task, DirectoryListing const& listing) {
    if (!is_missing_its_files(task, listing)) return {};
    return path_text(task.path) + " is empty now. What was shared from it is remembered; is its disk taken out?";
}

void Keeper::task_done(FolderId id) {
    Root& root = roots_.at(id);
    if (--root.tasks != 0 || root.settled) return;
    root.settled = true;
    save();
    memory_.with_store([&](FileStore& store) {
        store.settle(root.folder.path, [&](std::string const& path) { return find(path) != nullptr; }, unix_seconds());
    });
    expire();
}

/// A folder that is not there, or not to be shared, any more; its hashes are remembered.
void Keeper::drop_directory(std::string const& path) {
    watcher_->forget(path);
    bool any = false;
    FolderId folder = 0;
    for (auto at = directories_.lower_bound(path); at != directories_.end() && at->first.starts_with(path);) {
        if (!is_within(at->first, path)) {
            ++at;
            continue;
        }
        folder = at->second.folder;
        for (auto& [name, known] : at->second.files) {
            withdraw(known);
            count(known, -1);
            --found_;
            any = true;
        }
        at = directories_.erase(at);
    }
    if (folder != 0) left_out(folder).forget(path);
    if (any) memory_.missing_in(path, unix_seconds());
}

Keeper::KnownFile* Keeper::find(std::string const& path) {
    std::size_t const slash = path.rfind('/');
    if (slash == std::string::npos) return nullptr;
    auto const directory = directories_.find(path.substr(0, slash));
    if (directory == directories_.end()) return nullptr;
    auto const file = directory->second.files.find(path.substr(slash + 1));
    return file == directory->second.files.end() ? nullptr : &file->second;
}

void Keeper::set_problem(FolderId id, std::string problem) {
    Root& root = roots_.at(id);
    if (root.problem == problem) return;
    root.problem = std::move(problem);
    root.news = true;
}

}  // namespace praline::library
