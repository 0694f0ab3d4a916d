#include "transfer/library/keeper.hpp"

#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {

void Keeper::start_sweep() {
    next_sweep_ = Clock::now() + options_.sweep_every;
    for (auto const& [id, root] : roots_)
        if (root.tasks == 0) add_task({root.folder.path, root.folder.virtual_name, id, 0, true}, false);
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
        unreadable_.erase(task.path);
        if (too_many) set_problem(task.folder, task.path + " has too many entries; some are left out.");
        else if (task.depth == 0) set_problem(task.folder, "");
        compare(task, listing);
        visit_folders(task, listing);
    }
    task_done(task.folder);
}

/// Files that have come, changed or gone.
void Keeper::compare(ScanTask const& task, DirectoryListing const& listing) {
    Directory& directory = directories_[task.path];
    directory.folder = task.folder;
    directory.depth = task.depth;
    directory.virtual_path = task.virtual_path;
    for (auto known = directory.files.begin(); known != directory.files.end();) {
        if (listing.files.contains(known->first)) {
            ++known;
            continue;
        }
        forgotten_.push_back(task.path + '/' + known->first);
        withdraw(known->second);
        count(known->second, -1);
        --found_;
        known = directory.files.erase(known);
    }
    for (auto const& [name, stamp] : listing.files) consider(directory, task.path + '/' + name, name, stamp);
}

void Keeper::visit_folders(ScanTask const& task, DirectoryListing const& listing) {
    auto const gone = [&] {
        std::vector<std::string> names;
        for (std::string const& name : directories_.at(task.path).folders)
            if (!listing.folders.contains(name)) names.push_back(name);
        return names;
    }();
    for (std::string const& name : gone) drop_directory(task.path + '/' + name, true);
    for (std::string const& name : listing.folders) {
        std::string path = task.path + '/' + name;
        if (path == data_folder_ || task.depth + 1 > depth_max) continue;
        if (!task.deep && directories_.contains(path)) continue;
        add_task({std::move(path), task.virtual_path + '/' + clean_name(name), task.folder, task.depth + 1, true}, true);
    }
    directories_.at(task.path).folders = listing.folders;
}

/// Its files are no longer shared, but remembered: the disk may be put back in tomorrow.
void Keeper::folder_unreadable(ScanTask const& task, boost::system::error_code error) {
    drop_directory(task.path, false);
    unreadable_.erase(task.path);
    if (task.depth == 0)
        set_problem(task.folder, task.path + " cannot be read: " + error.message() + ".");
    else if (error != boost::system::errc::no_such_file_or_directory)
        unreadable_.insert(task.path);
}

void Keeper::task_done(FolderId id) {
    Root& root = roots_.at(id);
    if (--root.tasks != 0 || root.purged || !root.problem.empty()) return;
    root.purged = true;
    guarded([&] { store_.purge(root.folder.path, [&](std::string const& path) { return find(path) != nullptr; }); });
}

void Keeper::drop_directory(std::string const& path, bool forget) {
    watcher_->forget(path);
    for (auto at = directories_.lower_bound(path); at != directories_.end() && at->first.starts_with(path);) {
        if (!is_within(at->first, path)) {
            ++at;
            continue;
        }
        for (auto& [name, known] : at->second.files) {
            withdraw(known);
            count(known, -1);
            --found_;
            if (forget) forgotten_.push_back(at->first + '/' + name);
        }
        at = directories_.erase(at);
    }
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
    problems_.emplace_back(id, root.problem);
}

}  // namespace praline::library
