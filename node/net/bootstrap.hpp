#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "node/base/endpoint.hpp"
#include "node/base/time.hpp"
#include "node/net/limits.hpp"

namespace praline::net {

/// When each host cache may be asked again. Pure.
class AskTimes {
public:
    /// Whether it may be asked now; if so, it counts as asked.
    [[nodiscard]] bool ask(std::string const& name, Instant now, BootstrapLimits const& limits);
    /// It could not be reached, or its name not be looked up, as before the network is up: `retry_first`, then twice as long each time.
    void failed(std::string const& name, Instant now, BootstrapLimits const& limits);

private:
    struct One {
        bool asked = false;
        Instant not_before{};
        Duration wait{};
    };
    std::map<std::string, One> times_;  ///< at most `names_max` of each kind: those of the config
};

/// Finds first hosts by name: resolves user-named peers and UDP host caches, asks GWebCaches. Nothing is contacted
/// before the owner calls; the lists come from the config. @source GWebCache; node/wire/protocol/bootstrap.md
class Bootstrap {
public:
    struct Found {
        std::function<void(Endpoint)> host_cache;          ///< a UDP host cache, resolved
        std::function<void(std::vector<Endpoint>)> hosts;  ///< from a GWebCache
    };
    Bootstrap(boost::asio::io_context& io, std::vector<std::string> udp_host_caches,
              std::vector<std::string> gwebcaches, std::string user_agent, BootstrapLimits limits, Found found);
    ~Bootstrap();
    /// Asks each, unless that was less than `ask_again_after` ago; one that could not be reached is asked sooner.
    void ask();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

/// "host:port" or "1.2.3.4:port" as endpoints; blocks while a name is resolved. Throws std::runtime_error with a sentence.
[[nodiscard]] Endpoint resolve(std::string const& host_and_port);

}  // namespace praline::net
