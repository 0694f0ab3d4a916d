#include "index/link/framed_link.hpp"

#include <chrono>
#include <exception>

#include <boost/asio/post.hpp>

#include "index/link/connection.hpp"
#include "node/net/endpoints.hpp"

namespace praline::index::link {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

class Link : public FramedLink {
public:
    explicit Link(std::shared_ptr<Connection> connection) : connection_{std::move(connection)} {}
    ~Link() override {
        if (!closed_) connection_->abandon();
    }
    Link(Link const&) = delete;
    Link& operator=(Link const&) = delete;

    void start(std::function<void(ByteView)> on_frame, std::function<void(std::string const&)> on_closed) override {
        connection_->start(std::move(on_frame), std::move(on_closed));
    }
    void send(Bytes frame) override { connection_->send(frame); }
    void close() override {
        closed_ = true;
        connection_->close();
    }
    [[nodiscard]] std::size_t queued_bytes() const override { return connection_->queued_bytes(); }
    [[nodiscard]] std::uint64_t bytes_in() const override { return connection_->bytes_in(); }
    [[nodiscard]] std::uint64_t bytes_out() const override { return connection_->bytes_out(); }
    [[nodiscard]] Endpoint remote() const override { return connection_->remote(); }
    [[nodiscard]] Proof const& proof() const override { return connection_->proof(); }

private:
    std::shared_ptr<Connection> connection_;
    bool closed_ = false;
};

/// A connection that is being made. Kept by its own handlers.
struct Dialling : std::enable_shared_from_this<Dialling> {
    Dialling(asio::io_context& io, Endpoint the_other, Ed25519Key const& own, LinkLimits const& the_limits)
        : to{the_other},
          own_key{own.public_key()},
          limits{the_limits},

          stream{tcp::socket{io}, net::make_tls_context(own)},
          deadline{io} {}

    Endpoint to;
    PublisherId own_key;
    std::optional<PublisherId> expected;
    LinkLimits limits;
    net::Stream stream;
    asio::steady_timer deadline;
    bool too_late = false;
    std::function<void(Dialled)> done;

    void begin() {
        deadline.expires_after(std::chrono::milliseconds{limits.handshake_ms_max});
        deadline.async_wait([self = shared_from_this()](error_code error) {
            if (error) return;
            self->too_late = true;
            self->close_socket();
        });
        stream.socket().async_connect(net::to_asio(to),
                                      [self = shared_from_this()](error_code error) { self->on_connect(error); });
    }

    void on_connect(error_code error) {
        if (error) return give_up(to.text() + " cannot be reached: " + error.message() + ".");
        stream.socket().set_option(tcp::no_delay{true}, error);
        stream.async_handshake(net::TlsSide::client,
                               [self = shared_from_this()](error_code failed) { self->on_handshake(failed); });
    }

    void on_handshake(error_code error) {
        if (error) return give_up(to.text() + " does not answer as an index server does: " + error.message() + ".");
        auto const key = stream.proved_key();
        if (expected && key != expected) {
            return give_up(to.text() + " is not the server that was expected: it showed the key " +
                               (key ? key->hex() : "of nobody") + ", not " + expected->hex() + ".",
                           key);
        }
        if (too_late) return give_up("");
        deadline.cancel();
        Proof const proof{key, key == own_key};
        auto connection = std::make_shared<Connection>(std::move(stream), to, proof, limits, nullptr);
        finish({make_link(std::move(connection)), "", key});
    }

    void give_up(std::string problem, std::optional<PublisherId> key = std::nullopt) {
        if (too_late)
            problem = to.text() + " did not answer within " + std::to_string(limits.handshake_ms_max) + " ms.";
        deadline.cancel();
        close_socket();
        finish({nullptr, std::move(problem), key});
    }

    void finish(Dialled dialled) {
        auto const tell = std::move(done);
        tell(std::move(dialled));
    }

    void close_socket() { stream.close(); }
};

}  // namespace

FramedLinkPtr make_link(std::shared_ptr<Connection> connection) {
    return std::make_shared<Link>(std::move(connection));
}

void dial(asio::io_context& io, Endpoint to, Ed25519Key const& own, std::optional<PublisherId> expected,
          LinkLimits const& limits, std::function<void(Dialled)> done) {
    std::shared_ptr<Dialling> dialling;
    try {
        dialling = std::make_shared<Dialling>(io, to, own, limits);
    } catch (std::exception const& error) {
        return asio::post(io, [done = std::move(done), problem = std::string{error.what()}] {
            done({nullptr, problem, std::nullopt});
        });
    }
    dialling->expected = expected;
    dialling->done = std::move(done);
    dialling->begin();
}

}  // namespace praline::index::link
