#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "index/client/index_client.hpp"
#include "node/net/bootstrap.hpp"
#include "node/net/front_door.hpp"
#include "node/net/host_store.hpp"
#include "node/net/named_peers.hpp"
#include "node/net/overlay_host.hpp"
#include "search/engine/engine.hpp"
#include "search/qrp/table_builder.hpp"
#include "search/strategy/strategy.hpp"
#include "tools/praline/config.hpp"
#include "tools/praline/data_directory.hpp"
#include "tools/praline/local_answers.hpp"
#include "tools/praline/settings.hpp"
#include "tools/praline/settings_store.hpp"
#include "tools/praline/user_searches.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/library/library.hpp"
#include "transfer/upload/upload_server.hpp"
#include "webui/api/api_server.hpp"

/// The composition: the rooms of all floors joined to one running node. Everything here runs on one thread.
namespace praline {

/// The library as uploads see it.
class LibraryContent : public upload::SharedContent {
public:
    explicit LibraryContent(library::Library& library) : library_{library} {}
    std::optional<upload::ServedFile> by_sha1(Sha1 const& sha1) override;
    std::optional<upload::ServedFile> by_index(std::uint32_t index) override;
    std::optional<content::TreeLevel> tree(Sha1 const& sha1) override { return library_.tree(sha1); }
    void report_changed(std::uint32_t index) override { library_.report_changed(index); }

private:
    library::Library& library_;
};

class Node {
public:
    /// Starts everything. `config` is that of `settings`, but for addresses that were changed for this run alone.
    /// Throws std::runtime_error with a sentence.
    /// @param problems  what the user should know of this run: sentences, shown by the page and the API.
    Node(boost::asio::io_context& io, Config config, Settings settings, DataDirectory directory, std::vector<std::string> problems = {});
    ~Node();
    Node(Node const&) = delete;
    Node& operator=(Node const&) = delete;

    [[nodiscard]] Endpoint listen_endpoint() const;
    [[nodiscard]] Endpoint api_endpoint() const;
    [[nodiscard]] std::string one_time_login_link();
    /// Says goodbye to the peers, finishes writes, then stops the io_context. A second call stops at once.
    void shut_down();

private:
    friend class NodeView;

    // overlay and search joined (node_overlay.cpp)
    [[nodiscard]] overlay::Config overlay_config(Endpoint listen);
    void on_overlay(overlay::Action const& action);
    void on(overlay::LinkUp const& action);
    void on(overlay::LinkDown const& action);
    void on(overlay::PushArrived const& action);
    void charge(overlay::QueryArrived const& query);
    void on(overlay::HostsChanged const& action);
    void on(overlay::RoleChanged const& action);
    void on(overlay::NeedHosts const& action);
    template <class Other>
    void on(Other const&) {}
    void take(search::EngineOutput decided);
    void arm_hub();
    [[nodiscard]] wire::QueryHit hit_head();
    [[nodiscard]] bool is_firewalled() const { return config_.firewalled == "on"; }
    /// False: there is nobody to pass it on, or the other could not call us either.
    bool request_push(Guid const& servent, std::uint32_t file_index);
    /// A hit of it has just shown the way: what was asked before may have gone nowhere.
    void request_push_again(Guid const& servent);

    // the index (node_index.cpp)
    void begin_index(std::uint16_t transfer_port);
    [[nodiscard]] index::IndexClient::Host index_host();
    void index_host_for(UserSearches::Host& host);
    [[nodiscard]] std::vector<index::Entry> shared_entries(std::size_t from, std::size_t most);

    // peers that the user named (node_peers.cpp)
    void name_configured_peers();
    void look_up_peers();
    void peer_found(std::string const& name, Endpoint endpoint);
    void peer_not_found(std::string const& name, boost::system::error_code error);
    [[nodiscard]] bool is_own(Endpoint endpoint) const;
    [[nodiscard]] webui::Outcome<webui::Done> connect_peer(std::string const& written);
    void disconnect_peer(PeerId id);
    [[nodiscard]] std::vector<webui::NamedPeerView> named_peer_views() const;

    // settings (node_settings.cpp)
    [[nodiscard]] webui::Outcome<webui::Done> change_settings(std::vector<webui::SettingChange> const& changes);
    void apply_settings();

