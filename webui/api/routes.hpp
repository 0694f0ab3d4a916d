#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/time.hpp"
#include "webui/api/access.hpp"
#include "webui/api/api_request.hpp"
#include "webui/api/node_control.hpp"

namespace praline::webui {

/// What a handler may use.
struct Call {
    NodeControl const& node;
    Access& access;
    ApiRequest const& request;
    std::vector<std::string> parameters;  ///< decoded path segments that stand for {…}
    Instant now;
    Scope scope;              ///< of the caller, at least that of the route
    std::string_view caller;  ///< see `Access::Verdict`
};

/// One line of the table; openapi.json says the same, and a test compares them.
struct Route {
    std::string_view method, pattern;
    Scope scope;  ///< the least that a caller must have; none: open to every caller (the login itself)
    ApiResponse (*handle)(Call const&);
    bool takes_link = false;  ///< the content of a file, which a link opens too: see `Access::new_content_link`
};

[[nodiscard]] std::span<Route const> routes();

/// Segments of `path` that stand for {…}, decoded; empty optional when it does not match.
[[nodiscard]] std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path);

}  // namespace praline::webui
