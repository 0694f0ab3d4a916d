#include "transfer/library/folder_scanner.hpp"

#include <utility>

#include "node/base/path_text.hpp"
#include "transfer/library/limits.hpp"
#include "transfer/library/mounts.hpp"
#include "transfer/library/unix_time.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {

void FolderScanner::scan_root(FolderId id) {
    auto const& folder = roots_.at(id).folder;
    add_task({folder.path, folder.virtual_name, id, 0, true}, false);
}

void FolderScanner::scan_all_roots() {
    for (auto const& [id, root] : roots_.all())
        if (root.tasks == 0) scan_root(id);
}

void FolderScanner::on_mounts_changed() {
    auto const mounts = mounts_here();
    for (auto& [id, root] : roots_.all()) {
        auto now = mounts_below(root.folder.path, mounts);
        if (now == root.mounts) continue;
        root.mounts = std::move(now);
        scan_root(id);
    }
}

void FolderScanner::scan_again(std::string const& path) {
    auto const* const directory = files_.find_directory(path);
    if (directory != nullptr)
        add_task({path, directory->virtual_path, directory->folder, directory->depth, false}, true);
}

void FolderScanner::add_task(Task task, bool first) {
    ++roots_.at(task.folder).tasks;
    if (first)
        tasks_.emplace_front(std::move(task));
    else
        tasks_.emplace_back(std::move(task));
}

void FolderScanner::cancel(FolderId id) {
    std::erase_if(tasks_, [&](Task const& task) { return task.folder == id; });
}

void FolderScanner::scan_one() {
    Task const task = std::move(tasks_.front());
    tasks_.pop_front();
    // Before the listing, so that what comes while it is read is noticed.
    if (!watcher_.watch(task.path)) watching_ = false;
    DirectoryListing const listing = list_directory(task.path);
    bool const too_many = listing.error == boost::system::errc::value_too_large;
    if (listing.error && !too_many) {
        on_unreadable(task, listing.error);
    } else {
        auto& left_out = roots_.left_out(task.folder);
        if (listing.file_system.is_real)
            left_out.remove(task.path);
        else
            left_out.add(task.path, LeftOutReason::special);
        if (too_many)
            roots_.set_problem(task.folder, path_text(task.path) + " has too many entries; some are left out.");
        else if (task.depth == 0)
            roots_.set_problem(task.folder, problem_of_root(task, listing));
        std::vector<LeftOutEntry> entries = listing.left_out;
        compare(task, listing, entries);
        visit_directories(task, listing, entries);
        left_out.replace(task.path, entries);
    }
    task_done(task.folder);
}

/// Files that have come, changed or gone.
void FolderScanner::compare(Task const& task, DirectoryListing const& listing, std::vector<LeftOutEntry>& entries) {
    KnownDirectory& directory = files_.open_directory(task.path);
    directory.folder = task.folder;
    directory.depth = task.depth;
    directory.virtual_path = task.virtual_path;
    directory.file_system = listing.file_system;
    drop_missing_files(directory, task.path, listing);
    for (auto const& [name, stamp] : listing.files)
        if (!hashes_.consider(directory, task.path + '/' + name, name, stamp))
            entries.push_back({name, LeftOutReason::too_many});
}

void FolderScanner::drop_missing_files(KnownDirectory& directory, std::string const& path,
                                       DirectoryListing const& listing) {
    for (auto known = directory.files.begin(); known != directory.files.end();) {
        auto const next = std::next(known);
        if (!listing.files.contains(known->first)) {
            std::string const gone = path + '/' + known->first;
            memory_.missing(gone);
            changes_.withdraw(known->second);
            files_.erase(directory, gone);
        }
        known = next;
    }
}

void FolderScanner::visit_directories(Task const& task, DirectoryListing const& listing,
                                      std::vector<LeftOutEntry>& entries) {
    std::vector<std::string> gone;
    for (std::string const& name : files_.open_directory(task.path).folders)
        if (!listing.folders.contains(name)) gone.push_back(name);
    for (std::string const& name : gone) drop(task.path + '/' + name);
    for (std::string const& name : listing.folders) {
        std::string path = task.path + '/' + name;
        if (path == own_folder_ || task.depth + 1 > depth_max) {
            entries.push_back({name, path == own_folder_ ? LeftOutReason::own_data : LeftOutReason::too_deep});
            continue;
        }
        if (!task.deep && files_.find_directory(path) != nullptr) continue;
        add_task({std::move(path), task.virtual_path + '/' + clean_name(name), task.folder, task.depth + 1, true},
                 true);
    }
    files_.open_directory(task.path).folders = listing.folders;
}

/// Its files are no longer shared, but remembered: the disk may be put back in tomorrow.
void FolderScanner::on_unreadable(Task const& task, boost::system::error_code error) {
    drop(task.path);
    std::string const path = path_text(task.path);
    if (task.depth == 0 && error == boost::system::errc::too_many_symbolic_link_levels)
        roots_.set_problem(task.folder,
                           path + " leads through a link now. Stop sharing it, and share the folder it leads to.");
    else if (task.depth == 0)
        roots_.set_problem(task.folder, path + " cannot be read: " + error.message() + ".");
    else if (error != boost::system::errc::no_such_file_or_directory)
        roots_.left_out(task.folder).add(task.path, LeftOutReason::unreadable);
}

/// A folder where a disk belongs is empty while the disk is out.
bool FolderScanner::is_missing_its_files(Task const& task, DirectoryListing const& listing) {
    if (!listing.files.empty() || !listing.folders.empty()) return false;
    if (!roots_.problem(task.folder).empty()) return true;  // as it was
    if (files_.has_files_in(task.path)) return true;
    bool remembered = false;
    memory_.with_store([&](FileStore& store) { remembered = store.remembers_any(task.path); });
    return remembered;
}

std::string FolderScanner::problem_of_root(Task const& task, DirectoryListing const& listing) {
    if (!is_missing_its_files(task, listing)) return {};
    return path_text(task.path) + " is empty now. What was shared from it is remembered; is its disk taken out?";
}

void FolderScanner::task_done(FolderId id) {
    SharedRoot& root = roots_.at(id);
    if (--root.tasks != 0 || root.settled) return;
    root.settled = true;
    settled_(id);
}

void FolderScanner::drop(std::string const& path) {
    watcher_.forget(path);
    if (files_.drop(path, [this](KnownFile& known) { changes_.withdraw(known); }))
        memory_.missing_in(path, unix_seconds());
}

}  // namespace praline::library
