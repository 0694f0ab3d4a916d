#pragma once

#include <string>

#include "node/base/endpoint.hpp"
#include "webui/api/access.hpp"
#include "webui/api/api_request.hpp"
#include "webui/index/index_control.hpp"

namespace praline::webui {

/// Decides every request to an index server's pages: who may ask, what is asked, what is answered. No socket, no clock.
/// Order: our own Host and Origin; proof of the token; proof that a change was meant; the route.   @threads one.
class IndexRouter {
public:
    /// @param listen  the address really bound, port included.
    IndexRouter(IndexControl& server, Access& access, Endpoint listen);
    /// HEAD is answered wherever GET is. Never throws on a bad request; an exception of the server becomes status 500.
    [[nodiscard]] ApiResponse handle(ApiRequest const& request, Instant now);

private:
    [[nodiscard]] ApiResponse decide(ApiRequest const& request, Instant now);
    [[nodiscard]] ApiResponse route(ApiRequest const& request, Instant now);
    [[nodiscard]] ApiResponse protected_route(ApiRequest const& request, Instant now);
    [[nodiscard]] ApiResponse login(ApiRequest const& request, Instant now);

    IndexControl& server_;
    Access& access_;
    std::string address_;
    std::uint16_t port_;
};

}  // namespace praline::webui
