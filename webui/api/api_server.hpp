#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "node/base/endpoint.hpp"
#include "webui/api/limits.hpp"
#include "webui/api/node_control.hpp"
#include "webui/api/session_table.hpp"
#include "webui/api/token_table.hpp"

namespace praline::webui {

struct ApiOptions {
    Endpoint listen;    ///< loopback only: anything else is refused; port 0: any free one
    std::string token;  ///< 43 characters base64url; compared in constant time
    std::size_t connections_max = 64;
    ApiLimits limits{};
    SessionKeeping sessions{};
    TokenKeeping tokens{};
};

/// The page and the REST API with its event stream (openapi.json), on the node's thread. Throws std::runtime_error with a
/// sentence when the address is not loopback or is taken.
class ApiServer {
public:
    ApiServer(boost::asio::io_context& io, NodeControl const& control, ApiOptions options);
    ~ApiServer();
    [[nodiscard]] Endpoint endpoint() const;
    /// "http://127.0.0.1:PORT/login?code=…": valid once, for ten minutes.
    [[nodiscard]] std::string one_time_login_link();
    /// Tells every event stream; bursts are joined (at most ~5 a second a topic).
    void notify(Change change);
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::webui
