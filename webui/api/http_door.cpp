#include "webui/api/http_door.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace praline::webui {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds accept_again_after{200};

tcp::acceptor open_acceptor(asio::io_context& io, Endpoint listen, std::string const& who) {
    if (!listen.is_loopback())
        throw std::runtime_error{who + " listens on loopback only (127.0.0.1 or [::1]), not on " + listen.host_text() +
                                 "."};
    tcp::acceptor acceptor{io};
    boost::system::error_code trouble;
    auto const number = listen.address.v4_number();
    asio::ip::address const address =
        number ? asio::ip::address{asio::ip::address_v4{*number}} : asio::ip::address_v6{listen.address.bytes()};
    tcp::endpoint const where{address, listen.port};
    acceptor.open(where.protocol(), trouble);
    if (!trouble) acceptor.set_option(tcp::acceptor::reuse_address{true}, trouble);
    if (!trouble) acceptor.bind(where, trouble);
    if (!trouble) acceptor.listen(tcp::acceptor::max_listen_connections, trouble);
    if (trouble) throw std::runtime_error{who + " cannot listen on " + listen.text() + ": " + trouble.message() + "."};
    return acceptor;
}

}  // namespace

struct HttpDoor::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io, Endpoint listen, std::size_t the_connections_max, std::string const& who)
        : acceptor{open_acceptor(io, listen, who)},
          accept_timer{io},
          bound{listen.address, acceptor.local_endpoint().port()},
          connections_max{the_connections_max} {}

    void accept() {
        acceptor.async_accept([self = shared_from_this()](boost::system::error_code trouble, tcp::socket socket) {
            if (self->closed) return;
            if (trouble) return self->accept_later();
            if (self->make_place()) self->connections.emplace_back(make_connection(std::move(socket)))->run(self->host);
            self->accept();
        });
    }
    /// All callers have one address here, so what counts is what each has shown: the oldest connection of the least standing
    /// is evicted for the newcomer. False: all are busy for callers that have proved themselves.
    bool make_place() {
        if (connections.size() < connections_max) return true;
        auto const least =
            std::min_element(connections.begin(), connections.end(),
                             [](auto const& one, auto const& other) { return one->standing() < other->standing(); });
        if ((*least)->standing() == Standing::busy) return false;
        auto const evicted = *least;
        connections.erase(least);
        evicted->close();
        return true;
    }
    /// Out of descriptors, say: trying again at once would only burn the processor.
    void accept_later() {
        accept_timer.expires_after(accept_again_after);
        accept_timer.async_wait([self = shared_from_this()](boost::system::error_code trouble) {
            if (!trouble && !self->closed) self->accept();
        });
    }
    void close() {
        closed = true;
        boost::system::error_code ignored;
        acceptor.close(ignored);
        accept_timer.cancel();
        auto const open = connections;
        for (auto const& connection : open) connection->close();
        host.reset();
    }

    tcp::acceptor acceptor;
    asio::steady_timer accept_timer;
    Endpoint bound;
    std::size_t connections_max;
    std::shared_ptr<ConnectionHost> host;
    std::vector<std::shared_ptr<Connection>> connections;  ///< the oldest first
    bool closed = false;
};

HttpDoor::HttpDoor(asio::io_context& io, Endpoint listen, std::size_t connections_max, std::string const& who)
    : impl_{std::make_shared<Impl>(io, listen, connections_max, who)} {}
HttpDoor::~HttpDoor() { close(); }
Endpoint HttpDoor::endpoint() const { return impl_->bound; }
void HttpDoor::open(std::shared_ptr<ConnectionHost> host) {
    impl_->host = std::move(host);
    impl_->accept();
}
void HttpDoor::forget(Connection& connection) {
    std::erase_if(impl_->connections, [&](auto const& known) { return known.get() == &connection; });
}
void HttpDoor::close() { impl_->close(); }

}  // namespace praline::webui
