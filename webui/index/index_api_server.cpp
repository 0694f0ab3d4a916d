#include "webui/index/index_api_server.hpp"

#include "node/net/system_clock.hpp"
#include "webui/api/http_listener.hpp"
#include "webui/index/index_router.hpp"

namespace praline::webui {
namespace {

constexpr std::size_t connections_max = 32;

}  // namespace

struct IndexApiServer::Impl : ConnectionHost {
    Impl(boost::asio::io_context& io, IndexControl& control, Endpoint listen, std::string token,
         SessionKeeping sessions, ApiLimits the_limits)
        : listener{io, listen, connections_max, "The API of the index server"},
          access{std::move(token), listener.endpoint()},
          router{control, access, listener.endpoint()},
          limits{the_limits} {
        access.keep_sessions(std::move(sessions), net::now(), net::unix_now());
    }

    ApiResponse answer(ApiRequest const& request) override {
        auto response = router.handle(request, net::now());
        (void)access.keep_if_changed(net::now(), net::unix_now());
        return response;
    }
    bool stopped() const override { return is_stopped; }
    ApiLimits const& api_limits() const override { return limits; }
    /// No route of ours begins a stream.
    std::string begin_stream(Connection& connection, ApiResponse const&) override {
        connection.close();
        return {};
    }
    void end(Connection& connection) override { listener.forget(connection); }

    HttpListener listener;
    Access access;
    IndexRouter router;
    ApiLimits limits;
    bool is_stopped = false;
};

IndexApiServer::IndexApiServer(boost::asio::io_context& io, IndexControl& control, Endpoint listen, std::string token,
                               SessionKeeping sessions, ApiLimits limits)
    : impl_{std::make_shared<Impl>(io, control, listen, std::move(token), std::move(sessions), limits)} {
    impl_->listener.open(impl_);
}
IndexApiServer::~IndexApiServer() { stop(); }
Endpoint IndexApiServer::endpoint() const { return impl_->listener.endpoint(); }
std::string IndexApiServer::one_time_login_link() {
    return "http://" + impl_->listener.endpoint().text() + "/login?code=" + impl_->access.new_login_code(net::now());
}
void IndexApiServer::stop() {
    impl_->is_stopped = true;
    impl_->listener.close();
}

}  // namespace praline::webui
