// A source that is a URL: its host is looked up, and its redirects are followed.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/net/endpoints.hpp"
#include "transfer/download/source_wire.hpp"

namespace praline::download {

namespace asio = boost::asio;
using asio::awaitable;

awaitable<bool> SourceWire::connect_to_url() {
    enter(Stage::connecting);
    auto const& host = way_->at().host;
    std::vector<Endpoint> found;
    if (auto const endpoint = host.endpoint()) {
        found.push_back(*endpoint);
    } else {
        Tcp::resolver resolver{context_->io};
        boost::system::error_code error;
        auto const answers = co_await resolver.async_resolve(host.host, std::to_string(host.port),
                                                             asio::redirect_error(asio::use_awaitable, error));
        for (auto const& one : answers)
            if (found.size() < host_addresses_max) found.push_back(net::from_asio(one.endpoint()));
        if (error || found.empty()) way_->has_no_address();
    }
    for (auto const& to : found) {
        if (is_ended_) co_return false;
        if (way_->may_connect(to.address) && co_await connect_to(to)) co_return true;
    }
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
