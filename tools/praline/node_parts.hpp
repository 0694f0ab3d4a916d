#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/praline/data_directory.hpp"
#include "tools/praline/index_link.hpp"
#include "tools/praline/peer_connector.hpp"
#include "tools/praline/running_settings.hpp"
#include "tools/praline/search_host.hpp"
#include "tools/praline/shared_uploads.hpp"
#include "tools/praline/source_finder.hpp"
#include "tools/praline/user_searches.hpp"

namespace praline {

/// Tells the page's event stream what has changed: a topic of webui::Change, and an id or nothing.
using Notify = std::function<void(std::string topic, std::string id)>;

/// The parts of a running node that the API shows and steers. They outlive it.
struct NodeParts {
    DataDirectory& directory;
    NodeIdentity const& identity;
    RunningSettings& settings;
    library::Library& library;
    net::OverlayHost& overlay;
    SharedUploads& uploads;
    download::DownloadManager& downloads;
    SearchHost& search;
    SourceFinder& sources;
    UserSearches& searches;
    PeerConnector& peers;
    IndexLink& index;
};

}  // namespace praline