    // what a user starts (node_user.cpp)
    void launch(Guid guid, wire::Query query, search::strategy::Parameters parameters, search::SearchText asked = {});
    /// As many hops away as it is: a neighbour's hit may have come by a detour.
    [[nodiscard]] Hops distance_of(search::Found const& found) const;
    void note_neighbours();
    void find_sources(std::string const& download, Urn const& urn, std::string const& name);
    void add_sources(std::string const& download, wire::QueryHit const& hit);
    void on_library_change();
    /// Begins a routing table of what is shared if that has changed; the more the last one cost, the later.
    void tell_words(Instant now);
    void go_on_with_words();
    void on_tick();
    void save_hosts();
    void notify(std::string topic, std::string id = {});
    [[nodiscard]] UserSearches::Host searches_host();
    /// No further neighbour is sent the query; hits are still welcome.
    void stop_querying(Guid const& guid);
    /// No more hits of it are wanted.
    void close_query(Guid const& guid);

    /// A search the node makes by itself, for sources of a download.
    struct SourceHunt { std::string download; Urn urn; Instant until; };
    struct PushRequest { std::uint32_t file_index = 0; Instant until; };

    boost::asio::io_context& io_;
    Config config_;
    Settings settings_;                  ///< as they will be at the next start; `config_` has of it what holds now
    DataDirectory directory_;
    SettingsStore settings_store_;
    std::vector<std::string> problems_;
    net::NamedPeers named_peers_;
    boost::asio::ip::tcp::resolver resolver_;
    Rng rng_;
    Instant started_;
    net::HostStore host_store_;
    bool hosts_dirty_ = false;
    Instant next_host_save_{};
    bool words_changed_ = false;
    Instant next_words_{};
    /// The routing table of what is shared, while it is being made.
    struct WordsTable {
        search::qrp::TableBuilder builder;
        std::string after;             ///< the last file that is in it, by its virtual path
        Duration cost{};
    };
    std::optional<WordsTable> words_table_;
    bool stopping_ = false;

    std::unique_ptr<UserSearches> searches_;
    std::map<Guid, SourceHunt> hunts_;
    std::vector<Endpoint> neighbours_;                   ///< where they listen, in order
    std::map<Guid, PushRequest> pushes_;                 ///< by servent; repeated once if a way to it becomes known

    std::unique_ptr<library::Library> library_;
    std::unique_ptr<LibraryContent> content_;
    std::unique_ptr<LocalAnswers> answers_;
    std::unique_ptr<search::SearchEngine> hub_;
    std::unique_ptr<upload::UploadServer> uploads_;
    bool uploads_shown_ = false;
    std::unique_ptr<download::DownloadManager> downloads_;
    std::unique_ptr<net::FrontDoor> door_;
    std::unique_ptr<net::OverlayHost> overlay_;
    std::unique_ptr<net::Bootstrap> bootstrap_;
    std::unique_ptr<index::IndexClient> index_;          ///< null: no index server is configured, or it could not be begun
    std::string index_problem_;                          ///< why not
    std::map<std::uint32_t, Guid> index_searches_;       ///< what the index client calls them
    struct SharedCursor { std::size_t position = 0; std::string path; };
    SharedCursor shared_cursor_;                         ///< where the index client stands among the shared files
    std::unique_ptr<webui::NodeControl> control_;
    std::unique_ptr<webui::ApiServer> api_;
    boost::asio::steady_timer tick_;
    boost::asio::steady_timer hub_timer_;
    std::optional<Instant> hub_armed_;
    boost::asio::steady_timer stop_timer_;
    Endpoint own_;                       ///< as told to others
};

/// What the node does on behalf of the page and the commands (node_view.cpp).
[[nodiscard]] std::unique_ptr<webui::NodeControl> make_control(Node& node);

struct NodeLimits {
    static constexpr std::size_t spare_connections = 200;   ///< for handshakes, beyond the links that may stay
    static constexpr std::uint64_t query_burst_seconds = 10;        ///< of a link that was quiet for so long, at once
    static constexpr std::uint64_t steps_of_a_query = 100;          ///< of the matcher, that one query may cost without a charge
    static constexpr std::size_t hunts_max = 64;
    static constexpr std::size_t known_sources_max = 200;          ///< of open searches, for a file that the user typed
    static constexpr std::chrono::seconds hunt_for{120};
    static constexpr std::size_t pushes_max = 256;                  ///< further ones are not repeated
    static constexpr std::chrono::seconds push_for{60};             ///< as long as a download waits for the call
    static constexpr std::chrono::seconds goodbye_within{3};
    static constexpr std::chrono::seconds host_save_every{15};
    static constexpr int words_cost_factor = 50;   ///< at most a fiftieth of the node's time goes into routing tables
    static constexpr std::size_t words_files = 1000;  ///< then other work has its turn: some milliseconds
};

}  // namespace praline
