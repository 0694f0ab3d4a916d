#include "tools/praline/node.hpp"

#include <sys/socket.h>

#include <stdexcept>

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "node/base/text.hpp"
#include "node/net/endpoints.hpp"
#include "node/net/real_world.hpp"
#include "tools/praline/disk_reserve.hpp"
#include "tools/praline/session_file.hpp"
#include "tools/praline/setting_trial.hpp"

namespace praline {
namespace asio = boost::asio;

namespace {

constexpr char user_agent[] = "Praline/0.1";

/// The address others see when we listen on all of them: that of the default route. Nothing is sent.
Address guess_own_address(asio::io_context& io, bool v6) {
    auto const nowhere = net::to_asio_udp(*Endpoint::parse(v6 ? "[2001:db8::1]:9" : "192.0.2.1:9"));
    Address const loopback = *Address::parse(v6 ? "::1" : "127.0.0.1");
    boost::system::error_code error;
    asio::ip::udp::socket probe{io};
    probe.open(nowhere.protocol(), error);
    if (!error) probe.connect(nowhere, error);
    if (error) return loopback;
    auto const local = probe.local_endpoint(error);
    return error ? loopback : net::from_asio(local).address;
}

}  // namespace

std::optional<upload::ServedFile> LibraryContent::by_sha1(Sha1 const& sha1) {
    auto const file = library_.by_sha1(sha1);
    if (!file) return std::nullopt;
    return upload::ServedFile{file->index, file->name, file->path, file->size_bytes, file->mtime_ns, file->sha1, file->tiger_root,
                              file->root, file->ctime_ns, file->inode};
}

std::optional<upload::ServedFile> LibraryContent::by_index(std::uint32_t index) {
    auto const file = library_.by_index(index);
    if (!file) return std::nullopt;
    return by_sha1(file->sha1);
}

overlay::Config Node::overlay_config(Endpoint listen) {
    overlay::Config config;
    config.mode = config_.mode == "leaf" ? overlay::Mode::leaf
                : config_.mode == "ultrapeer" ? overlay::Mode::ultrapeer : overlay::Mode::automatic;
    config.user_agent = user_agent;
    config.servent = directory_.servent_guid();
    config.listen = listen;
    for (auto const& peer : config_.peers)
        if (auto const endpoint = Endpoint::parse(peer)) config.peers.push_back(*endpoint);   // names are looked up later
    config.accept_private = config_.network != "gnutella";
    config.pong_cache = config_.pong_cache == "on";
    config.query_routing = config_.query_routing == "on";
    config.report_passing_hits = true;
    config.capacity_kbits = static_cast<std::uint32_t>(config_.capacity);
    // A fifth of the slots stays open for newcomers: were all taken by links we made, nobody could join.
    config.limits.ultrapeer_links_max = static_cast<std::size_t>(config_.max_ultrapeers);
    config.limits.ultrapeer_links_wanted = config.limits.ultrapeer_links_max - config.limits.ultrapeer_links_max / 5;
    if (config_.seek == "off") config.limits.ultrapeer_links_wanted = 0;
    config.limits.leaves_max = static_cast<std::size_t>(config_.max_leaves);
    config.limits.queries_per_second = static_cast<std::uint32_t>(config_.queries_per_link);
    config.limits.queries_burst = static_cast<std::uint32_t>(config_.queries_per_link * NodeLimits::query_burst_seconds);
    config.limits.peers_max = config.limits.ultrapeer_links_max + config.limits.leaves_max + NodeLimits::spare_connections;
    return config;
}

Node::Node(asio::io_context& io, Config config, Settings settings, DataDirectory directory, std::vector<std::string> problems)
    : io_{io}, config_{std::move(config)}, settings_{std::move(settings)}, directory_{std::move(directory)},
      settings_store_{directory_.database()}, problems_{std::move(problems)}, resolver_{io}, rng_{net::entropy()}, started_{net::now()}, host_store_{directory_.database()},
      tick_{io}, hub_timer_{io}, stop_timer_{io} {
    library::Options library_options;
    library_options.database = directory_.database();
    library_options.config_folders = config_.share;
    library_options.data_folder = directory_.path();
    library_options.post = [this](std::function<void()> work) { asio::post(io_, std::move(work)); };
    library_options.on_change = [this] { on_library_change(); };
    library_ = std::make_unique<library::Library>(std::move(library_options));
    content_ = std::make_unique<LibraryContent>(*library_);
    answers_ = std::make_unique<LocalAnswers>(
        [this](wire::Query const& query, library::FindWish const& wish) { return library_->find(query, wish); },
        [this] { return hit_head(); }, Rng{net::entropy()});
    search::EngineOptions hub_options;
    hub_options.hit_cache = config_.hit_cache == "on";
    hub_ = std::make_unique<search::SearchEngine>(hub_options, Rng{net::entropy()}, *answers_);
    searches_ = std::make_unique<UserSearches>(directory_.database(), search::SessionLimits{}, searches_host());

    auto const listen = address_in(config_.listen);
    door_ = std::make_unique<net::FrontDoor>(io_, listen, net::FrontDoorLimits{},
        [this](net::Protocol protocol, asio::ip::tcp::socket socket, Endpoint remote, Bytes read) {
            if (stopping_) return;
            if (protocol == net::Protocol::gnutella) overlay_->adopt(std::move(socket), remote, std::move(read));
            else if (protocol == net::Protocol::giv) downloads_->accept_giv(std::move(socket), std::move(read));
            else uploads_->serve(std::move(socket), std::move(read));
        });
    own_ = door_->endpoint();
    Endpoint const bound = own_;
    if (own_.address.is_unspecified()) own_.address = guess_own_address(io_, own_.address.is_v6());

    upload::Limits upload_limits;
    upload_limits.slots = static_cast<std::size_t>(config_.upload_slots);
    uploads_ = std::make_unique<upload::UploadServer>(io_, *content_, upload_limits, user_agent, directory_.servent_guid());
    uploads_->connect_from(bound.address);

    download::Options download_options;
    download_options.directory = config_.downloads_directory();
    download_options.partial_directory = directory_.path() + "/partial";
    download_options.database = directory_.database();
    download_options.user_agent = user_agent;
    download_options.own_address = bound.address;
    download_options.find_sources = [this](std::string const& id, Urn const& urn, std::string const& name) { find_sources(id, urn, name); };
    download_options.request_push = [this](Guid const& servent, std::uint32_t index) { return request_push(servent, index); };
    download_options.on_refused = [this](download::Source const& source) { hub_->source_refused(source.endpoint, source.servent); };
    download_options.on_change = [this](std::string const& id) { notify("downloads", id); };
    downloads_ = std::make_unique<download::DownloadManager>(io_, std::move(download_options));

    overlay_ = std::make_unique<net::OverlayHost>(io_, bound, overlay_config(own_), Rng{net::entropy()}, net::OverlayHostLimits{},
                                                  [this](overlay::Action const& action) { on_overlay(action); });
    if (config_.network == "gnutella") {
        bootstrap_ = std::make_unique<net::Bootstrap>(io_, config_.udp_host_caches, config_.gwebcaches, user_agent, net::BootstrapLimits{},
            net::Bootstrap::Found{[this](Endpoint endpoint) { overlay_->feed(overlay::HostCacheFound{endpoint}); },
                                  [this](std::vector<Endpoint> hosts) { overlay_->feed(overlay::HostsFound{std::move(hosts)}); }});
    }

    begin_index(bound.port);

    control_ = make_control(*this);
    webui::ApiOptions api_options;
    api_options.token = directory_.token();
    api_ = open_with_sessions(directory_.path(), address_in(config_.api), [&](Endpoint where, webui::SessionKeeping sessions) {
        api_options.listen = where;
        api_options.sessions = std::move(sessions);
        return std::make_unique<webui::ApiServer>(io_, *control_, api_options);
    });
    if (auto problem = directory_.announce_api(api_->endpoint().text()); !problem.empty()) {
        spdlog::error("{}", problem);
        problems_.push_back(std::move(problem));
    }

    overlay_->feed(overlay::Start{host_store_.load()});
    name_configured_peers();
    on_tick();
}

Node::~Node() {
    if (api_) api_->stop();
    if (downloads_) downloads_->stop();
    if (uploads_) uploads_->stop();
    overlay_.reset();
    library_.reset();
}

Endpoint Node::listen_endpoint() const { return own_; }
Endpoint Node::api_endpoint() const { return api_->endpoint(); }
std::string Node::one_time_login_link() { return api_->one_time_login_link(); }

void Node::notify(std::string topic, std::string id) {
    if (api_) api_->notify({std::move(topic), std::move(id)});
}

void Node::shut_down() {
    if (std::exchange(stopping_, true)) {
        io_.stop();
        return;
    }
    spdlog::info("Saying goodbye.");
    tick_.cancel();
    hub_timer_.cancel();
    door_->stop();
    uploads_->stop();
    downloads_->stop();
    if (index_) index_->stop();
    resolver_.cancel();
    searches_->shut_down({net::now(), net::unix_now()});
    save_hosts();
    DiskReserve{directory_.path()}.keep();
    stop_timer_.expires_after(NodeLimits::goodbye_within);
    stop_timer_.async_wait([this](boost::system::error_code error) { if (!error) io_.stop(); });
    overlay_->shut_down([this] { io_.stop(); });
}

}  // namespace praline
