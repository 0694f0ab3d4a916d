#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/net/datagram_socket.hpp"
#include "node/net/peer_listener.hpp"
#include "tools/praline/host_discovery.hpp"
#include "tools/praline/node_api.hpp"
#include "tools/praline/node_parts.hpp"
#include "tools/praline/qrp_table_rebuild.hpp"
#include "transfer/browse/host_browser.hpp"

/// The composition: the rooms of all floors joined to one running node. Everything here runs on one thread.
namespace praline {

/// A running node: its parts, and what passes from one to another. Each part owns its state; the node only dispatches.
class Node {
public:
    /// Starts everything. `config` is that of `settings`, but for addresses that were changed for this run alone.
    /// Throws std::runtime_error with a sentence.
    /// @param problems  what the user should know of this run: sentences, shown by the page and the API.
    Node(boost::asio::io_context& io, Config config, Settings settings, DataDirectory directory,
         std::vector<std::string> problems = {});
    ~Node();
    Node(Node const&) = delete;
    Node& operator=(Node const&) = delete;

    [[nodiscard]] Endpoint listen_endpoint() const { return identity_.advertised; }
    [[nodiscard]] Endpoint api_endpoint() const { return api_->endpoint(); }
    [[nodiscard]] std::string one_time_login_link() { return api_->one_time_login_link(); }
    /// Says goodbye to the peers, finishes writes, then stops the io_context. A second call stops at once.
    void shut_down();

private:
    // how the parts are made
    void make_transfers();
    void make_searches();
    [[nodiscard]] library::Options library_options();
    [[nodiscard]] download::Options download_options();
    [[nodiscard]] net::PeerListener::Handler peer_handler();
    [[nodiscard]] SearchHost::Upward search_upward();
    [[nodiscard]] UserSearches::Host searches_host();
    [[nodiscard]] std::shared_ptr<browse::HostBrowser> make_browser();
    [[nodiscard]] IndexLink::Host index_host();
    [[nodiscard]] QrpTableRebuild::Host table_host();

    // what passes between them
    void on_overlay(overlay::Action const& action);
    void on(overlay::LinkUp const& action);
    void on(overlay::LinkDown const& action);
    void on(overlay::PushArrived const& action);
    void on(overlay::HostsChanged const& action);
    void on(overlay::RoleChanged const& action);
    void on(overlay::NeedHosts const& action);
    template <class Other>
    void on(Other const&) {}
    void on_library_change();
    void on_settings_changed();
    void on_tick();
    void limit_bandwidth();
    /// As the settings have it just now.
    void choose_what_is_served();
    [[nodiscard]] Config const& config() const { return settings_.config(); }
    /// A hit without records: this node as it is just now.
    [[nodiscard]] wire::QueryHit hit_template() const;
    void notify(std::string topic, std::string id = {});

    boost::asio::io_context& io_;
    DataDirectory directory_;
    RunningSettings settings_;
    NodeIdentity identity_;
    std::unique_ptr<library::Library> library_;
    std::unique_ptr<net::PeerListener> listener_;
    net::DatagramSocket datagrams_;
    std::unique_ptr<net::OverlayHost> overlay_;
    std::unique_ptr<SharedUploads> uploads_;
    std::unique_ptr<download::DownloadManager> downloads_;
    std::unique_ptr<SearchHost> search_;
    std::unique_ptr<SourceFinder> sources_;
    std::unique_ptr<UserSearches> searches_;
    std::unique_ptr<HostDiscovery> hosts_;
    std::unique_ptr<PeerConnector> peers_;
    std::unique_ptr<IndexLink> index_;
    std::unique_ptr<QrpTableRebuild> table_;
    std::unique_ptr<NodeApi> api_;
    boost::asio::steady_timer timer_;  // of the next tick; while it stops, of the end of the goodbyes
    bool stopping_ = false;
};

}  // namespace praline
