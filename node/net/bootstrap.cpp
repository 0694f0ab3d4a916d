#include "node/net/bootstrap.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "node/base/host_port.hpp"
#include "node/log/log.hpp"
#include "node/net/endpoints.hpp"
#include "node/net/gwebcache.hpp"
#include "node/net/name_lookup.hpp"
#include "node/net/system_clock.hpp"

namespace praline::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::uint16_t gnutella_port = 6346;  // where a name says none

/// One request to one GWebCache, bounded in time and bytes.
class CacheRequest : public std::enable_shared_from_this<CacheRequest> {
public:
    CacheRequest(asio::io_context& io, NameLookup& names, HttpUrl url, std::string const& agent, BootstrapLimits limits,
                 std::function<void(std::vector<Endpoint>)> found, std::function<void()> failed)
        : url_{std::move(url)},
          limits_{limits},
          found_{std::move(found)},
          failed_{std::move(failed)},
          names_{names},
          stream_{io} {
        auto const separator = url_.target.find('?') == std::string::npos ? "?" : "&";
        request_ = {http::verb::get, url_.target + separator + "hostfile=1&client=PRLN&version=0.1", 11};
        request_.set(http::field::host, url_.host);
        request_.set(http::field::user_agent, agent);
        parser_.body_limit(limits.answer_bytes_max);
    }

    void start() {
        names_.look_up(url_.host, [self = shared_from_this()](NameLookup::Found const& found) {
            if (found.addresses.empty()) return self->failed(found.problem);
            std::vector<tcp::endpoint> hosts;
            for (auto const& address : found.addresses) hosts.push_back(to_asio(Endpoint{address, self->url_.port}));
            self->stream_.expires_after(self->limits_.answer_within);
            self->stream_.async_connect(
                hosts, [self](error_code connected, tcp::endpoint const&) { self->on_connect(connected); });
        });
    }

private:
    void on_connect(error_code error) {
        if (error) return failed(error.message());
        http::async_write(stream_, request_, [self = shared_from_this()](error_code written, std::size_t) {
            if (written) return self->failed(written.message());
            http::async_read(self->stream_, self->buffer_, self->parser_, [self](error_code read, std::size_t) {
                if (read) return self->failed(read.message());
                self->found_(parse_gwebcache(self->parser_.get().body(), self->limits_.hosts_max));
            });
        });
    }
    void failed(std::string const& why) {
        log::info("GWebCache {} gave no hosts: {}", url_.host, why);
        failed_();
    }

    HttpUrl url_;
    BootstrapLimits limits_;
    std::function<void(std::vector<Endpoint>)> found_;
    std::function<void()> failed_;
    NameLookup& names_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_{128 * 1024};
    http::request<http::empty_body> request_;
    http::response_parser<http::string_body> parser_;
};

}  // namespace

Endpoint resolve(std::string const& host_and_port) {
    auto const parsed = HostPort::parse(host_and_port);
    if (!parsed) {
        throw std::runtime_error{"\"" + host_and_port +
                                 "\" is not an address: write HOST:PORT, for example 192.0.2.1:6346; " +
                                 to_string(parsed.error()) + '.'};
    }
    if (auto const endpoint = parsed->endpoint()) return *endpoint;
    asio::io_context io;
    error_code error;
    auto const found = tcp::resolver{io}.resolve(parsed->host, std::to_string(parsed->port), error);
    if (error || found.empty()) {
        throw std::runtime_error{"The name in \"" + host_and_port + "\" has no address: " + error.message() + "."};
    }
    return preferred(found);
}

bool AskTimes::ask(std::string const& name, Instant now, BootstrapLimits const& limits) {
    auto& one = times_[name];
    if (one.asked && now < one.not_before) return false;
    one.asked = true;
    one.not_before = now + limits.ask_again_after;
    return true;
}

void AskTimes::failed(std::string const& name, Instant now, BootstrapLimits const& limits) {
    auto& one = times_[name];
    one.wait = one.wait == Duration{} ? Duration{limits.retry_first}
                                      : std::min<Duration>(2 * one.wait, limits.ask_again_after);
    one.not_before = now + one.wait;
}

struct Bootstrap::Impl : std::enable_shared_from_this<Impl> {
    asio::io_context& io;
    std::vector<std::string> udp_host_caches, gwebcaches;
    std::string user_agent;
    BootstrapLimits limits;
    Found found;
    NameLookup names;
    AskTimes times;

    Impl(asio::io_context& context, std::vector<std::string> udp, std::vector<std::string> web, std::string agent,
         BootstrapLimits the_limits, Found the_found)
        : io{context},
          udp_host_caches{std::move(udp)},
          gwebcaches{std::move(web)},
          user_agent{std::move(agent)},
          limits{the_limits},
          found{std::move(the_found)},
          names{context} {
        udp_host_caches.resize(std::min(udp_host_caches.size(), limits.names_max));
        gwebcaches.resize(std::min(gwebcaches.size(), limits.names_max));
    }

    void ask() {
        for (auto const& name : udp_host_caches)
            if (times.ask(name, now(), limits)) ask_udp(name);
        for (auto const& text : gwebcaches) {
            if (!times.ask(text, now(), limits)) continue;
            auto url = parse_http_url(text);
            if (!url) {
                log::warn("\"{}\" in gwebcaches is not an http:// address.", text);
                continue;
            }
            auto const failed = [weak = weak_from_this(), text] {
                if (auto const self = weak.lock()) self->times.failed(text, now(), self->limits);
            };
            std::make_shared<CacheRequest>(io, names, *url, user_agent, limits, found.hosts, failed)->start();
        }
    }

    void ask_udp(std::string const& name) {
        auto const parsed = HostPort::parse(name, {.usual_port = gnutella_port});
        if (!parsed) {
            log::warn("\"{}\" in udp_host_caches is not HOST:PORT: {}.", name, to_string(parsed.error()));
            return;
        }
        // Not `shared_from_this`: what `names` keeps would keep itself.
        names.look_up(parsed->host, [this, name, port = parsed->port](NameLookup::Found const& answer) {
            if (answer.addresses.empty()) {
                log::info("The name of the UDP host cache {} cannot be looked up: {}", name, answer.problem);
                return times.failed(name, now(), limits);
            }
            auto const address = preferred(answer.addresses);
            if (address.is_v4()) found.host_cache({address, port});
        });
    }
};

Bootstrap::Bootstrap(asio::io_context& io, std::vector<std::string> udp_host_caches,
                     std::vector<std::string> gwebcaches, std::string user_agent, BootstrapLimits limits, Found found)
    : impl_{std::make_shared<Impl>(io, std::move(udp_host_caches), std::move(gwebcaches), std::move(user_agent), limits,
                                   std::move(found))} {}
Bootstrap::~Bootstrap() = default;
void Bootstrap::ask() { impl_->ask(); }

}  // namespace praline::net
