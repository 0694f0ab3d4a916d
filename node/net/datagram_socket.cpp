#include "node/net/datagram_socket.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "node/net/datagram_queue.hpp"
#include "node/net/endpoints.hpp"
#include "node/wire/limits.hpp"

namespace praline::net {
namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr std::size_t function_at = 16;  // in the header of a Gnutella message
constexpr std::byte dht_function{0x44};

}  // namespace

DatagramProtocol recognise_datagram(ByteView datagram) {
    bool const is_dht = datagram.size() >= wire::header_bytes && datagram[function_at] == dht_function;
    return is_dht ? DatagramProtocol::dht : DatagramProtocol::gnutella;
}

struct DatagramSocket::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io, DatagramLimits the_limits)
        : socket{io},
          limits{the_limits},
          buffer(limits.bytes_max),
          queue{{limits.queued_max, limits.queued_bytes_max}} {}

    udp::socket socket;
    DatagramLimits limits;
    std::array<Receive, datagram_protocols> receivers;
    Bytes buffer;
    DatagramQueue queue;
    std::uint64_t dropped = 0;

    error_code open(Endpoint listen) {
        error_code error;
        auto const where = to_asio_udp(listen);
        socket.open(where.protocol(), error);
        if (!error && listen.address.is_v6()) socket.set_option(asio::ip::v6_only{true}, error);
        if (!error) socket.bind(where, error);
        if (!error) socket.non_blocking(true, error);
        return error;
    }

    // ---- receiving ----

    void wait_for_datagrams() {
        socket.async_wait(udp::socket::wait_read, [self = shared_from_this()](error_code error) {
            if (error || !self->socket.is_open()) return;
            self->receive_some();
            if (self->socket.is_open()) self->wait_for_datagrams();
        });
    }

    /// An error of one is that of a datagram we sent, say that nothing listens there: the next may be well.
    void receive_some() {
        for (std::size_t count = 0; count < limits.received_at_once_max && socket.is_open(); ++count) {
            udp::endpoint from;
            error_code error;
            auto const bytes = socket.receive_from(asio::buffer(buffer), from, 0, error);
            if (error == asio::error::would_block) return;
            if (!error) deliver(from_asio(from), ByteView{buffer}.first(bytes));
        }
    }

    void deliver(Endpoint from, ByteView datagram) {
        auto const& registered = receivers[static_cast<std::size_t>(recognise_datagram(datagram))];
        // A copy: it may be replaced from within.
        auto const receive = registered ? registered : receivers[static_cast<std::size_t>(DatagramProtocol::gnutella)];
        if (receive) receive(from, datagram);
    }

    // ---- sending ----

    void send(udp::endpoint const& to, ByteView datagram) {
        if (queue.empty() && try_to_send(to, datagram)) return;
        bool const is_first = queue.empty();
        if (!queue.push(to, datagram))
            ++dropped;
        else if (is_first)
            wait_for_room();
    }

    /// False: the system has no room just now.
    bool try_to_send(udp::endpoint const& to, ByteView datagram) {
        error_code error;
        socket.send_to(asio::buffer(datagram.data(), datagram.size()), to, 0, error);
        if (error == asio::error::would_block) return false;
        if (error) ++dropped;
        return true;
    }

    void wait_for_room() {
        socket.async_wait(udp::socket::wait_write, [self = shared_from_this()](error_code error) {
            if (error || !self->socket.is_open()) return;
            self->send_queued();
            if (!self->queue.empty()) self->wait_for_room();
        });
    }

    void send_queued() {
        while (!queue.empty() && try_to_send(queue.front().to, queue.front().datagram)) queue.pop();
    }

    void close() {
        error_code ignored;
        socket.close(ignored);
        dropped += queue.size();
        queue.clear();
    }
};

DatagramSocket::DatagramSocket(asio::io_context& io, DatagramLimits limits)
    : impl_{std::make_shared<Impl>(io, limits)} {}

DatagramSocket::~DatagramSocket() { close(); }

void DatagramSocket::open(Endpoint listen) {
    if (auto const error = impl_->open(listen)) {
        close();
        throw std::runtime_error{
            "UDP cannot be used at " + listen.text() + ": " + error.message() +
            ". Choose another address or port with --listen ADDR:PORT; port 0 takes any free one."};
    }
    impl_->wait_for_datagrams();
}

void DatagramSocket::on(DatagramProtocol protocol, Receive receive) {
    impl_->receivers[static_cast<std::size_t>(protocol)] = std::move(receive);
}

void DatagramSocket::send(Endpoint to, ByteView datagram) {
    if (impl_->socket.is_open()) impl_->send(to_asio_udp(to), datagram);
}

Endpoint DatagramSocket::endpoint() const {
    error_code error;
    return from_asio(impl_->socket.local_endpoint(error));
}

std::size_t DatagramSocket::queued() const { return impl_->queue.size(); }
std::uint64_t DatagramSocket::dropped() const { return impl_->dropped; }
void DatagramSocket::close() { impl_->close(); }

}  // namespace praline::net
