// What concerns several downloads: lists of them, folders, and their order.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include <unistd.h>

#include "transfer/download/describe.hpp"
#include "transfer/download/manager_impl.hpp"
#include "transfer/download/orphan_files.hpp"
#include "transfer/download/safe_name.hpp"

namespace praline::download {

namespace {

/// Of all of them, in order.
std::vector<std::pair<Rank, Rank>> ranks_of(std::vector<JobTable::Moved> const& moved) {
    std::vector<std::pair<Rank, Rank>> ranks;
    for (auto const& one : moved) ranks.emplace_back(one.before, one.job->worker.rank);
    return ranks;
}

std::string path_of(DownloadList const& list, std::vector<Destination> const& places, std::size_t at) {
    auto const& below = places[at].below;
    return below.empty() ? list.files[at].name : below + '/' + list.files[at].name;
}

/// A file in whose place another one has a folder. @return a sentence; empty: there is none
std::string contradiction(DownloadList const& list, std::vector<Destination> const& places) {
    std::set<std::string> files;
    for (std::size_t at = 0; at < places.size(); ++at) files.insert(path_of(list, places, at));
    for (std::size_t at = 0; at < places.size(); ++at) {
        auto const path = path_of(list, places, at);
        for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
            if (auto const folder = path.substr(0, slash); files.contains(folder))
                return "\"" + folder + "\" cannot be a file and the folder of \"" + path + "\".";
    }
    return {};
}

/// Each file of the folder with where it goes. @return a sentence about the first that cannot be taken
std::string place_files(DownloadList& list, Destination const& group, std::vector<Destination>& places) {
    for (auto& file : list.files) {
        auto const& given = file.path.empty() ? file.name : file.path;
        auto path = relative_path(given.empty() ? no_name : std::string_view{given});
        if (!path.problem.empty())
            return "The path \"" + file.path + "\" cannot be taken for a file of a folder: it " + path.problem + ".";
        file.name = std::move(path.name);
        file.priority = list.priority;
        auto& to = places.emplace_back(group);
        to.below = std::move(path.below);
    }
    return contradiction(list, places);
}

bool is_active(State state) {
    return state == State::connecting || state == State::downloading || state == State::verifying ||
           state == State::stalled;
}

}  // namespace

DownloadManager::AddedList DownloadManager::Impl::add_list(DownloadList list) {
    if (context->is_stopped()) return {{}, {}, "The node is stopping."};
    if (list.files.empty()) return {{}, {}, "The list names no file."};
    if (list.files.size() > list_files_max)
        return {{}, {}, "One list may hold " + std::to_string(list_files_max) + " files at most."};
    auto const problem = folder_problem(list.folder);
    bool is_known = problem.has_value();
    if (list.group.empty())
        for (auto const& file : list.files)
            if (auto const job = context->jobs.find_same(file.urn, file.proof.get()))
                is_known = is_to_begin_anew(*job).has_value() && is_known;
    if (!is_known) return {{}, {}, {}, true};
    if (!problem->empty()) return {{}, {}, *problem};
    if (!list.group.empty()) return add_group(std::move(list));
    AddedList added;
    for (auto& file : list.files) {
        if (list.priority) file.priority = list.priority;
        if (!list.folder.empty()) file.folder = list.folder;
        added.files.push_back(add(std::move(file)));
    }
    return added;
}

DownloadManager::AddedList DownloadManager::Impl::add_group(DownloadList list) {
    if (context->jobs.size() + list.files.size() > context->options.limits.downloads_max)
        return {{}, {}, "There are too many downloads; remove some first."};
    Destination group;
    group.folder = list.folder;
    group.group = "folder-" + fresh_id();
    group.group_name = safe_name(list.group);
    std::vector<Destination> places;
    if (auto problem = place_files(list, group, places); !problem.empty()) return {{}, {}, std::move(problem)};
    for (auto const& file : list.files)
        if (auto problem = refusal(file); !problem.empty()) return {{}, {}, file.name + ": " + problem};
    // A folder that is asked for again stays one, with what is new in it.
    bool is_known = true;
    for (std::size_t at = 0; at < list.files.size(); ++at) {
        auto const job =
            context->jobs.find_same(list.files[at].urn, list.files[at].proof.get(), places[at], list.files[at].name);
        auto const is_anew = job ? is_to_begin_anew(*job) : std::optional{true};
        is_known = is_known && is_anew;
        if (is_anew == false) group.group = job->destination.group;
    }
    if (!is_known) return {{}, {}, {}, true};
    for (auto& to : places) to.group = group.group;
    AddedList added{group.group, {}, {}};
    for (std::size_t at = 0; at < list.files.size(); ++at) {
        auto const& file = list.files[at];
        auto job = context->jobs.find_same(file.urn, file.proof.get(), places[at], file.name);
        if (job && is_to_begin_anew(*job) == true) {
            remove(job);
            job = nullptr;
        }
        if (!job) job = make_job(file, places[at]);
        begin(job, file.sources);
        added.files.push_back({job->id, {}});
    }
    return added;
}

void DownloadManager::Impl::set_rank(std::vector<JobPtr> const& which, std::optional<Priority> priority,
                                     std::optional<Move> how) {
    std::vector<JobTable::Moved> moved;
    if (priority) moved = context->jobs.set_priority(which, *priority);
    context->turns.change(ranks_of(moved));
    for (auto const& one : moved) {
        context->save(*one.job);
        context->changed(*one.job);
    }
    if (!how) return context->wake_due();
    moved = context->jobs.move(which, *how);
    context->turns.change(ranks_of(moved));
    for (auto const& one : moved) {
        context->save(*one.job);
        context->changed(*one.job);
    }
    context->wake_due();
}

std::optional<std::string> DownloadManager::Impl::folder_problem(std::string const& folder) {
    if (folder.empty()) return std::string{};
    auto const error = context->folders.known(FolderLooks::What::made, folder);
    if (!error) return std::nullopt;
    return *error == 0 ? std::string{} : folder_refusal(folder, *error);
}

std::optional<bool> DownloadManager::Impl::is_to_begin_anew(Job const& job) {
    if (job.state != State::completed) return job.state == State::failed;
    auto const error = context->folders.known(FolderLooks::What::file, job.destination.path);
    if (!error) return std::nullopt;
    return *error != 0 && *error != ETIMEDOUT && !is_no_answer(*error);
}

void DownloadManager::Impl::set_folder(std::vector<JobPtr> const& which, std::string const& folder) {
    for (auto const& job : which) {
        if (job->state == State::completed || job->destination.folder == folder) continue;
        job->destination.folder = folder;
        context->save(*job);
        context->changed(*job);
        // It may have waited for the folder of before.
        job->worker.wake.cancel();
    }
}

DownloadInfo DownloadManager::Impl::info_of(Job const& job, std::optional<std::size_t> place) const {
    return describe(job, place, context->options.directory, now());
}

DownloadManager::AddedList DownloadManager::add_list(DownloadList list) {
    auto added = impl_->add_list(std::move(list));
    if (!added.ask_again) impl_->context->folders.forget();
    return added;
}

bool DownloadManager::pause(std::string const& id) {
    bool any = false;
    for (auto const& job : impl_->context->jobs.named(id)) any = impl_->pause(job) || any;
    return any;
}

bool DownloadManager::resume(std::string const& id) {
    bool any = false;
    for (auto const& job : impl_->context->jobs.named(id)) any = impl_->resume(job) || any;
    return any;
}

bool DownloadManager::remove(std::string const& id) {
    auto const which = impl_->context->jobs.named(id);
    for (auto const& job : which) impl_->remove(job);
    return !which.empty();
}

bool DownloadManager::set_priority(std::string const& id, Priority priority) {
    auto const which = impl_->context->jobs.named(id);
    impl_->set_rank(which, priority, {});
    return !which.empty();
}

std::string DownloadManager::move(std::string const& id, Move how) { return *change(id, {{}, how, {}}); }

std::optional<std::string> DownloadManager::change(std::string const& id, Change const& change) {
    auto const which = impl_->context->jobs.named(id);
    bool const is_step = change.move && *change.move != Move::first && *change.move != Move::last;
    if (which.size() > 1 && is_step) return "A folder can be moved to the first or the last place only.";
    if (change.folder) {
        auto problem = impl_->folder_problem(*change.folder);
        if (!problem) return std::nullopt;
        impl_->context->folders.forget();
        if (!problem->empty()) return problem;
        impl_->set_folder(which, *change.folder);
    }
    if (change.priority || change.move) impl_->set_rank(which, change.priority, change.move);
    return std::string{};
}

bool DownloadManager::exists(std::string const& id) const { return !impl_->context->jobs.named(id).empty(); }

void DownloadManager::set_active_max(std::size_t most) {
    impl_->context->turns.set_most(most);
    impl_->context->wake_due();
}

std::vector<DownloadInfo> DownloadManager::list() const { return changes(0).downloads; }

DownloadChanges DownloadManager::changes(std::uint64_t since) const {
    DownloadChanges found;
    found.revision = impl_->context->changes.revision();
    auto removed = impl_->context->changes.removed_since(since);
    found.is_all = !removed;
    if (removed) found.removed = std::move(*removed);
    auto const places = impl_->context->turns.places();
    for (auto const& job : impl_->context->jobs) {
        if (!found.is_all && job->progress.revision <= since) continue;
        auto const place = places.find(job->worker.rank);
        found.downloads.push_back(
            impl_->info_of(*job, place == places.end() ? std::nullopt : std::optional{place->second}));
    }
    return found;
}

std::optional<DownloadInfo> DownloadManager::find(std::string const& id) const {
    auto const job = impl_->context->jobs.find(id);
    if (!job) return std::nullopt;
    auto const places = impl_->context->turns.places();
    auto const place = places.find(job->worker.rank);
    return impl_->info_of(*job, place == places.end() ? std::nullopt : std::optional{place->second});
}

std::size_t DownloadManager::active() const {
    return static_cast<std::size_t>(std::count_if(impl_->context->jobs.begin(), impl_->context->jobs.end(),
                                                  [](JobPtr const& job) { return is_active(job->state); }));
}

std::vector<Orphan> DownloadManager::orphans() const {
    return orphans_in(impl_->context->options.partial_directory,
                      [this](std::string const& id) { return impl_->context->jobs.find(id) != nullptr; });
}

std::string DownloadManager::remove_orphan(std::string const& name) {
    auto const all = orphans();
    auto const at = std::find_if(all.begin(), all.end(), [&](Orphan const& one) { return one.name == name; });
    if (at == all.end()) return "No partial file without a download is called " + name + ".";
    if (::unlink(at->path.c_str()) == 0) return {};
    return "The file " + at->path + " cannot be deleted: " + std::strerror(errno) + ".";
}

}  // namespace praline::download
