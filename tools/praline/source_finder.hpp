#pragma once

#include <functional>
#include <string>

#include "node/net/overlay_host.hpp"
#include "tools/praline/node_identity.hpp"
#include "tools/praline/search_host.hpp"
#include "tools/praline/source_searches.hpp"

namespace praline {

/// Finds sources for downloads: searches of its own, and requests to firewalled sources to connect here.
/// Runs on the node's thread.
class SourceFinder {
public:
    /// @param can_connect_back  whether others can connect to this node.
    SourceFinder(SearchHost& search, net::OverlayHost& overlay, download::DownloadManager& downloads,
                 NodeIdentity const& identity, std::function<bool()> can_connect_back)
        : search_{search},
          overlay_{overlay},
          downloads_{downloads},
          identity_{identity},
          can_connect_back_{std::move(can_connect_back)} {}

    void find(std::string const& download, Urn const& urn, std::string const& name);
    /// A hit. @returns false: it answers no search for sources.
    bool found(search::Found const& found);
    /// False: there is no peer to pass it on, or the source could not connect here either.
    bool request_push(Guid const& servent, std::uint32_t file_index);
    void tick(Instant now);

private:
    SearchHost& search_;
    net::OverlayHost& overlay_;
    download::DownloadManager& downloads_;
    NodeIdentity const& identity_;
    std::function<bool()> can_connect_back_;
    SourceSearches searches_;
    PushRequests pushes_;
};

}  // namespace praline
