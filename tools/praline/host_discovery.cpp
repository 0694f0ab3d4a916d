#include "tools/praline/host_discovery.hpp"

#include "node/log/log.hpp"
#include "node/store/database.hpp"
#include "tools/praline/node_identity.hpp"
#include "tools/praline/node_limits.hpp"

namespace praline {

HostDiscovery::HostDiscovery(boost::asio::io_context& io, net::OverlayHost& overlay, Config const& config,
                             std::string const& database)
    : overlay_{overlay}, store_{database} {
    if (config.network != Network::gnutella) return;
    bootstrap_ = std::make_unique<net::Bootstrap>(
        io, config.udp_host_caches, config.gwebcaches, user_agent, net::BootstrapLimits{},
        net::Bootstrap::Found{
            [this](Endpoint endpoint) { overlay_.feed(overlay::HostCacheFound{endpoint}); },
            [this](std::vector<Endpoint> hosts) { overlay_.feed(overlay::HostsFound{std::move(hosts)}); }});
}

void HostDiscovery::need_hosts() {
    if (bootstrap_) bootstrap_->ask();
}

void HostDiscovery::tick(Instant now) {
    if (unsaved_ && now >= next_save_) save(now);
}

void HostDiscovery::save(Instant now) {
    unsaved_ = false;
    next_save_ = now + NodeLimits::host_save_every;
    try {
        store_.save(overlay_.core().hosts());
    } catch (store::DatabaseError const& error) {
        // It is written again at the next change.
        log::warn("The host cache could not be saved. {}", error.what());
    }
}

}  // namespace praline
