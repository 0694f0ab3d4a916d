#include "tools/praline/views.hpp"

#include "node/base/path_text.hpp"

#include <algorithm>
#include <chrono>

#include "search/session/content_kind.hpp"
#include "transfer/content/magnet.hpp"
#include "transfer/download/safe_name.hpp"

namespace praline {
namespace {

constexpr std::size_t map_characters_max = 200;

webui::SourceView view_of(download::Source const& source) {
    return {source.place(), source.name, source.vendor, source.push_needed, false, 0, std::nullopt};
}

}  // namespace

webui::Refusal not_found(std::string const& what) { return {404, "not_found", what + " does not exist."}; }
webui::Refusal bad_request(std::string problem) { return {400, "bad_request", std::move(problem)}; }

double seconds_between(Instant then, Instant now) { return std::chrono::duration<double>(now - then).count(); }

std::string magnet_of(Urn const& urn, std::string const& name, std::uint64_t size) {
    if (!urn.sha1 && !urn.tiger_root) return {};
    content::Magnet magnet;
    magnet.topics.push_back(urn);
    magnet.name = name;
    if (size > 0) magnet.size_bytes = size;
    return content::format_magnet(magnet);
}

std::string verified_map(std::vector<bool> const& verified) {
    if (verified.empty()) return {};
    auto const groups = std::min(verified.size(), map_characters_max);
    std::string map;
    for (std::size_t group = 0; group < groups; ++group) {
        auto const from = group * verified.size() / groups;
        auto const to = (group + 1) * verified.size() / groups;
        auto const done =
            static_cast<std::size_t>(std::count(verified.begin() + static_cast<std::ptrdiff_t>(from),
                                                verified.begin() + static_cast<std::ptrdiff_t>(to), true));
        map.push_back(done == 0 ? '0' : done == to - from ? '1' : '2');
    }
    return map;
}

webui::DownloadView view_of(download::DownloadInfo const& info) {
    webui::DownloadView view;
    view.id = info.id;
    // Asked for by its hash and not named by any source yet: the hash is all it can be called.
    bool const named = info.name != download::no_name;
    view.urn = info.urn.text();
    view.name = named ? info.name : view.urn;
    view.magnet = magnet_of(info.urn, named ? info.name : std::string{}, info.size_bytes.value_or(0));
    view.state = download::to_string(info.state);
    view.reason = info.reason;
    view.size_known = info.size_bytes.has_value();
    view.stalled_seconds = info.stalled_seconds;
    view.next_try_seconds = info.next_try_seconds;
    view.size_bytes = info.size_bytes.value_or(0);
    view.received_bytes = info.received_bytes;
    view.verified_bytes = info.verified_bytes;
    view.bytes_per_second = info.bytes_per_second;
    view.slice_bytes = info.slice_bytes;
    view.verified_map = verified_map(info.verified);
    for (auto const& source : info.sources) view.sources.push_back(view_of(source));
    view.path = info.path;
    view.priority = download::to_string(info.rank.priority);
    view.order = info.rank.order;
    view.queue_place = info.place;
    view.directory = path_text(info.directory);
    view.group = info.group;
    view.group_name = info.group_name;
    view.below = info.below;
    for (auto const& one : info.source_infos)
        view.source_details.push_back({one.source.place(), one.source.vendor, download::to_string(one.phase),
                                       one.received_bytes, one.verified_bytes, one.failed_bytes, one.bytes_per_second,
                                       one.latency_ms, one.next_try_seconds, one.trouble});
    return view;
}

webui::PeerView view_of(overlay::LinkInfo const& link, Instant now) {
    webui::PeerView view;
    view.id = link.peer.value();
    view.address = link.listening().value_or(link.remote).text();
    view.user_agent = link.user_agent;
    view.direction = link.direction == overlay::Direction::incoming ? "incoming" : "outgoing";
    view.kind = link.kind == overlay::LinkKind::to_ultrapeer ? "ultrapeer" : "leaf";
    view.compressed = link.deflate_in && link.deflate_out;
    view.query_routing = link.query_routing;
    view.connected_seconds = seconds_between(link.since, now);
    view.bytes_in = link.bytes_in;
    view.bytes_out = link.bytes_out;
    view.messages_in = link.messages_in;
    view.messages_out = link.messages_out;
    view.dropped_out = link.dropped_out;
    return view;
}

webui::NamedPeerView view_of(net::NamedPeer const& peer, bool connected) {
    using State = net::NamedPeer::State;
    webui::NamedPeerView view{peer.name, peer.endpoint ? peer.endpoint->text() : "", {}, peer.problem};
    if (connected) {
        view.state = "connected";
        view.problem.clear();
    } else if (peer.state == State::failed) {
        view.state = "failed";
    } else if (peer.state == State::connecting) {
        view.state = "connecting";
    } else {
        view.state = peer.problem.empty() ? "looking_up" : "unknown_name";
    }
    return view;
}

webui::IndexView view_of(index::client::ClientState const& state, library::Progress const& shared,
                         index::PublisherId const& publisher, std::optional<index::PublisherId> const& group_key) {
    webui::IndexView view;
    view.configured = true;
    if (state.signed_in) {
        view.server = state.signed_in->endpoint.text();
        if (auto const time = state.signed_in->round_trip)
            view.round_trip_milliseconds = std::chrono::duration<double, std::milli>(*time).count();
    }
    if (state.stand_by) view.stand_by = state.stand_by->endpoint.text();
    view.servers_known = state.servers.size();
    view.fail_overs = state.fail_overs;
    view.replicas = state.replicas;
    view.members = state.members;
    // A server that holds nothing of ours has nothing to acknowledge.
    bool const none_comes = !shared.scanning && shared.files_waiting == 0;
    bool const none_shared = none_comes && shared.files_ready == 0 && shared.files_found <= shared.files_failed;
    bool const none_told = state.own.number == 0 && state.held.number == 0;
    bool const all_listed = none_comes && (state.list_up_to_date || (none_shared && none_told));
    bool const nothing_to_tell = none_told && (none_shared || shared.files_ready > 0);
    view.published = state.signed_in && all_listed && (nothing_to_tell || state.replicated == state.own);
    view.publisher = publisher.hex();
    if (group_key) view.group_key = group_key->hex();
    view.problem = state.problem;
    return view;
}

namespace {

std::vector<webui::LeftOutView> views_of(std::vector<library::LeftOutGroup> const& groups) {
    std::vector<webui::LeftOutView> views;
    for (auto const& group : groups)
        views.push_back(
            {std::string{name_of(group.reason)}, std::string{explanation_of(group.reason)}, group.count, group.names});
    return views;
}

}  // namespace

webui::PreviewView view_of(library::FolderPreview const& look) {
    using Kind = library::Verdict::Kind;
    webui::PreviewView view;
    view.path = path_text(look.preview.path);
    view.verdict = look.verdict.kind == Kind::ordinary    ? "ordinary"
                   : look.verdict.kind == Kind::needs_yes ? "needs_confirmation"
                                                          : "refused";
    view.reason = look.verdict.reason;
    view.shared = look.shared;
    view.files = look.preview.files;
    view.bytes = look.preview.bytes;
    view.complete = look.preview.complete;
    view.names = look.preview.names;
    view.warnings = look.preview.warnings;
    view.left_out = views_of(look.preview.left_out);
    return view;
}

webui::LibraryView view_of(std::vector<library::Folder> const& folders, library::Progress const& progress) {
    webui::LibraryView view;
    for (auto const& folder : folders)
        view.folders.push_back({path_text(folder.path), folder.virtual_name, folder.problem, folder.files, folder.bytes,
                                folder.from_config, folder.needs_confirmation, views_of(folder.left_out)});
    view.scanning = progress.scanning;
    view.watching = progress.watching;
    view.files_found = progress.files_found;
    view.files_ready = progress.files_ready;
    view.files_waiting = progress.files_waiting;
    view.bytes_ready = progress.bytes_ready;
    view.bytes_waiting = progress.bytes_waiting;
    view.files_failed = progress.files_failed;
    view.current = progress.current;
    view.problem = progress.problem;
    return view;
}

std::vector<webui::SettingView> setting_views(Settings const& settings) {
    std::vector<webui::SettingView> views;
    for (auto const& row : setting_rows()) {
        webui::SettingView view{row.name,  value_of(settings.config(), row.name),
                                row.help,  to_string(settings.origin(row.name)),
                                !row.live, row.choices};
        view.list = row.list;
        auto items = row.get(settings.config());
        if (row.kind == ValueKind::path) {
            // As text that every reader of JSON takes, and that leads back to the path.
            view.value.clear();
            for (auto& item : items) {
                item = path_text(item);
                view.value += (view.value.empty() ? "" : ",") + item;
            }
        }
        if (row.list) view.values = std::move(items);
        view.problem = readable_text(settings.problem(row.name));
        views.push_back(std::move(view));
    }
    return views;
}

webui::ResultView view_of(std::uint32_t search, search::ResultRow const& row) {
    webui::ResultView view;
    view.id = std::to_string(search) + '-' + std::to_string(row.id);
    view.name = row.name;
    view.urn = row.urn.text();
    view.magnet = magnet_of(row.urn, row.name, row.size_bytes);
    view.kind = search::name_of(row.kind);
    view.size_bytes = row.size_bytes;
    view.revision = row.revision;
    for (auto const& source : row.sources) {
        view.sources.push_back({source.endpoint.text(), source.name, source.vendor, source.push_needed, source.busy,
                                source.hops, source.cached_seconds, source.indexed, source.browsable});
    }
    view.cached = row.is_cached();
    return view;
}

std::vector<std::pair<std::string, std::uint64_t>> counters_of(overlay::Counters const& c) { return overlay::named(c); }

}  // namespace praline
