#include "node/net/front_door.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include <spdlog/spdlog.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/base/fair_places.hpp"
#include "node/net/descriptors.hpp"

namespace praline::net {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct FrontDoor::Impl : std::enable_shared_from_this<Impl> {
    /// A connection that has not said yet what it wants.
    struct Visitor {
        tcp::socket socket;
        Endpoint remote;
        Bytes read;
        asio::steady_timer deadline;
        FairPlaces::Id id;
    };
    using VisitorPtr = std::shared_ptr<Visitor>;

    Impl(asio::io_context& context, FrontDoorLimits the_limits, Handler the_handler)
        : io{context},
          acceptor{context},
          retry{context},
          limits{the_limits},
          handler{std::move(the_handler)},
          places{{the_limits.undecided_max, the_limits.undecided_per_address_max}} {}

    asio::io_context& io;
    tcp::acceptor acceptor;
    asio::steady_timer retry;
    FrontDoorLimits limits;
    Handler handler;
    FairPlaces places;
    std::map<FairPlaces::Id, VisitorPtr> visitors;
    std::uint64_t accepted = 0;
    bool short_of_descriptors = false;

    void accept() {
        acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
            if (error == asio::error::operation_aborted || !self->acceptor.is_open()) return;
            if (error) return self->accept_later(error.message());
            // Those that wait in the meantime are kept by the system; this one hears at once that it cannot be served.
            if (!is_for_peers(socket.native_handle()))
                return self->accept_later("peers have taken all file descriptors that are for them (see ulimit -n)");
            self->short_of_descriptors = false;
            self->welcome(std::move(socket));
            self->accept();
        });
    }

    /// Out of descriptors, most likely: trying again at once would spin.
    void accept_later(std::string const& why) {
        if (!std::exchange(short_of_descriptors, true))
            spdlog::warn("No connection of a peer can be accepted just now: {}. Trying again every second.", why);
        retry.expires_after(limits.pause);
        retry.async_wait([self = shared_from_this()](error_code waited) {
            if (!waited) self->accept();
        });
    }

    void welcome(tcp::socket socket) {
        error_code error;
        auto const remote = from_asio(socket.remote_endpoint(error));
        if (error) return;
        ++accepted;
        socket.set_option(tcp::no_delay{true}, error);
        socket.non_blocking(true, error);
        auto visitor =
            std::make_shared<Visitor>(Visitor{std::move(socket), remote, {}, asio::steady_timer{io}, accepted});
        visitors.emplace(visitor->id, visitor);
        if (auto const evicted = places.admit(visitor->id, remote.address)) dismiss(*evicted);
        if (!places.holds(visitor->id)) return;
        visitor->deadline.expires_after(limits.first_bytes_within);
        visitor->deadline.async_wait([visitor](error_code waited) {
            error_code ignored;
            if (!waited) visitor->socket.close(ignored);
        });
        listen_to(visitor);
    }

    void listen_to(VisitorPtr const& visitor) {
        visitor->socket.async_wait(tcp::socket::wait_read, [self = shared_from_this(), visitor](error_code error) {
            if (error) return self->forget(*visitor);
            self->read_some(visitor);
        });
    }

    void read_some(VisitorPtr const& visitor) {
        std::array<std::byte, 64> buffer{};
        error_code error;
        auto const room = std::min(buffer.size(), limits.first_bytes_max - visitor->read.size());
        auto const count = visitor->socket.read_some(asio::buffer(buffer.data(), room), error);
        if (error == asio::error::would_block) return listen_to(visitor);
        if (error) return forget(*visitor);
        visitor->read.insert(visitor->read.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
        auto const protocol = recognise(visitor->read);
        if (protocol == Protocol::undecided && visitor->read.size() < limits.first_bytes_max) return listen_to(visitor);
        forget(*visitor);
        if (protocol == Protocol::gnutella || protocol == Protocol::http || protocol == Protocol::giv) {
            handler(protocol, std::move(visitor->socket), visitor->remote, std::move(visitor->read));
        }
    }

    void forget(Visitor& visitor) {
        visitor.deadline.cancel();
        places.leave(visitor.id);
        visitors.erase(visitor.id);
    }

    void dismiss(FairPlaces::Id id) {
        auto const visitor = visitors.extract(id);
        if (!visitor) return;
        error_code ignored;
        visitor.mapped()->deadline.cancel();
        visitor.mapped()->socket.close(ignored);
    }
};

FrontDoor::FrontDoor(asio::io_context& io, Endpoint listen, FrontDoorLimits limits, Handler handler)
    : impl_{std::make_shared<Impl>(io, limits, std::move(handler))} {
    if (auto const error = listen_at(impl_->acceptor, listen)) {
        throw std::runtime_error{"Peers cannot be served at " + listen.text() + ": " + error.message() +
                                 ". Choose another address or port with --listen."};
    }
    impl_->accept();
}

FrontDoor::~FrontDoor() { stop(); }

Endpoint FrontDoor::endpoint() const {
    error_code error;
    return from_asio(impl_->acceptor.local_endpoint(error));
}

std::uint64_t FrontDoor::accepted() const { return impl_->accepted; }

void FrontDoor::stop() {
    error_code ignored;
    impl_->acceptor.close(ignored);
    impl_->retry.cancel();
}

}  // namespace praline::net
