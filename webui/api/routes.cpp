#include "webui/api/routes.hpp"

#include <algorithm>
#include <array>

#include "node/base/text.hpp"
#include "webui/api/limits.hpp"
#include "webui/api/page_assets.hpp"
#include "webui/api/views_json.hpp"

namespace praline::webui {
namespace {

namespace json = boost::json;

ApiResponse answer(json::value const& value, int status = 200) {
    ApiResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
    response.body = json::serialize(value);
    add_strict_headers(response);
    return response;
}

ApiResponse refuse(Refusal const& refusal) { return error_response(refusal.status, refusal.code, refusal.message); }
ApiResponse bad(std::string_view message) { return error_response(400, "bad_request", message); }

ApiResponse done(Outcome<Done> const& outcome, int status = 200) {
    return outcome.value ? answer(json::object{{"done", true}}, status) : refuse(outcome.refusal);
}

template <class View>
ApiResponse one(Outcome<View> const& outcome, int status = 200) {
    return outcome.value ? answer(to_json(*outcome.value), status) : refuse(outcome.refusal);
}

template <class View>
ApiResponse wrapped(char const* name, std::vector<View> const& views) {
    return answer(json::object{{name, list_json(views)}});
}

/// The body as an object; empty when it is anything else. Text that is not UTF-8 is refused by the parser.
std::optional<json::object> body_object(ApiRequest const& request) {
    json::parse_options options;
    options.max_depth = json_depth_max;
    boost::system::error_code trouble;
    auto value = json::parse(request.body, trouble, {}, options);
    if (trouble || !value.is_object()) return std::nullopt;
    return value.as_object();
}

std::optional<std::string> body_field(ApiRequest const& request, std::string_view name) {
    auto const object = body_object(request);
    if (!object) return std::nullopt;
    auto const* const value = object->if_contains(name);
    if (value == nullptr || !value->is_string() || trim(value->as_string()).empty()) return std::nullopt;
    return std::string{trim(value->as_string())};
}

/// Carries out `act` with a text field of the body.
template <class Act>
ApiResponse with_field(Call const& call, std::string_view name, Act act) {
    auto const value = body_field(call.request, name);
    if (!value) return bad("The body must be a JSON object with the text field \"" + std::string{name} + "\".");
    return act(*value);
}

template <class Act>
ApiResponse with_number(Call const& call, Act act) {
    auto const number = parse_number(call.parameters.at(0));
    if (!number || *number > UINT32_MAX) return error_response(404, "not_found", "There is nothing by that number.");
    return act(static_cast<std::uint32_t>(*number));
}

/// A number of the query: `fallback` when missing, empty when it is none.
std::optional<std::uint64_t> query_number(ApiRequest const& request, std::string_view name, std::uint64_t fallback) {
    auto const text = request.query(name);
    return text ? parse_number(*text) : std::optional{fallback};
}

ApiResponse status(Call const& c) { return answer(to_json(c.node.status())); }
ApiResponse peers(Call const& c) { return wrapped("peers", c.node.peers()); }
ApiResponse connect_peer(Call const& c) {
    return with_field(c, "address", [&](auto const& address) { return done(c.node.connect_peer(address), 202); });
}
ApiResponse disconnect_peer(Call const& c) {
    return with_number(c, [&](auto id) { return done(c.node.disconnect_peer(id)); });
}

ApiResponse searches(Call const& c) { return wrapped("searches", c.node.searches()); }
ApiResponse start_search(Call const& c) {
    return with_field(c, "text", [&](auto const& text) { return one(c.node.start_search(text), 201); });
}
ApiResponse search(Call const& c) {
    return with_number(c, [&](auto id) { return one(c.node.search(id)); });
}
ApiResponse stop_search(Call const& c) {
    return with_number(c, [&](auto id) { return done(c.node.stop_search(id)); });
}
ApiResponse delete_search(Call const& c) {
    return with_number(c, [&](auto id) { return done(c.node.delete_search(id)); });
}

/// Rows in order of change, one more than the page holds if there are more: asking again from the revision of the last
/// row loses nothing.
ApiResponse page_of_results(SearchView const& view, std::vector<ResultView> rows, std::size_t limit) {
    std::sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) { return a.revision < b.revision; });
    bool const more = rows.size() > limit;
    if (more) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
    auto const revision = more ? rows.back().revision : view.revision;
    return answer(json::object{{"revision", revision}, {"open", view.open}, {"rows", list_json(rows)}});
}

ApiResponse results(Call const& c) {
    auto const since = query_number(c.request, "since", 0);
    auto const limit = query_number(c.request, "limit", rows_default);
    if (!since || !limit || *limit == 0) return bad("`since` and `limit` must be numbers, `limit` at least 1.");
    return with_number(c, [&](auto id) {
        auto const view = c.node.search(id);
        if (!view.value) return refuse(view.refusal);
        auto const most = std::min<std::size_t>(*limit, rows_max);
        auto rows = c.node.results(id, *since, most + 1);
        if (!rows.value) return refuse(rows.refusal);
        return page_of_results(*view.value, std::move(*rows.value), most);
    });
}

