#include "webui/api/api_router.hpp"

#include <exception>

#include "node/base/text.hpp"
#include "node/log/log.hpp"
#include "webui/api/login.hpp"
#include "webui/api/page_file.hpp"
#include "webui/api/routes.hpp"

namespace praline::webui {
namespace {

/// Where routes are; what is not there is a file of the page, or nothing.
bool is_of_routes(std::string_view path) {
    return path == "/api" || path.starts_with("/api/") || path == "/login" || path == "/metrics" || path == "/healthz";
}

/// The routes of `path`, by what a request with `method` gets.
struct Found {
    Route const* route = nullptr;         ///< null: there is none for the method
    std::vector<std::string> parameters;  ///< of `route`
    std::string allowed;                  ///< the methods of the address; empty: there is no such address
};

Found find_route(std::string_view method, std::string_view path) {
    Found found;
    for (Route const& route : routes()) {
        auto parameters = match(route.pattern, path);
        if (!parameters) continue;
        found.allowed +=
            (found.allowed.empty() ? "" : ", ") + std::string{route.method} + (route.method == "GET" ? ", HEAD" : "");
        if (route.method != method) continue;
        found.route = &route;
        found.parameters = std::move(*parameters);
    }
    return found;
}

/// @param allowed  the methods of the address; empty: there is no such address.
ApiResponse no_route(std::string const& allowed) {
    return allowed.empty() ? error_response(404, "not_found", "There is no such address.") : wrong_method(allowed);
}

}  // namespace

ApiRouter::ApiRouter(NodeControl const& node, Access& access, Endpoint listen, std::span<Asset const> assets)
    : node_{node}, access_{access}, address_{listen.host_text()}, port_{listen.port}, assets_{assets} {}

ApiResponse ApiRouter::handle(ApiRequest const& request, Instant now) {
    return answer_head_too(request, [&](ApiRequest const& asked) { return decide(asked, now); });
}

ApiResponse ApiRouter::decide(ApiRequest const& request, Instant now) {
    try {
        if (auto refusal = refuse_strangers(request, address_, port_)) return std::move(*refusal);
        auto const path = request.path();
        return is_of_routes(path) ? serve_route(request, now) : serve_page(request);
    } catch (std::exception const& error) {
        log::error("The API could not answer {} {}: {}", request.method, request.path(), error.what());
        return error_response(500, "internal", "The node could not answer; its log says why.");
    }
}

ApiResponse ApiRouter::serve_route(ApiRequest const& request, Instant now) {
    auto found = find_route(request.method, request.path());
    bool const open = found.route != nullptr && found.route->scope == Scope::none;
    Access::Verdict verdict;
    if (!open && request.path() != "/login") {
        bool const by_link = found.route != nullptr && found.route->takes_link && request.query("link");
        verdict = by_link
                      ? access_.link_verdict(request, content_scope(found.route->pattern, found.parameters.at(0)), now)
                      : access_.verdict(request, now);
        if (verdict.proof == Access::Proof::none)
            return unauthorised(verdict, by_link ? "This link to a file is over, or of another browser; make a new one."
                                                 : "Log in first: the token is missing or wrong.");
        if (found.route != nullptr && verdict.scope < found.route->scope)
            return beyond_scope(verdict.scope, found.route->scope);
        if (verdict.proof == Access::Proof::session && request.method != "GET" && !change_was_meant(request))
            return error_response(403, "unproven", "A change by a session needs the header X-Praline: 1.");
    }
    auto response = found.route == nullptr
                        ? no_route(found.allowed)
                        : found.route->handle(Call{node_, access_, request, std::move(found.parameters), now,
                                                   verdict.scope, verdict.caller});
    response.proven = verdict.proof != Access::Proof::none;
    response.caller = std::move(verdict.caller);
    return response;
}

ApiResponse ApiRouter::serve_page(ApiRequest const& request) const {
    if (auto file = page_file(assets_, "/index.html", request)) return std::move(*file);
    constexpr std::string_view sentence = "There is no such address.";
    return request.count("Accept") > 0 && wants_html(request) ? sentence_page(404, "Not found", sentence)
                                                              : error_response(404, "not_found", sentence);
}

}  // namespace praline::webui
