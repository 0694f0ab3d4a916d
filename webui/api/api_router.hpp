#pragma once

#include <span>
#include <string>
#include <vector>

#include "node/base/endpoint.hpp"
#include "webui/api/access.hpp"
#include "webui/api/api_request.hpp"
#include "webui/api/node_control.hpp"
#include "webui/api/page_assets.hpp"

namespace praline::webui {

struct Route;

/// Decides every request: who may ask, what is asked, what is answered. No socket, no clock.
/// Order: our own Host and Origin; proof of the token; proof that a change was meant; the route.
/// @threads one: the node's.
class ApiRouter {
public:
    /// @param listen  the address really bound, port included.
    ApiRouter(NodeControl const& node, Access& access, Endpoint listen, std::span<Asset const> assets);

    /// HEAD is answered wherever GET is. Never throws on a bad request; an exception of the node becomes status 500.
    [[nodiscard]] ApiResponse handle(ApiRequest const& request, Instant now);

private:
    [[nodiscard]] ApiResponse decide(ApiRequest const& request, Instant now);
    [[nodiscard]] ApiResponse serve_route(ApiRequest const& request, Instant now);
    [[nodiscard]] ApiResponse serve_page(ApiRequest const& request) const;

    NodeControl node_;
    Access& access_;
    std::string address_;
    std::uint16_t port_;
    std::span<Asset const> assets_;
};

}  // namespace praline::webui
