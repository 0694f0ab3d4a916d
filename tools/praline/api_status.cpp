#include "tools/praline/api_status.hpp"

#include "node/base/path_text.hpp"
#include "node/net/system_clock.hpp"
#include "tools/praline/version.hpp"
#include "tools/praline/views.hpp"

namespace praline {

StatusApi::StatusApi(NodeParts const& parts, std::vector<std::string> problems, std::function<void()> shut_down)
    : parts_{parts}, problems_{std::move(problems)}, shut_down_{std::move(shut_down)}, started_{net::now()} {}

webui::StatusView StatusApi::status() {
    webui::StatusView view;
    auto const& core = parts_.overlay.core();
    auto const& config = parts_.settings.config();
    view.version = program_version;
    view.mode = value_of(config, "mode");
    view.role = core.role() == overlay::Role::ultrapeer ? "ultrapeer" : "leaf";
    view.network = value_of(config, "network");
    view.listen = parts_.identity.advertised.text();
    view.data_directory = path_text(parts_.directory.path());
    view.downloads_directory = path_text(downloads_directory(config));
    view.user_agent = user_agent;
    view.servent_guid = parts_.identity.servent.hex();
    view.uptime_seconds = seconds_between(started_, net::now());
    for (auto const& link : core.links())
        ++(link.kind == overlay::LinkKind::to_ultrapeer ? view.links_to_ultrapeers : view.links_to_leaves);
    view.known_hosts = core.hosts().size();
    auto const progress = parts_.library.progress();
    view.library_problem = progress.problem;
    view.shared_files = progress.files_ready;
    view.shared_bytes = progress.bytes_ready;
    view.files_waiting = progress.files_waiting;
    for (auto const& search : parts_.searches.sessions().list()) view.searches_open += search.open ? 1 : 0;
    add_transfers(view);
    view.index = index_view();
    view.problems = problems_;
    for (auto& problem : parts_.settings.settings().problems()) view.problems.push_back(std::move(problem));
    view.counters = counters_of(core.counters());
    for (auto& one : search::named(parts_.search.counters())) view.counters.push_back(std::move(one));
    return view;
}

void StatusApi::add_transfers(webui::StatusView& view) const {
    view.downloads_active = parts_.downloads.active();
    view.bytes_downloaded = parts_.downloads.bytes_received();
    auto const& uploads = parts_.uploads.server();
    view.uploads_active = uploads.uploads().size();
    view.bytes_uploaded = uploads.bytes_sent();
}

webui::IndexView StatusApi::index_view() const {
    webui::IndexView view;
    auto const* const client = parts_.index.client();
    if (client != nullptr)
        return view_of(client->state(), parts_.library.progress(), client->publisher(), client->group_key());
    view.configured = !parts_.index.problem().empty();
    view.problem = parts_.index.problem();
    return view;
}

webui::Outcome<webui::Done> StatusApi::shut_down() {
    shut_down_();
    return webui::Done{};
}

}  // namespace praline
