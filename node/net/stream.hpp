#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include "node/base/public_key.hpp"
#include "node/net/tls.hpp"

namespace praline::net {

enum class TlsSide : bool { client, server };

/// A byte stream to a peer or a server: plain TCP, or TLS over it. Reads and writes are those of Asio's AsyncReadStream and
/// AsyncWriteStream, so `asio::async_write` and the like take it; one read and one write may be under way at a time.
/// A plain stream costs what its socket costs. @threads the executor's one.
class Stream {
public:
    using Socket = boost::asio::ip::tcp::socket;
    using executor_type = Socket::executor_type;
    using lowest_layer_type = Socket;

    /// Plain.
    explicit Stream(Socket socket);
    /// Encrypted: nothing is sent or received before `async_handshake`. `socket` may be connected later.
    /// Throws std::exception when OpenSSL has no memory.
    Stream(Socket socket, TlsContextPtr context);
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) noexcept;
    /// With an operation under way only after `close`, and when that has ended.
    ~Stream();

    [[nodiscard]] bool is_encrypted() const { return tls_ != nullptr; }
    [[nodiscard]] Socket& socket();
    [[nodiscard]] Socket const& socket() const;
    [[nodiscard]] Socket& lowest_layer() { return socket(); }
    [[nodiscard]] executor_type get_executor() { return socket().get_executor(); }
    /// For sendfile and the like, which know no TLS. @pre it is plain.
    [[nodiscard]] int native_handle();

    /// `done` is called once, never before this returns. @pre it is encrypted; the socket is connected.
    void async_handshake(TlsSide side, std::function<void(boost::system::error_code)> done);
    /// The handshake of a client fails unless the certificate is for this host, a name or an address: for a context of
    /// `make_web_tls_context`. Throws std::bad_alloc. @pre it is encrypted
    void expect_host(std::string const& host);
    /// After a handshake that failed: what is wrong with the certificate, in words that follow "its certificate "; empty:
    /// it was not for that.
    [[nodiscard]] std::string certificate_trouble() const;
    /// After the handshake: the key whose possession the other side has proved. Empty: it showed none, or this is plain.
    [[nodiscard]] std::optional<PublicKey> proved_key() const;

    /// Reads what is there now; would_block: nothing is, so wait until the socket can be read.
    std::size_t read_now(boost::asio::mutable_buffer into, boost::system::error_code& error);

    /// Ends what is under way with an error. Does nothing when it is closed.
    void close();
    /// No more is sent; what the other side still sends can be read.
    void shut_down_sending();

    template <class Buffers, class Token>
    auto async_read_some(Buffers const& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, Done>(
            [this](auto handler, Buffers const& into) {
                if (!tls_) return plain_.async_read_some(into, std::move(handler));
                tls_read(first_of<boost::asio::mutable_buffer>(into), copyable(std::move(handler)));
            },
            token, buffers);
    }
    template <class Buffers, class Token>
    auto async_write_some(Buffers const& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, Done>(
            [this](auto handler, Buffers const& from) {
                if (!tls_) return plain_.async_write_some(from, std::move(handler));
                tls_write(first_of<boost::asio::const_buffer>(from), copyable(std::move(handler)));
            },
            token, buffers);
    }

private:
    using Done = void(boost::system::error_code, std::size_t);
    struct Tls;

    template <class Buffer, class Buffers>
    static Buffer first_of(Buffers const& buffers) {
        auto const end = boost::asio::buffer_sequence_end(buffers);
        for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end; ++at)
            if (Buffer const buffer{*at}; buffer.size() > 0) return buffer;
        return Buffer{};
    }
    /// A handler as TLS keeps it, without a template for OpenSSL to be seen through. It is called on its own executor; its
    /// cancellation slot is not looked at, `close` ends it.
    template <class Handler>
    std::function<Done> copyable(Handler handler) {
        auto const executor = boost::asio::get_associated_executor(handler, get_executor());
        auto const kept = std::make_shared<Handler>(std::move(handler));
        return [kept, executor](boost::system::error_code error, std::size_t bytes) {
            boost::asio::dispatch(
                executor, [handler = std::move(*kept), error, bytes]() mutable { std::move(handler)(error, bytes); });
        };
    }
    void tls_read(boost::asio::mutable_buffer into, std::function<Done> done);
    void tls_write(boost::asio::const_buffer from, std::function<Done> done);

    Socket plain_;  ///< without use once it is encrypted
    std::unique_ptr<Tls> tls_;
};

/// Whether an error of a read or a write says that the other side has closed the connection, orderly or not.
[[nodiscard]] bool is_closed_by_peer(boost::system::error_code error);

}  // namespace praline::net
