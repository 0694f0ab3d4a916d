#include "transfer/upload/upload_server.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <random>

#include <fmt/core.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "node/net/connect_from.hpp"
#include "node/net/endpoints.hpp"
#include "transfer/upload/connection.hpp"
#include "transfer/upload/upload_impl.hpp"

namespace praline::upload {

namespace asio = boost::asio;
using boost::system::error_code;

UploadServer::Impl::Impl(asio::io_context& io_context, SharedContent& shared, Limits limits_in, std::string server,
                         Guid guid)
    : io{io_context},
      content{shared},
      limits{limits_in},
      server_name{std::move(server)},
      servent{guid},
      slots{limits_in},
      lists{limits_in.lists},
      send_limit{io_context},
      rng{std::random_device{}()},
      idle{{limits_in.connections_max, limits_in.connections_per_ip_max}},
      rate_timer{io_context} {
    // sendfile(2) has no flag against it: a peer that hangs up must not end the program.
    std::signal(SIGPIPE, SIG_IGN);
}

bool UploadServer::Impl::may_connect(Address const& address) const {
    return !stopped && idle.held_by(address) < limits.connections_per_ip_max;
}

void UploadServer::Impl::keep_idle(Connection const& connection) {
    auto const evicted = idle.admit(connection.info_.id, connection.info_.remote.address);
    if (!evicted) return;
    auto const one = connections.find(*evicted);
    if (one != connections.end()) one->second->close();
}

void UploadServer::Impl::watch_rates() {
    if (watching || stopped) return;
    watching = true;
    rate_timer.expires_after(limits.rate_check);
    rate_timer.async_wait([self = shared_from_this()](error_code error) {
        self->watching = false;
        if (error || self->stopped) return;
        bool sending = false;
        for (auto const& [id, connection] : self->connections) {
            sending |= connection->sending_;
            if (connection->is_too_slow(now()) && self->slots.is_wanted(id, now())) connection->close();
        }
        if (sending) self->watch_rates();
    });
}

std::string UploadServer::Impl::fresh_ticket() { return Guid::random(rng).hex(); }

void UploadServer::Impl::serve(asio::ip::tcp::socket socket, Bytes read) {
    error_code error;
    auto const from = net::from_asio(socket.remote_endpoint(error));
    if (error || stopped) return;
    auto const connection = std::make_shared<Connection>(shared_from_this(), std::move(socket), from, std::move(read));
    connections.emplace(connection->info_.id, connection);
    keep_idle(*connection);
    asio::co_spawn(io, connection->run(), [connection](std::exception_ptr) {});
}

asio::awaitable<void> UploadServer::Impl::give(Endpoint call_back, std::uint32_t file_index) {
    auto const self = shared_from_this();
    auto const from_same = std::count_if(gives.begin(), gives.end(), [&](auto const& one) {
        return AddressPrefix{one.second.address} == AddressPrefix{call_back.address};
    });
    if (stopped || gives.size() >= limits.gives_max || static_cast<std::size_t>(from_same) >= limits.gives_per_ip_max ||
        !may_connect(call_back.address))
        co_return;
    auto const id = next_id++;
    gives.emplace(id, call_back);
    asio::ip::tcp::socket socket{io};
    bool said = false;
    {
        net::Watchdog watchdog{io, [&socket] {
                                   error_code ignored;
                                   socket.close(ignored);
                               }};
        watchdog.allow(limits.connect_time);
        error_code error;
        net::open_from(socket, own_address, call_back, error);
        if (!error)
            co_await socket.async_connect(net::to_asio(call_back), asio::redirect_error(asio::use_awaitable, error));
        if (!error && !stopped) {
            auto const file = content.by_index(file_index);
            auto const hello = fmt::format("GIV {}:{}/{}\n\n", file_index, servent.hex(), file ? file->name : "file");
            co_await asio::async_write(socket, asio::buffer(hello), asio::redirect_error(asio::use_awaitable, error));
            said = !error;
        }
    }
    gives.erase(id);
    if (said && !stopped) serve(std::move(socket), {});
}

void UploadServer::Impl::stop() {
    stopped = true;
    rate_timer.cancel();
    for (auto const& [id, connection] : connections) connection->close();
}

UploadServer::UploadServer(asio::io_context& io, SharedContent& content, Limits limits, std::string server_name,
                           Guid servent)
    : impl_{std::make_shared<Impl>(io, content, limits, std::move(server_name), servent)} {}

UploadServer::~UploadServer() { stop(); }

void UploadServer::serve(asio::ip::tcp::socket socket, Bytes read) { impl_->serve(std::move(socket), std::move(read)); }

void UploadServer::give(Endpoint call_back, std::uint32_t file_index) {
    if (call_back.is_unusable()) return;
    asio::co_spawn(impl_->io, impl_->give(call_back, file_index), [impl = impl_](std::exception_ptr) {});
}

std::vector<UploadInfo> UploadServer::uploads() const {
    std::vector<UploadInfo> all;
    for (auto const& [id, connection] : impl_->connections)
        if (auto const info = connection->info()) all.push_back(*info);
    return all;
}

std::uint64_t UploadServer::bytes_sent() const { return impl_->bytes_sent; }
bool UploadServer::has_free_slot() const { return impl_->slots.has_free(now()); }
void UploadServer::set_slots(std::size_t slots) { impl_->slots.set_slots(slots); }
bool UploadServer::set_rate(std::uint64_t bytes_per_second) { return impl_->send_limit.set_rate(bytes_per_second); }
void UploadServer::connect_from(Address const& own_address) { impl_->own_address = own_address; }
void UploadServer::stop() { impl_->stop(); }

}  // namespace praline::upload
