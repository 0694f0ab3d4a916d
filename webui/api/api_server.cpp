#include "webui/api/api_server.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>

#include <spdlog/spdlog.h>

#include "webui/api/access.hpp"
#include "webui/api/api_router.hpp"
#include "webui/api/connection.hpp"
#include "webui/api/event_log.hpp"

namespace praline::webui {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

Instant now() {
    return Instant{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

/// Milliseconds since 1970: later than any number of an earlier life of the node, at less than a thousand events a second.
std::uint64_t first_sequence() {
    auto const since = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

tcp::acceptor open_acceptor(asio::io_context& io, Endpoint listen) {
    if (!listen.is_loopback())
        throw std::runtime_error{"The API listens on loopback only (127.0.0.1), not on " + listen.address_text() + "."};
    tcp::acceptor acceptor{io};
    boost::system::error_code trouble;
    tcp::endpoint const where{asio::ip::address_v4{listen.address}, listen.port};
    acceptor.open(where.protocol(), trouble);
    if (!trouble) acceptor.set_option(tcp::acceptor::reuse_address{true}, trouble);
    if (!trouble) acceptor.bind(where, trouble);
    if (!trouble) acceptor.listen(tcp::acceptor::max_listen_connections, trouble);
    if (trouble)
        throw std::runtime_error{"The API cannot listen on " + listen.address_text() + ":" +
                                 std::to_string(listen.port) + ": " + trouble.message() + "."};
    return acceptor;
}

}  // namespace

struct ApiServer::Impl : ConnectionHost, std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io, NodeControl& control, ApiOptions const& options)
        : acceptor{open_acceptor(io, options.listen)},
          join_timer{io},
          accept_timer{io},
          bound{options.listen.address, acceptor.local_endpoint().port()},
          access{options.token},
          router{control, access, bound, page_assets()},
          log{first_sequence()},
          connections_max{options.connections_max},
          limits{options.limits} {}

    ApiResponse answer(ApiRequest const& request) override {
        auto response = router.handle(request, now());
        if (response.event_stream && streams.size() >= limits.event_streams_max)
            return error_response(429, "too_many_streams", "Too many event streams are open; close a page of this node.");
        return response;
    }
    bool stopped() const override { return is_stopped; }
    ApiLimits const& api_limits() const override { return limits; }

    std::string begin_stream(Connection& connection, ApiResponse const& response) override {
        streams.insert(&connection);
        // The first line tells where the stream stands, so that one cut before its first event can be resumed.
        std::string begin = ": welcome\nid: " + std::to_string(log.last()) + "\n\n";
        if (response.resume_unknown) return begin + reset_text(log.last());
        if (!response.resume_after) return begin;
        auto const missed = log.after(*response.resume_after);
        if (!missed) return begin + reset_text(log.last());
        begin = ": welcome back\n\n";
        for (Event const& event : *missed) begin += stream_text(event);
        return begin;
    }
    void end(Connection& connection) override {
        streams.erase(&connection);
        std::erase_if(connections, [&](auto const& known) { return known.get() == &connection; });
    }

    void accept() {
        acceptor.async_accept([self = shared_from_this()](boost::system::error_code trouble, tcp::socket socket) {
            if (self->is_stopped) return;
            if (trouble) return self->accept_later();
            // Full: the newcomer is closed at once; those who are in stay.
            if (self->connections.size() < self->connections_max)
                (*self->connections.insert(make_connection(std::move(socket))).first)->run(self);
            self->accept();
        });
    }
    /// Out of descriptors, say: trying again at once would only burn the processor.
    void accept_later() {
        accept_timer.expires_after(limits.join_time);
        accept_timer.async_wait([self = shared_from_this()](boost::system::error_code trouble) {
            if (!trouble && !self->is_stopped) self->accept();
        });
    }

    void notify(Change change) {
        if (is_stopped) return;
        log.note(std::move(change));
        if (!joining) tell();
    }
    void tell() {
        joining = log.pending();
        if (!joining) return;
        std::string text;
        for (Event const& event : log.flush()) text += stream_text(event);
        auto const listeners = streams;  // a slow one may leave while it is told
        for (Connection* const stream : listeners) stream->send(text);
        join_timer.expires_after(limits.join_time);
        join_timer.async_wait([self = shared_from_this()](boost::system::error_code trouble) {
            if (!trouble && !self->is_stopped) self->tell();
        });
    }

    void stop() {
        is_stopped = true;
        boost::system::error_code ignored;
        acceptor.close(ignored);
        join_timer.cancel();
        accept_timer.cancel();
        auto const open = connections;
        for (auto const& connection : open) connection->close();
    }

    tcp::acceptor acceptor;
    asio::steady_timer join_timer, accept_timer;
    Endpoint bound;
    Access access;
    ApiRouter router;
    EventLog log;
    std::size_t connections_max;
    ApiLimits limits;
    std::set<std::shared_ptr<Connection>> connections;
    std::set<Connection*> streams;
    bool joining = false, is_stopped = false;
};

ApiServer::ApiServer(asio::io_context& io, NodeControl& control, ApiOptions options)
    : impl_{std::make_shared<Impl>(io, control, options)} {
    impl_->accept();
}
ApiServer::~ApiServer() { stop(); }
Endpoint ApiServer::endpoint() const { return impl_->bound; }
std::string ApiServer::one_time_login_link() {
    return "http://" + impl_->bound.text() + "/login?code=" + impl_->access.new_login_code(now());
}
void ApiServer::notify(Change change) { impl_->notify(std::move(change)); }
void ApiServer::stop() { impl_->stop(); }

}  // namespace praline::webui
