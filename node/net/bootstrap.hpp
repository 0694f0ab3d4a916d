#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "node/base/endpoint.hpp"
#include "node/net/limits.hpp"

namespace praline::net {

/// Finds first hosts by name: resolves user-named peers and UDP host caches, asks GWebCaches. Nothing is contacted
/// before the owner calls; the lists come from the config. @source 05-bootstrap sections 3 and 4 of our protocol notes.
class Bootstrap {
public:
    struct Found {
        std::function<void(Endpoint)> host_cache;             ///< a UDP host cache, resolved
        std::function<void(std::vector<Endpoint>)> hosts;     ///< from a GWebCache
    };
    Bootstrap(boost::asio::io_context& io, std::vector<std::string> udp_host_caches, std::vector<std::string> gwebcaches,
              std::string user_agent, BootstrapLimits limits, Found found);
    ~Bootstrap();
    /// Asks all, unless that was less than `ask_again_after` ago.
    void ask();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

/// "host:port" or "1.2.3.4:port" as endpoints; blocks while a name is resolved. Throws std::runtime_error with a sentence.
[[nodiscard]] Endpoint resolve(std::string const& host_and_port);

/// Hosts of a GWebCache answer: lines "ip:port" (version 1) or "H|ip:port|…" (version 2); others are skipped.
[[nodiscard]] std::vector<Endpoint> parse_gwebcache(std::string_view body, std::size_t hosts_max);

}  // namespace praline::net
