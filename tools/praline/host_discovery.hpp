#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "node/net/bootstrap.hpp"
#include "node/net/host_store.hpp"
#include "node/net/overlay_host.hpp"
#include "tools/praline/config.hpp"

namespace praline {

/// Where the overlay gets hosts to connect to: those of earlier runs, kept in the database, and on the Gnutella network
/// those that host caches name. A host cache that cannot be written is logged: it is a convenience.   @threads one.
class HostDiscovery {
public:
    /// Throws store::DatabaseError. @param overlay  is fed what host caches answer.
    HostDiscovery(boost::asio::io_context& io, net::OverlayHost& overlay, Config const& config,
                  std::string const& database);

    [[nodiscard]] std::vector<overlay::HostRecord> load() { return store_.load(); }
    /// The overlay has too few: host caches are asked, if any may be.
    void need_hosts();
    void hosts_changed() { unsaved_ = true; }
    /// Saves from time to time what has changed.
    void tick(Instant now);
    void save(Instant now);

private:
    net::OverlayHost& overlay_;
    net::HostStore store_;
    std::unique_ptr<net::Bootstrap> bootstrap_;  ///< null: no host cache may be asked
    bool unsaved_ = false;
    Instant next_save_{};
};

}  // namespace praline
