// A source that is a URL: its host is looked up, and its redirects are followed.
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "transfer/download/source_wire.hpp"

namespace praline::download {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

template <class Token>
auto handshake(net::Stream& stream, Token&& token) {
    return asio::async_initiate<Token, void(boost::system::error_code)>(
        [&stream](auto handler) {
            auto const kept = std::make_shared<decltype(handler)>(std::move(handler));
            stream.async_handshake(net::TlsSide::client,
                                   [kept](boost::system::error_code error) { std::move (*kept)(error); });
        },
        token);
}

}  // namespace

/// Empty: the way says why.
awaitable<std::vector<Address>> SourceWire::addresses_of(std::string const& host) {
    auto& names = context_->urls.names();
    // Shared, as this may end by an exception while somebody can still answer or stop it.
    struct Answer {
        explicit Answer(asio::io_context& io) : came{io, asio::steady_timer::time_point::max()} {}
        net::NameLookup::Found found{{}, "it is not wanted any more"};
        asio::steady_timer came;
    };
    auto const answer = std::make_shared<Answer>(context_->io);
    auto const id = names.look_up(host, [answer](net::NameLookup::Found const& found) {
        answer->found = found;
        answer->came.cancel();
    });
    stop_waiting_ = [context = context_, id, answer] {
        context->urls.names().cancel(id);
        answer->came.cancel();
    };
    boost::system::error_code ignored;
    co_await answer->came.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    stop_waiting_ = nullptr;
    if (answer->found.addresses.empty()) way_->has_no_address(answer->found.problem);
    co_return answer->found.addresses;
}

awaitable<bool> SourceWire::connect_to_url() {
    enter(Stage::connecting);
    watchdog_.rest();
    auto const host = way_->at().host;
    std::vector<Address> found;
    if (host.address)
        found.push_back(*host.address);
    else
        found = co_await addresses_of(host.host);
    if (found.size() > host_addresses_max) found.resize(host_addresses_max);
    for (auto const& address : found) {
        if (is_ended_) co_return false;
        if (!way_->may_connect(address) || !co_await connect_to({address, host.port})) continue;
        // One that is not trusted at one of its addresses is not tried at another.
        if (way_->at().is_secure) co_return co_await secure();
        co_return true;
    }
    co_return false;
}

awaitable<bool> SourceWire::secure() {
    auto const host = way_->at().host;
    try {
        stream_ = net::Stream{std::move(stream_.socket()), context_->urls.tls()};
        stream_.expect_host(host.host);
    } catch (std::exception const& trouble) {
        way_->has_no_tls(trouble.what());
        close();
        co_return false;
    }
    watchdog_.allow(context_->options.limits.handshake_time);
    boost::system::error_code error;
    co_await handshake(stream_, asio::redirect_error(asio::use_awaitable, error));
    if (!error && !is_ended_) co_return true;
    auto const certificate = stream_.certificate_trouble();
    if (timed_out_)
        way_->has_no_tls("the TLS handshake takes too long");
    else if (!certificate.empty())
        way_->has_no_tls("its certificate " + certificate);
    else
        way_->has_no_tls("the TLS handshake fails (" + error.message() + ")");
    close();
    co_return false;
}

awaitable<std::optional<HttpResponse>> SourceWire::exchange(std::string_view method, std::string_view what,
                                                            std::optional<ByteRange> range) {
    // A Tiger tree is asked of the same server, and is not worth a way elsewhere.
    bool const is_file = way_ && what == way_->at().target;
    auto reply = co_await exchange_once(method, what, range);
    while (is_file && reply && reply->is_redirect() && !is_ended_) {
        if (!way_->redirect(reply->location)) co_return std::nullopt;
        // The next place may be at another host.
        give_up_connection();
        reply = co_await exchange_once(method, way_->at().target, range);
    }
    co_return reply;
}

}  // namespace praline::download
