#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "tools/praline/api_library.hpp"
#include "tools/praline/api_peers.hpp"
#include "tools/praline/api_searches.hpp"
#include "tools/praline/api_settings.hpp"
#include "tools/praline/api_status.hpp"
#include "tools/praline/api_transfers.hpp"
#include "webui/api/api_server.hpp"

namespace praline {

/// The page and the API of one node: a server, and for each domain what it shows and steers. Runs on the node's thread.
class NodeApi {
public:
    struct Host {
        std::function<void()> shut_down;
        std::function<void()> settings_changed;
    };
    /// Throws std::runtime_error with a sentence when the address cannot be had.
    /// @param problems  what the user should know of this run: sentences.
    NodeApi(boost::asio::io_context& io, NodeParts const& parts, std::vector<std::string> problems, Host host);

    [[nodiscard]] Endpoint endpoint() const { return server_->endpoint(); }
    [[nodiscard]] std::string one_time_login_link() { return server_->one_time_login_link(); }
    /// Tells every page that is open.
    void notify(std::string topic, std::string id);
    void stop() { server_->stop(); }

private:
    [[nodiscard]] Notify notifier();

    StatusApi status_;
    PeersApi peers_;
    SearchesApi searches_;
    KeptSearchesApi kept_;
    TransfersApi transfers_;
    LibraryApi library_;
    SettingsApi settings_;
    std::unique_ptr<webui::ApiServer> server_;
};

}  // namespace praline
