#include <chrono>
#include <exception>
#include <map>
#include <stdexcept>

#include <spdlog/spdlog.h>

#include "index/link/connection.hpp"
#include "index/link/framed_link.hpp"
#include "node/base/fair_places.hpp"
#include "node/net/endpoints.hpp"

namespace praline::index::link {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds accept_again_after{1};

/// How many connections of each address are open, handshakes included.
struct Places {
    std::map<AddressPrefix, std::size_t> taken;

    /// Taken until the pointer goes; null: there is none left.
    static std::shared_ptr<void> take(std::shared_ptr<Places> const& places, AddressPrefix address,
                                      std::size_t count_max) {
        auto& count = places->taken[address];
        if (count >= count_max) {
            if (count == 0) places->taken.erase(address);
            return nullptr;
        }
        ++count;
        return {places.get(), [places, address](void*) {
                    auto const found = places->taken.find(address);
                    if (--found->second == 0) places->taken.erase(found);
                }};
    }
};

/// A connection whose handshake is under way.
struct Visitor {
    Visitor(tcp::socket socket, asio::ssl::context& context, Endpoint the_remote, std::shared_ptr<void> the_place)
        : deadline{socket.get_executor()},
          stream{std::move(socket), context},
          remote{the_remote},
          place{std::move(the_place)} {}
    asio::steady_timer deadline;
    TlsStream stream;
    Endpoint remote;
    std::shared_ptr<void> place;

    void close() {
        error_code ignored;
        stream.next_layer().close(ignored);
    }
};

}  // namespace

struct Door::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io, Ed25519Key const& own, LinkLimits const& the_limits,
         std::function<void(FramedLinkPtr)> the_on_link)
        : acceptor{io},
          retry{io},
          own_key{own.public_key()},
          context{make_tls_context(own)},
          limits{the_limits},
          on_link{std::move(the_on_link)},
          handshakes{{the_limits.handshakes_max, the_limits.handshakes_of_address_max}} {}

    tcp::acceptor acceptor;
    asio::steady_timer retry;
    PublisherId own_key;
    TlsContextPtr context;
    LinkLimits limits;
    std::function<void(FramedLinkPtr)> on_link;
    std::shared_ptr<Places> places = std::make_shared<Places>();
    std::map<std::uint64_t, std::shared_ptr<Visitor>> visitors;
    FairPlaces handshakes;  ///< by the numbers of `visitors`
    std::uint64_t last_visitor = 0;
    std::uint64_t refused = 0;

    void accept() {
        acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
            if (!self->acceptor.is_open()) return;
            if (error && error != asio::error::connection_aborted) return self->accept_later(error);
            if (!error) self->welcome(std::move(socket));
            self->accept();
        });
    }

    /// Out of descriptors, most likely: trying again at once would spin.
    void accept_later(error_code error) {
        spdlog::warn("No connection can be accepted just now: {}. Trying again in a second.", error.message());
        retry.expires_after(accept_again_after);
        retry.async_wait([self = shared_from_this()](error_code waited) {
            if (!waited && self->acceptor.is_open()) self->accept();
        });
    }

    void welcome(tcp::socket socket) {
        error_code error;
        auto const remote = net::from_asio(socket.remote_endpoint(error));
        if (error) return;
        auto place = Places::take(places, remote.address, limits.links_of_address_max);
        if (!place) {
            ++refused;
            return;
        }
        socket.set_option(tcp::no_delay{true}, error);
        try {
            greet(std::make_shared<Visitor>(std::move(socket), *context, remote, std::move(place)));
        } catch (std::exception const& trouble) {
            spdlog::warn("A connection from {} cannot be served: {}.", remote.text(), trouble.what());
            ++refused;
        }
    }

    void greet(std::shared_ptr<Visitor> const& visitor) {
        auto const number = ++last_visitor;
        visitors.emplace(number, visitor);
        if (auto const evicted = handshakes.admit(number, visitor->remote.address)) evict(*evicted);
        visitor->deadline.expires_after(std::chrono::milliseconds{limits.handshake_ms_max});
        visitor->deadline.async_wait([visitor](error_code waited) {
            if (!waited) visitor->close();
        });
        // The stream must live as long as its handshake, also when the door closes meanwhile.
        visitor->stream.async_handshake(
            asio::ssl::stream_base::server,
            [self = shared_from_this(), visitor, number](error_code error) { self->on_handshake(number, error); });
    }

    /// Its place is another's already; the handshake ends when its socket is closed, and finds itself forgotten.
    void evict(std::uint64_t number) {
        auto const found = visitors.find(number);
        auto const visitor = std::move(found->second);
        visitors.erase(found);
        ++refused;
        visitor->deadline.cancel();
        visitor->close();
        visitor->place.reset();
    }

    void on_handshake(std::uint64_t number, error_code error) {
        auto const found = visitors.find(number);
        if (found == visitors.end()) return;  // closed or evicted meanwhile
        auto const visitor = std::move(found->second);
        visitors.erase(found);
        handshakes.leave(number);
        visitor->deadline.cancel();
        if (error || !visitor->stream.next_layer().is_open()) {
            ++refused;
            spdlog::debug("{} did not get through the handshake: {}.", visitor->remote.text(), error.message());
            return visitor->close();
        }
        auto const key = proved_key(visitor->stream);
        Proof const proof{key, key == own_key};
        on_link(make_link(std::make_shared<Connection>(context, std::move(visitor->stream), visitor->remote, proof,
                                                       limits, std::move(visitor->place))));
    }

    void close() {
        error_code ignored;
        acceptor.close(ignored);
        retry.cancel();
        for (auto const& [number, visitor] : visitors) {
            visitor->deadline.cancel();
            visitor->close();
        }
        visitors.clear();
    }
};

Door::Door(asio::io_context& io, Endpoint listen, Ed25519Key const& own, LinkLimits limits,
           std::function<void(FramedLinkPtr)> on_link)
    : impl_{std::make_shared<Impl>(io, own, limits, std::move(on_link))} {
    if (auto const error = net::listen_at(impl_->acceptor, listen)) {
        throw std::runtime_error{"The index server cannot listen at " + listen.text() + ": " + error.message() +
                                 ". Choose another address or port with --listen."};
    }
    impl_->accept();
}

Door::~Door() { close(); }

Endpoint Door::endpoint() const {
    error_code error;
    return net::from_asio(impl_->acceptor.local_endpoint(error));
}

std::uint64_t Door::refused() const { return impl_->refused; }

void Door::close() { impl_->close(); }

}  // namespace praline::index::link
