#include "webui/api/api_router.hpp"

#include <algorithm>
#include <exception>

#include <spdlog/spdlog.h>

#include "node/base/bytes.hpp"
#include "node/base/text.hpp"
#include "webui/api/routes.hpp"

namespace praline::webui {
namespace {

bool is_api(std::string_view path) { return path == "/api" || path.starts_with("/api/"); }

/// A page of another site can make a browser send our cookie's requests, but neither with our Origin nor with this header.
bool change_was_meant(ApiRequest const& request) {
    return request.count("Origin") == 1 || request.header("X-Praline") == "1";
}

ApiResponse unauthorised() {
    auto response = error_response(401, "unauthorised", "Log in first: the token is missing or wrong.");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

ApiResponse wrong_method(std::string const& allowed) {
    auto response = error_response(405, "method_not_allowed", "This address takes only " + allowed + ".");
    response.headers.emplace_back("Allow", allowed);
    return response;
}

}  // namespace

ApiRouter::ApiRouter(NodeControl& node, Access& access, Endpoint listen, std::span<Asset const> assets)
    : node_{node}, access_{access}, address_{listen.address_text()}, port_{listen.port}, assets_{assets} {}

ApiResponse ApiRouter::handle(ApiRequest const& request, Instant now) {
    try {
        if (auto refusal = refuse_strangers(request, address_, port_)) return std::move(*refusal);
        auto const path = request.path();
        return is_api(path) || path == "/login" ? serve_route(request, now) : serve_page(request);
    } catch (std::exception const& trouble) {
        spdlog::error("The API could not answer {} {}: {}", request.method, request.path(), trouble.what());
        return error_response(500, "internal", "The node could not answer; its log says why.");
    }
}

ApiResponse ApiRouter::serve_route(ApiRequest const& request, Instant now) {
    auto const path = request.path();
    if (is_api(path)) {
        auto const proof = access_.proof(request);
        if (proof == Access::Proof::none) return unauthorised();
        if (proof == Access::Proof::cookie && request.method != "GET" && !change_was_meant(request))
            return error_response(403, "unproven", "A change by cookie needs the header X-Praline: 1.");
    }
    std::string allowed;
    for (Route const& route : routes()) {
        auto parameters = match(route.pattern, path);
        if (!parameters) continue;
        if (route.method == request.method)
            return route.handle(Call{node_, access_, request, std::move(*parameters), now});
        allowed += (allowed.empty() ? "" : ", ") + std::string{route.method};
    }
    if (!allowed.empty()) return wrong_method(allowed);
    return error_response(404, "not_found", "There is no such address.");
}

ApiResponse ApiRouter::serve_page(ApiRequest const& request) const {
    if (request.method != "GET") return wrong_method("GET");
    auto const find = [this](std::string_view path) {
        return std::find_if(assets_.begin(), assets_.end(), [&](Asset const& asset) { return asset.path == path; });
    };
    auto const path = request.path();
    bool const hashed = path.starts_with("/assets/");
    auto found = find(path);
    // Addresses inside the page are the page's business; a missing file is not.
    if (found == assets_.end() && !hashed) found = find("/index.html");
    if (found == assets_.end()) return error_response(404, "not_found", "There is no such file.");
    ApiResponse response;
    response.headers = {{"Content-Type", std::string{found->content_type}},
                        {"Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache"}};
    response.body = as_text(found->bytes);
    add_strict_headers(response);
    return response;
}

}  // namespace praline::webui
