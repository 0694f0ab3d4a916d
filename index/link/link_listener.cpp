#include "index/link/link_listener.hpp"

#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include "index/link/connection.hpp"
#include "node/log/log.hpp"
#include "node/net/listener.hpp"
#include "node/net/pending_connections.hpp"

namespace praline::index::link {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// A connection whose handshake is under way.
struct PendingLink {
    PendingLink(net::AcceptedConnection accepted, net::TlsContextPtr const& context)
        : stream{std::move(accepted.socket), context}, remote{accepted.remote}, place{std::move(accepted.place)} {}
    net::Stream stream;
    Endpoint remote;
    std::shared_ptr<void> place;
    net::PendingConnections::Id id = 0;

    void close() {
        stream.close();
        place.reset();
    }
};
using PendingLinkPtr = std::shared_ptr<PendingLink>;

}  // namespace

struct LinkListener::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io, Ed25519Key const& own, LinkLimits const& the_limits,
         std::function<void(FramedLinkPtr)> the_on_link)
        : own_key{own.public_key()},
          context{net::make_tls_context(own)},
          limits{the_limits},
          on_link{std::move(the_on_link)},
          listener{io, {.connections_of_address_max = limits.links_of_address_max}},
          handshakes{io,
                     {limits.handshakes_max, limits.handshakes_of_address_max,
                      std::chrono::milliseconds{limits.handshake_ms_max}}} {}

    PublisherId own_key;
    net::TlsContextPtr context;
    LinkLimits limits;
    std::function<void(FramedLinkPtr)> on_link;
    net::Listener listener;
    net::PendingConnections handshakes;
    std::uint64_t failed = 0;

    void take(net::AcceptedConnection accepted) {
        auto const remote = accepted.remote;
        try {
            begin_handshake(std::make_shared<PendingLink>(std::move(accepted), context));
        } catch (std::exception const& error) {
            log::warn("A connection from {} cannot be served: {}.", remote.text(), error.what());
            ++failed;
        }
    }

    void begin_handshake(PendingLinkPtr const& link) {
        link->id = handshakes.add(link->remote, [link] { link->close(); });
        // The stream must live as long as its handshake, also when the listener is closed meanwhile.
        link->stream.async_handshake(net::TlsSide::server, [self = shared_from_this(), link](error_code error) {
            self->on_handshake(link, error);
        });
    }

    void on_handshake(PendingLinkPtr const& link, error_code error) {
        if (!handshakes.remove(link->id)) return;  // evicted, or all of them closed
        if (error || !link->stream.socket().is_open()) {
            ++failed;
            log::debug("{} did not get through the handshake: {}.", link->remote.text(), error.message());
            return link->close();
        }
        auto const key = link->stream.proved_key();
        Proof const proof{key, key == own_key};
        on_link(make_link(std::make_shared<Connection>(std::move(link->stream), link->remote, proof, limits,
                                                       std::move(link->place))));
    }

    void close() {
        listener.close();
        handshakes.close_all();
    }
};

LinkListener::LinkListener(asio::io_context& io, Endpoint listen, Ed25519Key const& own, LinkLimits limits,
                           std::function<void(FramedLinkPtr)> on_link)
    : impl_{std::make_shared<Impl>(io, own, limits, std::move(on_link))} {
    if (auto const error = impl_->listener.open(listen)) {
        throw std::runtime_error{"The index server cannot listen at " + listen.text() + ": " + error.message() +
                                 ". Choose another address or port with --listen."};
    }
    impl_->listener.start([impl = impl_.get()](net::AcceptedConnection accepted) { impl->take(std::move(accepted)); });
}

LinkListener::~LinkListener() { close(); }

Endpoint LinkListener::endpoint() const { return impl_->listener.endpoint(); }

std::uint64_t LinkListener::refused() const {
    return impl_->listener.refused() + impl_->handshakes.evicted() + impl_->failed;
}

void LinkListener::close() { impl_->close(); }

}  // namespace praline::index::link
