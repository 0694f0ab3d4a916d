#include "node/net/overlay_host.hpp"

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "node/base/text.hpp"
#include "node/net/connect_from.hpp"
#include "node/net/core_host.hpp"
#include "node/net/endpoints.hpp"
#include "node/net/rate_limiter.hpp"

namespace praline::net {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t status_bytes_max = 100;  ///< of the line that answers a handshake, for people

/// A call of ours that has not become a link yet.
struct Call {
    Endpoint to;
    std::string status;  ///< "GNUTELLA/0.6 503 Too many leaves", as far as it has come; later lines do not matter

    void read(ByteView bytes) {
        for (auto const byte : bytes) {
            if (status.size() >= status_bytes_max || status.ends_with('\n')) return;
            auto const c = static_cast<char>(byte);
            status.push_back(c == '\n' || (c >= ' ' && c <= '~') ? c : ' ');
        }
    }
    /// What the other side said; empty: it agreed, or said nothing that could be understood.
    [[nodiscard]] std::string refusal() const {
        auto const blank = status.find(' ');
        if (!status.starts_with("GNUTELLA/") || blank == std::string::npos) return {};
        auto const answer = std::string{trim(std::string_view{status}.substr(blank))};
        return answer.starts_with("200") ? std::string{} : answer;
    }
};

/// Whether these are lines of a handshake. A link may count as up before its last block is sent. A GUID may read like the
/// beginning of one; the byte behind it is the type of a message then, and none has these.
bool begins_handshake(overlay::Buffers const& bytes) {
    constexpr std::string_view begin = "GNUTELLA";
    constexpr std::size_t type_at = 16;  // "GNUTELLA CONNECT/0.6", "GNUTELLA/0.6 200 OK"
    bool first = true, so = false;
    bytes.for_each([&](ByteView part) {
        if (!std::exchange(first, false)) return;
        auto const text = as_text(part);
        so = text.starts_with(begin) && text.size() > type_at && (text[type_at] == '/' || text[type_at] == ' ');
    });
    return so;
}

std::string why_not_connected(Endpoint to, error_code error, std::chrono::seconds within) {
    auto const who = to.text();
    if (error == asio::error::connection_refused)
        return who + " refuses connections: no program listens there, or a firewall is in the way.";
    if (error == asio::error::operation_aborted || error == asio::error::timed_out)
        return who + " did not answer within " + std::to_string(within.count()) + " seconds.";
    return who + " cannot be reached: " + error.message() + ".";
}

std::string why_no_link(Call const& call, char const* otherwise) {
    auto const refusal = call.refusal();
    if (!refusal.empty()) return call.to.text() + " refused the handshake: " + refusal + ".";
    if (call.status.empty())
        return call.to.text() + " accepted the connection, but is no Gnutella node or has no room: " + otherwise + ".";
    return "The handshake with " + call.to.text() + " failed: " + otherwise + ".";
}

}  // namespace

struct OverlayHost::Impl : std::enable_shared_from_this<Impl> {
    struct Link {
        explicit Link(tcp::socket s) : socket{std::move(s)} {}
        tcp::socket socket;
        overlay::Buffers sending;
        std::vector<asio::const_buffer> parts;  ///< of `sending`, if they are many
        bool close_when_sent = false;
        std::unique_ptr<RateShare> share{};  ///< null: it has never waited for its turn
        std::optional<Call> call{};          ///< ours, until the link is up
    };
    using LinkPtr = std::shared_ptr<Link>;

    using Host = CoreHost<overlay::Overlay, overlay::Event, overlay::Action>;

    Impl(asio::io_context& context, DatagramSocket& the_datagrams, Endpoint bound, overlay::Config config, Rng rng,
         OverlayHostLimits the_limits, Upward the_upward)
        : io{context},
          datagrams{the_datagrams},
          limits{the_limits},
          upward{std::move(the_upward)},
          own_address{bound.address},
          read_buffer(the_limits.read_bytes),
          send_limit{context},
          host{context, overlay::Tick{},
               Host::Owner{[this](overlay::Action& action) { perform(action); }, [this] { end_if_empty(); }},
               std::move(config), rng} {}

    asio::io_context& io;
    DatagramSocket& datagrams;
    OverlayHostLimits limits;
    Upward upward;
    Address own_address;
    Bytes read_buffer;
    RateLimiter send_limit;  ///< of all links together
    std::map<PeerId, LinkPtr> links;
    bool stopping = false;
    std::function<void()> when_empty;
    CallFailed call_failed;
    Host host;

    void end_if_empty() {
        if (stopping && links.empty() && !host.is_busy() && when_empty) std::exchange(when_empty, {})();
    }

    // ---- actions out ----

