#include "transfer/library/shared_roots.hpp"

#include <algorithm>
#include <utility>

namespace praline::library {

void SharedRoots::add(FolderId id, StoredFolder folder, std::string mounts) {
    SharedRoot& root = roots_[id];
    root.folder = std::move(folder);
    root.mounts = std::move(mounts);
    notes_.try_emplace(id);
}

void SharedRoots::erase(FolderId id) {
    roots_.erase(id);
    notes_.erase(id);
}

void SharedRoots::set_problem(FolderId id, std::string problem) {
    Notes& notes = notes_.at(id);
    if (notes.problem == problem) return;
    notes.problem = std::move(problem);
    notes.problem_changed = true;
}

std::uint64_t SharedRoots::files_failed() const {
    std::uint64_t count = 0;
    for (auto const& [id, notes] : notes_)
        count += notes.left_out.count(LeftOutReason::unreadable) + notes.left_out.count(LeftOutReason::changing);
    return count;
}

bool SharedRoots::has_reports() const {
    return std::any_of(notes_.begin(), notes_.end(), [](auto const& one) { return one.second.has_news(); });
}

std::vector<FolderReport> SharedRoots::reports() {
    std::vector<FolderReport> all;
    for (auto& [id, notes] : notes_) {
        if (!notes.has_news()) continue;
        notes.problem_changed = false;
        notes.reported_version = notes.left_out.version();
        all.push_back({id, notes.problem, notes.left_out.groups(roots_.at(id).folder.path)});
    }
    return all;
}

}  // namespace praline::library