ApiResponse downloads(Call const& c) { return wrapped("downloads", c.node.downloads()); }
ApiResponse start_download(Call const& c) {
    return with_field(c, "what", [&](auto const& what) { return one(c.node.start_download(what), 201); });
}
ApiResponse download(Call const& c) { return one(c.node.download(c.parameters.at(0))); }
ApiResponse pause_download(Call const& c) { return done(c.node.pause_download(c.parameters.at(0))); }
ApiResponse resume_download(Call const& c) { return done(c.node.resume_download(c.parameters.at(0))); }
ApiResponse delete_download(Call const& c) { return done(c.node.delete_download(c.parameters.at(0))); }
ApiResponse uploads(Call const& c) { return wrapped("uploads", c.node.uploads()); }

ApiResponse library(Call const& c) { return answer(to_json(c.node.library())); }
ApiResponse library_files(Call const& c) {
    auto const offset = query_number(c.request, "offset", 0);
    auto const limit = query_number(c.request, "limit", rows_default);
    if (!offset || !limit) return bad("`offset` and `limit` must be numbers.");
    return wrapped("files", c.node.library_files(*offset, std::min<std::size_t>(*limit, rows_max),
                                                 c.request.query("filter").value_or("")));
}
ApiResponse add_folder(Call const& c) {
    return with_field(c, "path", [&](auto const& path) { return done(c.node.add_folder(path), 202); });
}
ApiResponse remove_folder(Call const& c) {
    if (auto const path = c.request.query("path"); path && !path->empty()) return done(c.node.remove_folder(*path));
    return with_field(c, "path", [&](auto const& path) { return done(c.node.remove_folder(path)); });
}
ApiResponse rescan(Call const& c) { return done(c.node.rescan(), 202); }

ApiResponse settings(Call const& c) { return wrapped("settings", c.node.settings()); }
ApiResponse change_settings(Call const& c) {
    auto const changes = body_object(c.request);
    if (!changes || changes->empty()) return bad("The body must be a JSON object of settings and their new values.");
    for (auto const& [key, value] : *changes)
        if (value.is_structured() || value.is_null()) return bad("A setting is a text, a number, or true or false.");
    for (auto const& [key, value] : *changes) {
        auto const text = value.is_string() ? std::string{value.as_string()} : json::serialize(value);
        auto const outcome = c.node.change_setting(std::string{key}, text);
        if (!outcome.value) return refuse(outcome.refusal);
    }
    return settings(c);
}
ApiResponse shut_down(Call const& c) { return done(c.node.shut_down(), 202); }

ApiResponse events(Call const& c) {
    ApiResponse response;
    response.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}};
    add_strict_headers(response);
    response.event_stream = true;
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

/// Whoever holds the token may let a browser in. Host was checked: it is our own address.
ApiResponse new_login_link(Call const& c) {
    auto const link = "http://" + std::string{c.request.header("Host")} + "/login?code=" + c.access.new_login_code(c.now);
    return answer(json::object{{"link", link}}, 201);
}

ApiResponse login_by_link(Call const& c) {
    if (!c.access.redeem(c.request.query("code").value_or(""), c.now))
        return error_response(401, "bad_code", "This login link was used already or is older than ten minutes.");
    ApiResponse response;
    response.status = 303;
    response.headers = {{"Location", "/"},
                        {"Set-Cookie", c.access.new_session_cookie()},
                        {"Cache-Control", "no-store"}};
    add_strict_headers(response);
    return response;
}

ApiResponse login_by_token(Call const& c) {
    return with_field(c, "token", [&](auto const& token) {
        if (!c.access.token_matches(token)) return error_response(401, "bad_token", "This is not the node's token.");
        auto response = answer(json::object{{"done", true}});
        response.headers.emplace_back("Set-Cookie", c.access.new_session_cookie());
        return response;
    });
}

constexpr std::array table{
    Route{"GET", "/api/v1/status", status},
    Route{"GET", "/api/v1/peers", peers},
    Route{"POST", "/api/v1/peers", connect_peer},
    Route{"DELETE", "/api/v1/peers/{id}", disconnect_peer},
    Route{"GET", "/api/v1/searches", searches},
    Route{"POST", "/api/v1/searches", start_search},
    Route{"GET", "/api/v1/searches/{id}", search},
    Route{"GET", "/api/v1/searches/{id}/results", results},
    Route{"POST", "/api/v1/searches/{id}/stop", stop_search},
    Route{"DELETE", "/api/v1/searches/{id}", delete_search},
    Route{"GET", "/api/v1/downloads", downloads},
    Route{"POST", "/api/v1/downloads", start_download},
    Route{"GET", "/api/v1/downloads/{id}", download},
    Route{"POST", "/api/v1/downloads/{id}/pause", pause_download},
    Route{"POST", "/api/v1/downloads/{id}/resume", resume_download},
    Route{"DELETE", "/api/v1/downloads/{id}", delete_download},
    Route{"GET", "/api/v1/uploads", uploads},
    Route{"GET", "/api/v1/library", library},
    Route{"GET", "/api/v1/library/files", library_files},
    Route{"POST", "/api/v1/library/folders", add_folder},
    Route{"DELETE", "/api/v1/library/folders", remove_folder},
    Route{"POST", "/api/v1/library/rescan", rescan},
    Route{"GET", "/api/v1/settings", settings},
    Route{"PATCH", "/api/v1/settings", change_settings},
    Route{"POST", "/api/v1/shutdown", shut_down},
    Route{"POST", "/api/v1/login-links", new_login_link},
    Route{"GET", "/api/v1/events", events},
    Route{"GET", "/api/v1/openapi.json", openapi},
    Route{"GET", "/login", login_by_link, false},
    Route{"POST", "/login", login_by_token, false},
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
