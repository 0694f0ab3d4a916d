#include "webui/api/routes.hpp"

#include <algorithm>
#include <array>

#include "node/base/path_text.hpp"
#include "webui/api/access_routes.hpp"
#include "webui/api/content_routes.hpp"
#include "webui/api/download_routes.hpp"
#include "webui/api/exposition.hpp"
#include "webui/api/login.hpp"
#include "webui/api/node_metrics.hpp"
#include "webui/api/page_assets.hpp"
#include "webui/api/route_tools.hpp"
#include "webui/api/search_routes.hpp"

namespace praline::webui {
namespace {

ApiResponse status(Call const& c) { return answer(to_json(c.node.status.status())); }
ApiResponse peers(Call const& c) {
    return answer(
        json::object{{"peers", list_json(c.node.peers.peers())}, {"named", list_json(c.node.peers.named_peers())}});
}
ApiResponse connect_peer(Call const& c) {
    return with_field(c, "address", [&](auto const& address) { return done(c.node.peers.connect_peer(address), 202); });
}
ApiResponse forget_peer(Call const& c) {
    auto const address = c.request.query("address");
    if (!address || address->empty()) return bad("`address` must name a peer, such as 192.0.2.1:6346.");
    return done(c.node.peers.forget_peer(*address));
}
ApiResponse disconnect_peer(Call const& c) {
    return with_number(c, [&](auto id) { return done(c.node.peers.disconnect_peer(id)); });
}

ApiResponse download(Call const& c) { return one(c.node.transfers.download(c.parameters.at(0))); }
ApiResponse pause_download(Call const& c) { return done(c.node.transfers.pause_download(c.parameters.at(0))); }
ApiResponse resume_download(Call const& c) { return done(c.node.transfers.resume_download(c.parameters.at(0))); }
ApiResponse delete_download(Call const& c) { return done(c.node.transfers.delete_download(c.parameters.at(0))); }
ApiResponse partials(Call const& c) { return wrapped("partials", c.node.transfers.partials()); }
ApiResponse delete_partial(Call const& c) { return done(c.node.transfers.delete_partial(c.parameters.at(0))); }
ApiResponse uploads(Call const& c) { return wrapped("uploads", c.node.transfers.uploads()); }

ApiResponse library(Call const& c) { return answer(to_json(c.node.library.library())); }
ApiResponse library_files(Call const& c) {
    auto const offset = query_number(c.request, "offset", 0);
    auto const limit = query_number(c.request, "limit", rows_default);
    if (!offset || !limit) return bad("`offset` and `limit` must be numbers.");
    return wrapped("files", c.node.library.library_files(*offset, std::min<std::size_t>(*limit, rows_max),
                                                         c.request.query("filter").value_or("")));
}
ApiResponse add_folder(Call const& c) {
    return with_field(c, "path", [&](auto const& path) {
        auto const body = *body_object(c.request);
        auto const* const confirm = body.if_contains("confirm");
        if (confirm && !confirm->is_bool()) return bad("`confirm` must be true or false.");
        return done(c.node.library.add_folder(path_from_text(path), confirm && confirm->as_bool()), 202);
    });
}
ApiResponse remove_folder(Call const& c) {
    if (auto const path = c.request.query("path"); path && !path->empty())
        return done(c.node.library.remove_folder(path_from_text(*path)));
    return with_field(c, "path",
                      [&](auto const& path) { return done(c.node.library.remove_folder(path_from_text(path))); });
}
ApiResponse preview_folder(Call const& c) {
    auto const path = c.request.query("path");
    if (!path || path->empty()) return bad("`path` must name a folder.");
    auto const outcome = c.node.library.preview_folder(path_from_text(*path));
    if (!outcome.value) return refuse(outcome.refusal);
    if (*outcome.value) return answer(to_json(**outcome.value));
    ApiResponse later;
    later.ask_again = true;
    later.ask_again_after = preview_asked_every;
    return later;
}
ApiResponse rescan(Call const& c) { return done(c.node.library.rescan(), 202); }

ApiResponse settings(Call const& c) { return wrapped("settings", c.node.settings.settings()); }
std::optional<SettingChange> setting_change(std::string_view key, json::value const& value) {
    SettingChange change{.key = std::string{key}};
    if (value.is_null()) return change;
    if (value.is_object()) return std::nullopt;
    if (!value.is_array()) {
        change.text = value.is_string() ? std::string{value.as_string()} : json::serialize(value);
        return change;
    }
    change.items.emplace();
    for (auto const& item : value.as_array()) {
        if (!item.is_string()) return std::nullopt;
        change.items->emplace_back(item.as_string());
    }
    return change;
}
ApiResponse change_settings(Call const& c) {
    auto const changes = body_object(c.request);
    if (!changes || changes->empty()) return bad("The body must be a JSON object of settings and their new values.");
    std::vector<SettingChange> wanted;
    for (auto const& [key, value] : *changes) {
        auto change = setting_change(key, value);
        if (!change)
            return bad("A setting is a text, a number, true or false, a list of texts, or null to undo what was set.");
        wanted.push_back(std::move(*change));
    }
    auto const outcome = c.node.settings.change_settings(wanted);
    return outcome.value ? settings(c) : refuse(outcome.refusal);
}
ApiResponse shut_down(Call const& c) { return done(c.node.status.shut_down(), 202); }

ApiResponse events(Call const& c) {
    ApiResponse response;
    response.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}};
    add_strict_headers(response);
    response.event_stream = !c.request.head;
    if (auto const last = c.request.header("Last-Event-ID"); !last.empty()) {
        response.resume_after = parse_number(last);
        response.resume_unknown = !response.resume_after;
    }
    return response;
}

