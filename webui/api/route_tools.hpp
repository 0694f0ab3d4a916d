#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/text.hpp"
#include "webui/api/limits.hpp"
#include "webui/api/routes.hpp"
#include "webui/api/views_json.hpp"

/// What handlers of routes share: reading requests, giving answers.
namespace praline::webui {

namespace json = boost::json;

/// Texts that are not UTF-8 (a name on the disk, a word of the command line) as readable_text has them.
[[nodiscard]] json::value readable(json::value const& value);

inline ApiResponse answer(json::value const& value, int status = 200) {
    ApiResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
    response.body = json::serialize(value);
    if (!is_valid_utf8(response.body)) response.body = json::serialize(readable(value));
    add_strict_headers(response);
    return response;
}

inline ApiResponse refuse(Refusal const& refusal) {
    if (refusal.ask_again) {
        ApiResponse later;
        later.ask_again = true;
        later.ask_again_after = disk_asked_every;
        return later;
    }
    return error_response(refusal.status, refusal.code, refusal.message);
}
inline ApiResponse bad(std::string_view message) { return error_response(400, "bad_request", message); }

inline ApiResponse done(Outcome<Done> const& outcome, int status = 200) {
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
inline std::optional<json::object> body_object(ApiRequest const& request) {
    json::parse_options options;
    options.max_depth = json_depth_max;
    boost::system::error_code error;
    auto value = json::parse(request.body, error, {}, options);
    if (error || !value.is_object()) return std::nullopt;
    return value.as_object();
}

inline std::optional<std::string> body_field(ApiRequest const& request, std::string_view name) {
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

/// No JSON; not to be kept.
inline ApiResponse plain_answer(std::string_view content_type, std::string body, int status = 200) {
    ApiResponse response;
    response.status = status;
    response.headers = {{"Content-Type", std::string{content_type}}, {"Cache-Control", "no-store"}};
    response.body = std::move(body);
    add_strict_headers(response);
    return response;
}

/// What `/healthz` says to monitors: one word, and a status that is 200 while all is well.
inline ApiResponse health(int status, std::string_view word) {
    return plain_answer("text/plain; charset=utf-8", std::string{word} + '\n', status);
}

/// A number of the query: `fallback` when missing, empty when it is none.
inline std::optional<std::uint64_t> query_number(ApiRequest const& request, std::string_view name,
                                                 std::uint64_t fallback) {
    auto const text = request.query(name);
    return text ? parse_number(*text) : std::optional{fallback};
}

}  // namespace praline::webui
