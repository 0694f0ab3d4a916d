#include "node/net/stream.hpp"

#include <new>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "node/base/check.hpp"
#include "node/net/tls_certificate.hpp"
#include "node/net/web_certificate.hpp"

namespace praline::net {
namespace asio = boost::asio;
using boost::system::error_code;

struct Stream::Tls {
    Tls(Socket socket, TlsContextPtr the_context)
        : context{std::move(the_context)}, stream{std::move(socket), *context} {}
    TlsContextPtr context;  ///< as long as the stream
    asio::ssl::stream<Socket> stream;
};

Stream::Stream(Socket socket) : plain_{std::move(socket)} {}

Stream::Stream(Socket socket, TlsContextPtr context)
    : plain_{socket.get_executor()}, tls_{std::make_unique<Tls>(std::move(socket), std::move(context))} {}

Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

Stream::Socket& Stream::socket() { return tls_ ? tls_->stream.next_layer() : plain_; }
Stream::Socket const& Stream::socket() const { return tls_ ? tls_->stream.next_layer() : plain_; }

int Stream::native_handle() {
    check(!tls_);
    return plain_.native_handle();
}

void Stream::async_handshake(TlsSide side, std::function<void(error_code)> done) {
    check(tls_ != nullptr);
    auto const of_ssl = side == TlsSide::client ? asio::ssl::stream_base::client : asio::ssl::stream_base::server;
    tls_->stream.async_handshake(of_ssl, std::move(done));
}

void Stream::expect_host(std::string const& host) {
    check(tls_ != nullptr);
    if (!expect_certificate_of(tls_->stream.native_handle(), host)) throw std::bad_alloc{};
}

std::string Stream::certificate_trouble() const {
    return tls_ ? net::certificate_trouble(tls_->stream.native_handle()) : std::string{};
}

std::optional<PublicKey> Stream::proved_key() const {
    if (!tls_) return std::nullopt;
    return shown_key(tls_->stream.native_handle());
}

std::size_t Stream::read_now(asio::mutable_buffer into, error_code& error) {
    auto& below = socket();
    if (!below.non_blocking()) below.non_blocking(true, error);
    if (error) return 0;
    return tls_ ? tls_->stream.read_some(asio::buffer(into), error) : plain_.read_some(asio::buffer(into), error);
}

void Stream::close() {
    error_code ignored;
    socket().close(ignored);
}

void Stream::shut_down_sending() {
    error_code ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
}

void Stream::tls_read(asio::mutable_buffer into, std::function<Done> done) {
    tls_->stream.async_read_some(into, std::move(done));
}

void Stream::tls_write(asio::const_buffer from, std::function<Done> done) {
    tls_->stream.async_write_some(from, std::move(done));
}

bool is_closed_by_peer(error_code error) {
    return error == asio::error::eof || error == asio::ssl::error::stream_truncated ||
           error == asio::error::connection_reset || error == asio::error::broken_pipe;
}

}  // namespace praline::net