    void perform(overlay::Action& action) {
        std::visit([this, &action](auto& one) { perform(one, action); }, action);
    }
    void perform(overlay::Connect const& one, overlay::Action const&) { connect(one); }
    void perform(overlay::Transmit& one, overlay::Action const&) { transmit(one); }
    void perform(overlay::Close const& one, overlay::Action const&) { close(one); }
    void perform(overlay::SendDatagram const& one, overlay::Action const&) {
        send_limit.charge(one.bytes.size());
        datagrams.send(one.to, one.bytes);
    }
    void perform(overlay::LinkUp const& one, overlay::Action const& action) {
        if (auto const link = links.find(one.peer); link != links.end()) link->second->call.reset();
        upward(action);
    }
    template <class Other>
    void perform(Other const&, overlay::Action const& action) {
        upward(action);
    }

    void say_failed(Link& link, std::string const& why) {
        auto const call = std::exchange(link.call, std::nullopt);
        if (call && call_failed && !stopping) call_failed(call->to, why);
    }

    void connect(overlay::Connect const& action) {
        auto link = std::make_shared<Link>(tcp::socket{io});
        link->call = Call{action.to, {}};
        links[action.peer] = link;
        error_code unbound;
        open_from(link->socket, own_address, action.to, unbound);
        if (unbound) {
            links.erase(action.peer);
            say_failed(*link, why_not_connected(action.to, unbound, limits.connect_within));
            return host.feed(overlay::ConnectFailed{action.peer});
        }
        auto deadline = std::make_shared<asio::steady_timer>(io, limits.connect_within);
        deadline->async_wait([link](error_code error) {
            error_code ignored;
            if (!error && link->socket.is_open()) link->socket.close(ignored);
        });
        link->socket.async_connect(
            to_asio(action.to), [weak = weak_from_this(), peer = action.peer, link, deadline](error_code error) {
                deadline->cancel();
                auto const self = weak.lock();
                if (!self || !self->owns(peer, link)) return;
                error_code failed;
                auto const local = error ? tcp::endpoint{} : link->socket.local_endpoint(failed);
                if (error || failed) {
                    self->links.erase(peer);
                    if (link->call)
                        self->say_failed(*link, why_not_connected(link->call->to, error ? error : failed,
                                                                  self->limits.connect_within));
                    return self->host.feed(overlay::ConnectFailed{peer});
                }
                self->set_options(*link);
                self->host.feed(overlay::Connected{peer, from_asio(local)});
                self->listen_to(peer, link);
            });
    }

    bool owns(PeerId peer, LinkPtr const& link) const {
        auto const found = links.find(peer);
        return found != links.end() && found->second == link;
    }

    static void set_options(Link& link) {
        error_code ignored;
        link.socket.set_option(tcp::no_delay{true}, ignored);
        link.socket.non_blocking(true, ignored);
    }

    void adopt(tcp::socket socket, Endpoint remote, Bytes const& read) {
        auto const peer = host.core().allot_peer();
        auto link = std::make_shared<Link>(std::move(socket));
        set_options(*link);
        links[peer] = link;
        host.feed(overlay::Accepted{peer, remote});
        if (owns(peer, link)) host.feed_view(overlay::Received{peer, read});
        listen_to(peer, link);
    }

    /// No buffer per link: an idle link costs no read memory.
    void listen_to(PeerId peer, LinkPtr const& link) {
        if (!owns(peer, link) || link->close_when_sent) return;
        link->socket.async_wait(tcp::socket::wait_read, [weak = weak_from_this(), peer, link](error_code error) {
            auto const self = weak.lock();
            if (!self || !self->owns(peer, link) || link->close_when_sent) return;
            if (error) return self->lost(peer, true);
            self->read(peer, link);
        });
    }

    void read(PeerId peer, LinkPtr const& link) {
        error_code error;
        auto const count = link->socket.read_some(asio::buffer(read_buffer), error);
        if (error == asio::error::would_block) return listen_to(peer, link);
        if (error) return lost(peer, error != asio::error::eof);
        if (link->call) link->call->read(ByteView{read_buffer}.first(count));
        host.feed_view(overlay::Received{peer, ByteView{read_buffer}.first(count)});
        listen_to(peer, link);
    }

    void lost(PeerId peer, bool error) {
        if (auto const link = links.extract(peer); link && link.mapped()->call)
            say_failed(*link.mapped(), why_no_link(*link.mapped()->call, "it closed the connection"));
        host.feed(overlay::Closed{peer, error});
    }

    void transmit(overlay::Transmit& action) {
        auto const found = links.find(action.peer);
        if (found == links.end()) return;
        auto const& link = found->second;
        link->sending = std::move(action.buffers);
        if (send_limit.is_limited() && !stopping && !begins_handshake(link->sending))
            return wait_for_turn(action.peer, link);
        send_limit.charge(link->sending.size());
        send(action.peer, link);
    }

