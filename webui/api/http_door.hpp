#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "node/base/endpoint.hpp"
#include "webui/api/connection.hpp"

namespace praline::webui {

/// Accepts HTTP connections on loopback for a host that answers them. When all places are taken the oldest connection that
/// has shown least is evicted (see `Standing`). @threads the io_context's one.
class HttpDoor {
public:
    /// @param who  begins the sentence of what is thrown (std::runtime_error): "The API".
    HttpDoor(boost::asio::io_context& io, Endpoint listen, std::size_t connections_max, std::string const& who);
    ~HttpDoor();
    [[nodiscard]] Endpoint endpoint() const;
    /// @pre `host` tells every `end` to `forget`.
    void open(std::shared_ptr<ConnectionHost> host);
    void forget(Connection& connection);
    void close();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::webui
