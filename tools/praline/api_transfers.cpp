#include "tools/praline/api_transfers.hpp"

#include <algorithm>
#include <filesystem>

#include "tools/praline/download_content.hpp"
#include "tools/praline/download_request.hpp"
#include "tools/praline/views.hpp"

namespace praline {
namespace {

/// What a user may write there; an empty word is none.
std::string problem_of(std::string const& priority, std::string const& folder) {
    if (!priority.empty() && !download::parse_priority(priority)) return "priority must be high, normal or low.";
    if (folder.find('\0') != std::string::npos)
        return "The name of the folder holds a zero byte, which no folder can have.";
    if (!folder.empty() && !folder.starts_with('/'))
        return "The folder " + folder + " must be named by its whole path, which begins with /.";
    return {};
}

webui::Refusal ask_again() {
    webui::Refusal not_yet;
    not_yet.ask_again = true;
    return not_yet;
}

}  // namespace

std::string TransfersApi::downloads_folder() {
    return std::filesystem::absolute(downloads_directory(settings_.config())).string();
}

webui::Outcome<webui::DownloadView> TransfersApi::start_download(std::string const& what,
                                                                 webui::DownloadPlan const& plan) {
    if (auto problem = problem_of(plan.priority, plan.folder); !problem.empty()) return bad_request(std::move(problem));
    if (auto files = one_file_each({{what, {}, {}, {}, {}}}); files.size() > 1) {
        auto const added = start_downloads({{}, plan, std::move(files)});
        if (!added.value) return added.refusal;
        for (auto const& one : added.value->downloads)
            if (!one.id.empty()) return download(one.id);
        return bad_request(added.value->downloads.front().problem);
    }
    auto wanted = download_request(what, searches_.sessions());
    if (auto* const problem = std::get_if<std::string>(&wanted)) return bad_request(std::move(*problem));
    auto& request = std::get<download::Request>(wanted);
    request.priority = download::parse_priority(plan.priority);
    request.folder = plan.folder;
    // A hit from the overlay shows the way to a source that has to be asked to connect back; the index cannot.
    bool const way_wanted =
        std::any_of(request.sources.begin(), request.sources.end(),
                    [](download::Source const& source) { return source.push_needed && source.index == 0; });
    auto const urn = request.urn;
    auto const name = request.name;
    auto const added = downloads_.add(std::move(request));
    if (added.ask_again) return ask_again();
    if (added.id.empty()) return webui::Refusal{409, "not_started", added.problem};
    if (way_wanted) sources_.find(added.id, urn, name);
    notify_("downloads", added.id);
    return download(added.id);
}

webui::Outcome<webui::AddedDownloads> TransfersApi::start_downloads(webui::NewDownloads const& wanted) {
    if (auto problem = problem_of(wanted.plan.priority, wanted.plan.folder); !problem.empty())
        return bad_request(std::move(problem));
    auto read = download_requests(one_file_each(wanted.files), searches_.sessions());
    download::DownloadList list{wanted.group, {}, download::parse_priority(wanted.plan.priority), wanted.plan.folder};
    for (auto const& one : read)
        if (auto const* const problem = std::get_if<std::string>(&one); problem != nullptr && !wanted.group.empty())
            return bad_request(*problem);
    return add(std::move(read), std::move(list));
}

webui::Outcome<webui::AddedDownloads> TransfersApi::start_from_file(std::string const& text,
                                                                    webui::DownloadPlan const& plan) {
    if (auto problem = problem_of(plan.priority, plan.folder); !problem.empty()) return bad_request(std::move(problem));
    auto found = described_files(text, searches_.sessions());
    if (!found.problem.empty()) return bad_request(std::move(found.problem));
    return add(std::move(found.files), {found.group, {}, download::parse_priority(plan.priority), plan.folder});
}

webui::Outcome<webui::AddedDownloads> TransfersApi::add(ReadFiles read, download::DownloadList list) {
    webui::AddedDownloads added;
    for (auto& one : read) {
        auto& item = added.downloads.emplace_back();
        if (auto* const problem = std::get_if<std::string>(&one))
            item.problem = std::move(*problem);
        else
            list.files.push_back(std::move(std::get<download::Request>(one)));
    }
    if (list.files.empty()) return bad_request(added.downloads.front().problem);
    auto const done = downloads_.add_list(std::move(list));
    if (done.ask_again) return ask_again();
    if (!done.problem.empty()) return webui::Refusal{409, "not_started", done.problem};
    added.group = done.group;
    auto next = done.files.begin();
    for (auto& item : added.downloads) {
        if (!item.problem.empty()) continue;
        item = {next->id, next->problem};
        ++next;
    }
    notify_("downloads", {});
    return added;
}

webui::DownloadsView TransfersApi::downloads(std::uint64_t since) {
    auto const changes = downloads_.changes(since);
    webui::DownloadsView view;
    view.revision = changes.revision;
    view.complete = changes.is_all;
    view.removed = changes.removed;
    for (auto const& info : changes.downloads) view.downloads.push_back(view_of(info));
    return view;
}

webui::Outcome<webui::Done> TransfersApi::change_download(std::string const& id, webui::DownloadChange const& change) {
    if (!downloads_.exists(id)) return not_found("Download " + id);
    auto problem = problem_of(change.priority.value_or(""), change.folder.value_or(""));
    if (change.priority && change.priority->empty()) problem = problem_of("none", {});
    auto const move = change.move ? download::parse_move(*change.move) : std::nullopt;
    if (problem.empty() && change.move && !move) problem = "move must be first, earlier, later or last.";
    if (!problem.empty()) return bad_request(std::move(problem));
    auto const priority = change.priority ? download::parse_priority(*change.priority) : std::nullopt;
    auto const refused = downloads_.change(id, {priority, move, change.folder});
    if (!refused) return ask_again();
    if (!refused->empty()) return webui::Refusal{409, "not_changed", *refused};
    notify_("downloads", id);
    return webui::Done{};
}

webui::Outcome<webui::DownloadView> TransfersApi::download(std::string const& id) {
    auto const info = downloads_.find(id);
    if (!info) return not_found("Download " + id);
    return view_of(*info);
}

webui::Outcome<webui::Done> TransfersApi::pause_download(std::string const& id) {
    return done(downloads_.pause(id), id);
}
webui::Outcome<webui::Done> TransfersApi::resume_download(std::string const& id) {
    return done(downloads_.resume(id), id);
}
webui::Outcome<webui::Done> TransfersApi::delete_download(std::string const& id) {
    return done(downloads_.remove(id), id);
}

webui::Outcome<webui::Done> TransfersApi::done(bool found, std::string const& id) const {
    if (!found) return not_found("Download " + id + " in a state that allows this");
    notify_("downloads", id);
    return webui::Done{};
}

webui::Outcome<std::shared_ptr<webui::ContentSource>> TransfersApi::open_download(std::string const& id) {
    auto const info = downloads_.find(id);
    if (!info) return not_found("A download " + id);
    auto const refused = [](std::string sentence) { return webui::Refusal{409, "not_ready", std::move(sentence)}; };
    if (info->state == download::State::completed) {
        if (auto source = finished_content(*info)) return source;
        return refused("The finished file " + info->path + " is not there any more.");
    }
    if (info->state == download::State::failed) return refused("This download has failed: " + info->reason);
    bool const can_be_proved = info->size_bytes && info->slice_bytes > 0 && info->has_tree;
    if (!can_be_proved)
        return refused("Nothing of " + info->name +
                       " is proved before it is whole, as no source has given its Tiger tree so far.");
    return std::shared_ptr<webui::ContentSource>{std::make_shared<DownloadContent>(downloads_, *info)};
}

std::vector<webui::PartialView> TransfersApi::partials() {
    std::vector<webui::PartialView> views;
    for (auto const& one : downloads_.orphans()) views.push_back({one.name, one.path, one.size_bytes, one.changed_at});
    return views;
}

webui::Outcome<webui::Done> TransfersApi::delete_partial(std::string const& name) {
    if (auto const problem = downloads_.remove_orphan(name); !problem.empty())
        return webui::Refusal{404, "not_found", problem};
    return webui::Done{};
}

std::vector<webui::UploadView> TransfersApi::uploads() {
    std::vector<webui::UploadView> views;
    for (auto const& info : uploads_.server().uploads())
        views.push_back({info.remote.text(), info.user_agent, info.name, info.sending ? "sending" : "sent",
                         info.sent_bytes, info.range_bytes, info.bytes_per_second});
    return views;
}

}  // namespace praline