ApiResponse openapi(Call const&) {
    auto response = answer(nullptr);
    response.body = openapi_text();
    return response;
}

/// A caller with the token may let a browser in. Host was checked: it is our own address.
ApiResponse new_login_link(Call const& c) {
    auto const link =
        "http://" + std::string{c.request.header("Host")} + "/login?code=" + c.access.new_login_code(c.now);
    return answer(to_json(LoginLinkView{link}), 201);
}

constexpr LoginWords login_words{"the node's", "praline status --login-link"};
ApiResponse log_in_by_link(Call const& c) { return login_by_link(c.access, c.request, c.now, login_words); }
ApiResponse log_in_by_token(Call const& c) { return login_by_token(c.access, c.request, c.now, login_words); }
ApiResponse proof(Call const& c) { return prove_node(c.access, c.request); }
ApiResponse metrics(Call const& c) {
    return plain_answer(prometheus_content_type, prometheus_text(c.node.status.status()));
}
/// The node's thread answers: more need not be known to everybody.
ApiResponse healthz(Call const&) { return health(200, "ok"); }

using enum Scope;
constexpr std::array table{
    Route{"GET", "/api/v1/status", read, status},
    Route{"GET", "/api/v1/peers", read, peers},
    Route{"POST", "/api/v1/peers", control, connect_peer},
    Route{"DELETE", "/api/v1/peers", control, forget_peer},
    Route{"DELETE", "/api/v1/peers/{id}", control, disconnect_peer},
    Route{"GET", "/api/v1/searches", read, searches},
    Route{"POST", "/api/v1/searches", control, start_search},
    Route{"POST", "/api/v1/browse", control, browse},
    Route{"GET", "/api/v1/searches/{id}", read, search},
    Route{"GET", "/api/v1/searches/{id}/results", read, results},
    Route{"POST", "/api/v1/searches/{id}/stop", control, stop_search},
    Route{"DELETE", "/api/v1/searches/{id}", control, delete_search},
    Route{"GET", "/api/v1/strategies", read, strategies},
    Route{"GET", "/api/v1/history", read, history},
    Route{"DELETE", "/api/v1/history", control, forget_history},
    Route{"DELETE", "/api/v1/history/{id}", control, forget_history_entry},
    Route{"GET", "/api/v1/saved-searches", read, saved_searches},
    Route{"POST", "/api/v1/saved-searches", control, save_search},
    Route{"POST", "/api/v1/saved-searches/{id}/run", control, run_saved_search},
    Route{"DELETE", "/api/v1/saved-searches/{id}", control, delete_saved_search},
    Route{"GET", "/api/v1/downloads", read, downloads},
    Route{"POST", "/api/v1/downloads", control, start_download},
    Route{"POST", download_batch_path, control, start_downloads},
    Route{"POST", download_from_file_path, control, start_from_file},
    Route{"GET", "/api/v1/downloads/{id}", read, download},
    Route{"PATCH", "/api/v1/downloads/{id}", control, change_download},
    Route{"POST", "/api/v1/downloads/{id}/pause", control, pause_download},
    Route{"POST", "/api/v1/downloads/{id}/resume", control, resume_download},
    Route{"DELETE", "/api/v1/downloads/{id}", control, delete_download},
    Route{"GET", download_content_pattern, read, download_content, true},
    Route{"POST", "/api/v1/downloads/{id}/content-link", control, new_download_link},
    Route{"GET", "/api/v1/partials", read, partials},
    Route{"DELETE", "/api/v1/partials/{name}", control, delete_partial},
    Route{"GET", "/api/v1/uploads", read, uploads},
    Route{"GET", "/api/v1/library", read, library},
    Route{"GET", "/api/v1/library/files", read, library_files},
    Route{"POST", "/api/v1/library/folders", admin, add_folder},
    Route{"DELETE", "/api/v1/library/folders", admin, remove_folder},
    Route{"GET", "/api/v1/library/preview", admin, preview_folder},
    Route{"POST", "/api/v1/library/rescan", control, rescan},
    Route{"GET", library_content_pattern, read, library_content, true},
    Route{"POST", "/api/v1/library/{id}/content-link", control, new_library_link},
    Route{"GET", "/api/v1/library/{id}/metalink", read, library_metalink},
    Route{"GET", "/api/v1/library/{id}/torrent", read, library_torrent},
    Route{"GET", "/api/v1/settings", read, settings},
    Route{"PATCH", "/api/v1/settings", admin, change_settings},
    Route{"POST", "/api/v1/shutdown", admin, shut_down},
    Route{"POST", "/api/v1/login-links", admin, new_login_link},
    Route{"GET", "/api/v1/tokens", admin, tokens},
    Route{"POST", "/api/v1/tokens", admin, add_token},
    Route{"DELETE", "/api/v1/tokens/{name}", admin, revoke_token},
    Route{"GET", "/api/v1/sessions", admin, sessions},
    Route{"DELETE", "/api/v1/sessions/{id}", admin, revoke_session},
    Route{"GET", "/api/v1/events", read, events},
    Route{"GET", "/api/v1/openapi.json", read, openapi},
    Route{"GET", "/api/v1/proof", none, proof},
    Route{"GET", "/metrics", read, metrics},
    Route{"GET", "/healthz", none, healthz},
    Route{"GET", "/login", none, log_in_by_link},
    Route{"POST", "/login", none, log_in_by_token},
};

}  // namespace

std::span<Route const> routes() { return table; }

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    std::vector<std::string> found;
    while (true) {
        auto const pattern_end = std::min(pattern.find('/', 1), pattern.size());
        auto const path_end = std::min(path.find('/', 1), path.size());
        auto const wanted = pattern.substr(0, pattern_end);
        auto const given = path.substr(0, path_end);
        if (wanted.starts_with("/{")) {
            auto value = given.starts_with('/') ? percent_decode(given.substr(1)) : std::nullopt;
            if (!value || value->empty()) return std::nullopt;
            found.emplace_back(std::move(*value));
        } else if (wanted != given) {
            return std::nullopt;
        }
        pattern.remove_prefix(pattern_end);
        path.remove_prefix(path_end);
        if (pattern.empty() || path.empty()) break;
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return found;
}

}  // namespace praline::webui
