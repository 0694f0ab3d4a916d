#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "node/base/endpoint.hpp"
#include "node/net/listener.hpp"
#include "webui/api/connection.hpp"

namespace praline::webui {

/// Accepts HTTP connections on loopback for a host that answers them. When all places are taken the oldest connection that
/// has shown least is evicted (see `Standing`). @threads the io_context's one.
class HttpListener {
public:
    /// @param who  begins the sentence of what is thrown (std::runtime_error): "The API".
    HttpListener(boost::asio::io_context& io, Endpoint listen, std::size_t connections_max, std::string const& who);
    ~HttpListener();
    HttpListener(HttpListener const&) = delete;
    HttpListener& operator=(HttpListener const&) = delete;

    /// Stays the same after `close`.
    [[nodiscard]] Endpoint endpoint() const { return bound_; }
    /// @pre `host` tells every `end` to `forget`.
    void open(std::shared_ptr<ConnectionHost> host);
    void forget(Connection& connection);
    /// Closes what `caller` has open. @pre it is not empty.
    void close_all_of(std::string const& caller);
    void close();

private:
    /// Evicts a connection if all places are taken. False: all are busy for callers that have proved themselves.
    bool make_place();

    net::Listener listener_;
    Endpoint bound_;
    std::size_t connections_max_;
    std::shared_ptr<ConnectionHost> host_;
    std::vector<std::shared_ptr<Connection>> connections_;  ///< the oldest first
};

}  // namespace praline::webui
