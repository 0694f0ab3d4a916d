#include "webui/index/index_router.hpp"

#include <exception>

#include "node/log/log.hpp"
#include "webui/api/exposition.hpp"
#include "webui/api/login.hpp"
#include "webui/api/page_assets.hpp"
#include "webui/api/page_file.hpp"
#include "webui/api/route_tools.hpp"
#include "webui/index/index_views.hpp"

namespace praline::webui {
namespace {

constexpr LoginWords login_words{"the server's", "praline --data DIR index status --login-link"};
constexpr std::string_view read_only = "GET, HEAD";

}  // namespace

IndexRouter::IndexRouter(IndexControl& server, Access& access, Endpoint listen)
    : server_{server}, access_{access}, address_{listen.host_text()}, port_{listen.port} {}

ApiResponse IndexRouter::handle(ApiRequest const& request, Instant now) {
    return answer_head_too(request, [&](ApiRequest const& asked) { return decide(asked, now); });
}

ApiResponse IndexRouter::decide(ApiRequest const& request, Instant now) {
    try {
        if (auto refusal = refuse_strangers(request, address_, port_)) return std::move(*refusal);
        return route(request, now);
    } catch (std::exception const& trouble) {
        log::error("The API could not answer {} {}: {}", request.method, request.path(), trouble.what());
        return error_response(500, "internal", "The server could not answer; its log says why.");
    }
}

ApiResponse IndexRouter::route(ApiRequest const& request, Instant now) {
    auto const path = request.path();
    // Open to everybody on this machine: the page holds nothing, and asks the API for all it shows.
    if (auto file = page_file(page_assets(), "/status.html", request)) return std::move(*file);
    if (path == "/login") return login(request, now);
    if (path == "/api/v1/proof" && request.method == "GET") return prove_node(access_, request);
    if (path == "/healthz") {
        if (request.method != "GET") return wrong_method(read_only);
        bool const draining = server_.status().draining;
        return health(draining ? 503 : 200, draining ? "draining" : "ok");
    }
    if (path != "/metrics" && !path.starts_with("/api/"))
        return error_response(404, "not_found", "There is no such address.");
    auto const verdict = access_.verdict(request, now);
    if (verdict.proof == Access::Proof::none)
        return unauthorised(
            verdict, "Log in first: the token is missing or wrong. It is in the file api-token of the data directory.");
    if (verdict.proof == Access::Proof::session && request.method != "GET" && !change_was_meant(request))
        return error_response(403, "unproven", "A change by a session needs the header X-Praline: 1.");
    auto response = protected_route(request, now);
    response.proven = true;
    return response;
}

ApiResponse IndexRouter::protected_route(ApiRequest const& request, Instant now) {
    auto const path = request.path();
    if (path == "/metrics")
        return request.method == "GET"
                   ? plain_answer(prometheus_content_type, prometheus_text(server_.status(), server_.version()))
                   : wrong_method(read_only);
    if (path == "/api/v1/index/status")
        return request.method == "GET" ? answer(to_json(server_.status(), server_.version())) : wrong_method(read_only);
    if (path == "/api/v1/index/drain") {
        if (request.method != "POST") return wrong_method("POST");
        server_.drain();
        return answer(json::object{{"done", true}}, 202);
    }
    if (path == "/api/v1/openapi.json")
        return request.method == "GET" ? plain_answer("application/json", std::string{openapi_text()})
                                       : wrong_method(read_only);
    if (path == "/api/v1/proof") return wrong_method(read_only);
    if (path == "/api/v1/login-links") {
        if (request.method != "POST") return wrong_method("POST");
        auto const link =
            "http://" + std::string{request.header("Host")} + "/login?code=" + access_.new_login_code(now);
        return answer(to_json(LoginLinkView{link}), 201);
    }
    return error_response(404, "not_found", "There is no such address.");
}

/// By a one-time link, or by the token itself.
ApiResponse IndexRouter::login(ApiRequest const& request, Instant now) {
    if (request.method == "GET") return login_by_link(access_, request, now, login_words);
    if (request.method == "POST") return login_by_token(access_, request, now, login_words);
    return wrong_method("GET, HEAD, POST");
}

}  // namespace praline::webui