    /// The queue of the link fills up meanwhile, and drops what is worth least. A handshake does not wait: it is short.
    void wait_for_turn(PeerId peer, LinkPtr const& link) {
        if (!link->share) link->share = std::make_unique<RateShare>(send_limit);
        std::weak_ptr<Link> const waiting = link;
        link->share->when_granted(link->sending.size(), [weak = weak_from_this(), peer, waiting] {
            auto const self = weak.lock();
            auto const granted = waiting.lock();
            if (self && granted && self->owns(peer, granted)) self->send(peer, granted);
        });
    }

    void send(PeerId peer, LinkPtr const& link) {
        std::array<asio::const_buffer, 2> few;  // one message has two parts, a queue of small ones has one
        std::size_t count = 0;
        link->sending.for_each([&](ByteView part) {
            if (count < few.size()) few[count] = asio::const_buffer{part.data(), part.size()};
            ++count;
        });
        if (count <= few.size()) return write(peer, link, few);
        link->parts.reserve(count);
        link->sending.for_each([&](ByteView part) { link->parts.emplace_back(part.data(), part.size()); });
        write(peer, link, std::span<asio::const_buffer const>{link->parts});
    }

    template <class Parts>
    void write(PeerId peer, LinkPtr const& link, Parts const& parts) {
        asio::async_write(link->socket, parts, [weak = weak_from_this(), peer, link](error_code error, std::size_t) {
            auto const self = weak.lock();
            link->sending = {};
            link->parts = std::vector<asio::const_buffer>{};
            if (!self || !self->owns(peer, link)) return;
            if (link->close_when_sent) return self->close_now(peer);
            if (error) return self->lost(peer, true);
            self->host.feed(overlay::Drained{peer});
        });
    }

    void close(overlay::Close const& action) {
        auto const found = links.find(action.peer);
        if (found == links.end()) return;
        if (found->second->call)
            say_failed(*found->second, why_no_link(*found->second->call, overlay::to_string(action.reason)));
        if (action.after_sending && !found->second->sending.empty()) {
            found->second->close_when_sent = true;
            return go_at_once(action.peer, found->second);
        }
        close_now(action.peer);
    }

    /// The last bytes of a link do not wait for a turn.
    void go_at_once(PeerId peer, LinkPtr const& link) {
        if (!link->share || !link->share->is_waiting()) return;
        link->share->leave();
        send_limit.charge(link->sending.size());
        send(peer, link);
    }

    void close_now(PeerId peer) {
        auto const found = links.find(peer);
        if (found == links.end()) return;
        auto const link = found->second;
        links.erase(found);
        error_code ignored;
        link->socket.shutdown(tcp::socket::shutdown_both, ignored);
        link->socket.close(ignored);
        end_if_empty();
    }
};

OverlayHost::OverlayHost(asio::io_context& io, DatagramSocket& datagrams, Endpoint bound, overlay::Config config,
                         Rng rng, OverlayHostLimits limits, Upward upward)
    : impl_{std::make_shared<Impl>(io, datagrams, bound, std::move(config), rng, limits, std::move(upward))} {
    datagrams.on(DatagramProtocol::gnutella, [weak = std::weak_ptr<Impl>{impl_}](Endpoint from, ByteView datagram) {
        if (auto const impl = weak.lock()) impl->host.feed_view(overlay::DatagramReceived{from, datagram});
    });
}

OverlayHost::~OverlayHost() {
    error_code ignored;
    impl_->datagrams.on(DatagramProtocol::gnutella, nullptr);
    impl_->host.stop_ticking();
    for (auto& [peer, link] : impl_->links) link->socket.close(ignored);
    impl_->links.clear();
    impl_->upward = [](overlay::Action const&) {};
    impl_->call_failed = nullptr;
}

void OverlayHost::on_call_failed(CallFailed act) { impl_->call_failed = std::move(act); }
bool OverlayHost::set_send_rate(std::uint64_t bytes_per_second) { return impl_->send_limit.set_rate(bytes_per_second); }
void OverlayHost::feed(overlay::Event event) { impl_->host.feed(std::move(event)); }
void OverlayHost::adopt(tcp::socket socket, Endpoint remote, Bytes read) {
    impl_->adopt(std::move(socket), remote, read);
}
overlay::Overlay const& OverlayHost::core() const { return impl_->host.core(); }

void OverlayHost::shut_down(std::function<void()> done) {
    impl_->stopping = true;
    impl_->send_limit.set_rate(0);
    impl_->when_empty = std::move(done);
    impl_->host.feed(overlay::Shutdown{});
}

}  // namespace praline::net
