#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "node/base/endpoint.hpp"
#include "webui/api/limits.hpp"
#include "webui/api/session_table.hpp"
#include "webui/index/index_control.hpp"

namespace praline::webui {

/// The status page, the API and the metrics of an index server, on its thread. Throws std::runtime_error with a sentence
/// when the address is not loopback or is taken.
class IndexApiServer {
public:
    IndexApiServer(boost::asio::io_context& io, IndexControl& control, Endpoint listen, std::string token,
                   SessionKeeping sessions = {}, ApiLimits limits = {});
    ~IndexApiServer();
    [[nodiscard]] Endpoint endpoint() const;
    /// "http://127.0.0.1:PORT/login?code=…": valid once, for ten minutes.
    [[nodiscard]] std::string one_time_login_link();
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::webui
