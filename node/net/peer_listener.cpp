#include "node/net/peer_listener.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "node/net/listener.hpp"
#include "node/net/pending_connections.hpp"

namespace praline::net {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct PeerListener::Impl : std::enable_shared_from_this<Impl> {
    struct PendingPeer {
        tcp::socket socket;
        Endpoint remote;
        Bytes read{};
        PendingConnections::Id id = 0;
    };
    using PendingPeerPtr = std::shared_ptr<PendingPeer>;

    Impl(asio::io_context& io, PeerListenerLimits the_limits, Handler the_handler)
        : limits{the_limits},
          handler{std::move(the_handler)},
          listener{io, {.retry_after = limits.retry_after, .for_peers = true}},
          pending{io, {limits.undecided_max, limits.undecided_per_address_max, limits.first_bytes_within}} {}

    PeerListenerLimits limits;
    Handler handler;
    Listener listener;
    PendingConnections pending;

    void take(AcceptedConnection accepted) {
        error_code ignored;
        accepted.socket.non_blocking(true, ignored);
        auto const peer = std::make_shared<PendingPeer>(PendingPeer{std::move(accepted.socket), accepted.remote});
        peer->id = pending.add(peer->remote, [peer] {
            error_code error;
            peer->socket.close(error);
        });
        wait_for_bytes(peer);
    }

    void wait_for_bytes(PendingPeerPtr const& peer) {
        peer->socket.async_wait(tcp::socket::wait_read, [self = shared_from_this(), peer](error_code error) {
            if (error)
                self->pending.remove(peer->id);
            else
                self->read_some(peer);
        });
    }

    void read_some(PendingPeerPtr const& peer) {
        std::array<std::byte, 64> buffer{};
        error_code error;
        auto const room = std::min(buffer.size(), limits.first_bytes_max - peer->read.size());
        auto const count = peer->socket.read_some(asio::buffer(buffer.data(), room), error);
        if (error == asio::error::would_block) return wait_for_bytes(peer);
        if (error) {
            pending.remove(peer->id);
            return;
        }
        peer->read.insert(peer->read.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
        auto const protocol = recognise(peer->read);
        if (protocol == Protocol::undecided && peer->read.size() < limits.first_bytes_max) return wait_for_bytes(peer);
        if (!pending.remove(peer->id)) return;  // evicted meanwhile
        if (protocol == Protocol::gnutella || protocol == Protocol::http || protocol == Protocol::giv) {
            handler(protocol, std::move(peer->socket), peer->remote, std::move(peer->read));
        }
    }

    void stop() {
        listener.close();
        pending.close_all();
    }
};

PeerListener::PeerListener(asio::io_context& io, Endpoint listen, PeerListenerLimits limits, Handler handler)
    : impl_{std::make_shared<Impl>(io, limits, std::move(handler))} {
    if (auto const error = impl_->listener.open(listen)) {
        bool const taken = error == asio::error::address_in_use;
        throw std::runtime_error{"Peers cannot be served at " + listen.text() + ": " + error.message() + "." +
                                 (taken ? " A node may be running there already." : "") +
                                 " Choose another address or port with --listen ADDR:PORT; port 0 takes any free one."};
    }
    impl_->listener.start([impl = impl_.get()](AcceptedConnection accepted) { impl->take(std::move(accepted)); });
}

PeerListener::~PeerListener() { stop(); }

Endpoint PeerListener::endpoint() const { return impl_->listener.endpoint(); }
std::uint64_t PeerListener::accepted() const { return impl_->listener.accepted(); }
void PeerListener::stop() { impl_->stop(); }

}  // namespace praline::net
