#include "node/net/listener.hpp"

#include <map>
#include <string>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/base/address.hpp"
#include "node/base/check.hpp"
#include "node/log/log.hpp"
#include "node/net/descriptors.hpp"
#include "node/net/endpoints.hpp"

namespace praline::net {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// How many connections of each address are open.
class AddressCounts {
public:
    /// One more, until the pointer is dropped; null: it has `count_max` already.
    static std::shared_ptr<void> take(std::shared_ptr<AddressCounts> const& counts, AddressPrefix address,
                                      std::size_t count_max) {
        auto const found = counts->counts_.find(address);
        if ((found == counts->counts_.end() ? 0 : found->second) >= count_max) return nullptr;
        ++counts->counts_[address];
        return {counts.get(), [counts, address](void*) { counts->give_back(address); }};
    }

private:
    void give_back(AddressPrefix address) {
        auto const found = counts_.find(address);
        if (--found->second == 0) counts_.erase(found);
    }
    std::map<AddressPrefix, std::size_t> counts_;
};

}  // namespace

struct Listener::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io, ListenerOptions the_options) : acceptor{io}, retry{io}, options{the_options} {}

    tcp::acceptor acceptor;
    asio::steady_timer retry;
    ListenerOptions options;
    Handler handler;
    std::shared_ptr<AddressCounts> counts = std::make_shared<AddressCounts>();
    std::uint64_t accepted = 0, refused = 0;
    bool short_of_descriptors = false;

    void accept() {
        acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
            if (!self->acceptor.is_open()) return;
            if (error && error != asio::error::connection_aborted) return self->accept_later(error.message());
            if (!error && !self->may_keep(socket)) {
                return self->accept_later("peers have taken all file descriptors that are for them (see ulimit -n)");
            }
            if (!error) self->take(std::move(socket));
            if (self->acceptor.is_open()) self->accept();
        });
    }

    [[nodiscard]] bool may_keep(tcp::socket& socket) const {
        return !options.for_peers || is_for_peers(socket.native_handle());
    }

    /// Trying again at once would only burn the processor.
    void accept_later(std::string const& why) {
        if (!std::exchange(short_of_descriptors, true)) {
            log::warn("No connection can be accepted at {} just now: {}. Trying again every {} ms.", endpoint().text(),
                      why, options.retry_after.count());
        }
        retry.expires_after(options.retry_after);
        retry.async_wait([self = shared_from_this()](error_code waited) {
            if (!waited && self->acceptor.is_open()) self->accept();
        });
    }

    void take(tcp::socket socket) {
        short_of_descriptors = false;
        error_code error;
        auto const remote = from_asio(socket.remote_endpoint(error));
        if (error) return;
        std::shared_ptr<void> place;
        if (options.connections_of_address_max) {
            place = AddressCounts::take(counts, remote.address, *options.connections_of_address_max);
            if (!place) {
                ++refused;
                return;
            }
        }
        ++accepted;
        socket.set_option(tcp::no_delay{true}, error);
        handler(AcceptedConnection{std::move(socket), remote, std::move(place)});
    }

    [[nodiscard]] Endpoint endpoint() const {
        error_code error;
        return from_asio(acceptor.local_endpoint(error));
    }

    void close() {
        error_code ignored;
        acceptor.close(ignored);
        retry.cancel();
    }
};

Listener::Listener(asio::io_context& io, ListenerOptions options) : impl_{std::make_shared<Impl>(io, options)} {}
Listener::~Listener() { close(); }

error_code Listener::open(Endpoint listen) { return listen_at(impl_->acceptor, listen); }

void Listener::start(Handler handler) {
    check(impl_->acceptor.is_open() && !impl_->handler);
    impl_->handler = std::move(handler);
    impl_->accept();
}

Endpoint Listener::endpoint() const { return impl_->endpoint(); }
std::uint64_t Listener::accepted() const { return impl_->accepted; }
std::uint64_t Listener::refused() const { return impl_->refused; }
void Listener::close() { impl_->close(); }

}  // namespace praline::net
