#pragma once

#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "webui/api/api_request.hpp"
#include "webui/api/limits.hpp"

namespace praline::webui {

class Connection;

/// What a connection needs of the server.
class ConnectionHost {
public:
    virtual ~ConnectionHost() = default;
    virtual ApiResponse answer(ApiRequest const& request) = 0;
    /// Of a request whose header has come.
    [[nodiscard]] virtual std::size_t body_bytes_max(ApiRequest const&) { return api_limits().body_bytes_max; }
    /// True: nothing may be asked of the node any more.
    [[nodiscard]] virtual bool stopped() const = 0;
    [[nodiscard]] virtual ApiLimits const& api_limits() const = 0;
    /// From now on the host may call `send`; returns what the stream begins with.
    virtual std::string begin_stream(Connection& connection, ApiResponse const& response) = 0;
    /// The connection is over; the host forgets it.
    virtual void end(Connection& connection) = 0;
};

/// What a connection is good for, the least first: where all places are taken, the oldest of the least is evicted.
enum class Standing { silent, unproven, idle, busy };

/// One HTTP/1.1 connection: requests one after the other, or an event stream at its end. @threads the io_context's one.
class Connection {
public:
    virtual ~Connection() = default;
    virtual void run(std::shared_ptr<ConnectionHost> host) = 0;
    /// Queues text of the event stream; over `stream_queue_bytes_max` the reader is too slow and is cut.
    virtual void send(std::string const& text) = 0;
    virtual void close() = 0;
    /// silent: no whole request has come yet. unproven: its caller has shown neither token nor session. idle: it has, and asks
    /// for nothing just now. busy: a request of it is under way, or it is an event stream; never evicted.
    [[nodiscard]] virtual Standing standing() const = 0;
    /// `ApiResponse::caller` of its last answer; empty while the host is asked for the next one.
    [[nodiscard]] virtual std::string const& caller() const = 0;
};

[[nodiscard]] std::shared_ptr<Connection> make_connection(boost::asio::ip::tcp::socket socket);

}  // namespace praline::webui
