#include "tools/praline/node.hpp"

#include <chrono>
#include <utility>
#include <variant>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>

#include "node/log/log.hpp"
#include "node/net/endpoints.hpp"
#include "node/net/entropy.hpp"
#include "node/net/system_clock.hpp"
#include "tools/praline/disk_reserve.hpp"
#include "tools/praline/local_time.hpp"
#include "tools/praline/node_limits.hpp"
#include "tools/praline/overlay_config.hpp"
#include "tools/praline/rate_text.hpp"
#include "tools/praline/setting_trial.hpp"

namespace praline {
namespace asio = boost::asio;
namespace {

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

Moment moment_now() { return {net::now(), net::unix_now()}; }

}  // namespace

Node::Node(asio::io_context& io, Config config, Settings settings, DataDirectory directory,
           std::vector<std::string> problems)
    : io_{io},
      directory_{std::move(directory)},
      settings_{std::move(config), std::move(settings), directory_.database()},
      datagrams_{io, net::DatagramLimits{}},
      timer_{io} {
    library_ = std::make_unique<library::Library>(library_options());
    listener_ = std::make_unique<net::PeerListener>(io_, address_in(this->config().listen), net::PeerListenerLimits{},
                                                    peer_handler());
    identity_ = {directory_.servent_guid(), listener_->endpoint(), listener_->endpoint()};
    if (identity_.bound.address.is_unspecified())
        identity_.advertised.address = guess_own_address(io_, identity_.bound.address.is_v6());
    datagrams_.open(identity_.bound);
    overlay_ = std::make_unique<net::OverlayHost>(
        io_, datagrams_, identity_.bound, overlay_config(this->config(), identity_), Rng{net::entropy()},
        net::OverlayHostLimits{}, [this](overlay::Action const& action) { on_overlay(action); });
    make_transfers();
    make_searches();
    hosts_ = std::make_unique<HostDiscovery>(io_, *overlay_, this->config(), directory_.database());
    peers_ = std::make_unique<PeerConnector>(io_, *overlay_, identity_, [this] { notify("peers"); });
    index_ = std::make_unique<IndexLink>(io_, this->config().index, directory_, identity_, this->config().firewalled,
                                         *library_, index_host());
    table_ = std::make_unique<QrpTableRebuild>(table_host());
    NodeParts const parts{directory_,  identity_, settings_, *library_,  *overlay_, *uploads_,
                          *downloads_, *search_,  *sources_, *searches_, *peers_,   *index_};
    api_ = std::make_unique<NodeApi>(io_, parts, std::move(problems),
                                     NodeApi::Host{[this] { shut_down(); }, [this] { on_settings_changed(); }});

    overlay_->feed(overlay::Start{hosts_->load()});
    peers_->add_configured(this->config().peers);
    on_tick();
}

Node::~Node() {
    if (api_) api_->stop();
    if (downloads_) downloads_->stop();
    if (uploads_) uploads_->server().stop();
    overlay_.reset();
    library_.reset();
}

void Node::make_transfers() {
    uploads_ =
        std::make_unique<SharedUploads>(io_, *library_, identity_, static_cast<std::size_t>(config().upload_slots));
    downloads_ = std::make_unique<download::DownloadManager>(io_, download_options());
    choose_what_is_served();
}

void Node::make_searches() {
    LocalAnswers answers{
        [this](wire::Query const& query, library::FindWish const& wish) { return library_->find(query, wish); },
        [this] { return hit_template(); }, Rng{net::entropy()},
        [this](Sha1 const& sha1) { return uploads_->places_for_hits(sha1, LocalAnswers::alternates_per_record); }};
    search_ = std::make_unique<SearchHost>(io_, *overlay_, std::move(answers), config().hit_cache, Rng{net::entropy()},
                                           search_upward());
    sources_ = std::make_unique<SourceFinder>(*search_, *overlay_, *downloads_, identity_,
                                              [this] { return !config().firewalled; });
    searches_ = std::make_unique<UserSearches>(directory_.database(), search::SessionLimits{}, searches_host());
}

library::Options Node::library_options() {
    library::Options options;
    options.database = directory_.database();
    options.config_folders = config().share;
    options.data_folder = directory_.path();
    options.post = [this](std::function<void()> work) { asio::post(io_, std::move(work)); };
    options.on_change = [this] { on_library_change(); };
    return options;
}

download::Options Node::download_options() {
    download::Options options;
    options.directory = downloads_directory(config());
    options.partial_directory = directory_.path() + "/partial";
    options.database = directory_.database();
    options.user_agent = user_agent;
    options.own_address = identity_.bound.address;
    options.ca_file = config().url_ca_file;
    options.limits.active_max = static_cast<std::size_t>(config().active_downloads);
    options.find_sources = [this](std::string const& id, Urn const& urn, std::string const& name) {
        sources_->find(id, urn, name);
    };
    options.locations = &uploads_->locations();
    options.own_location = [this]() -> std::optional<Endpoint> {
        bool const can_serve = !config().firewalled && config().share_partial_files;
        return can_serve ? std::optional{identity_.advertised} : std::nullopt;
    };
    options.request_push = [this](Guid const& servent, std::uint32_t index) {
        return sources_->request_push(servent, index);
    };
    options.on_refused = [this](download::Source const& source) {
        search_->source_refused(source.endpoint, source.servent);
    };
    options.on_change = [this](std::string const& id) { notify("downloads", id); };
    return options;
}

net::PeerListener::Handler Node::peer_handler() {
    return [this](net::Protocol protocol, asio::ip::tcp::socket socket, Endpoint remote, Bytes read) {
        if (stopping_) return;
        if (protocol == net::Protocol::gnutella)
            overlay_->adopt(std::move(socket), remote, std::move(read));
        else if (protocol == net::Protocol::giv)
            downloads_->accept_giv(std::move(socket), std::move(read));
        else
            uploads_->server().serve(std::move(socket), std::move(read));
    };
}

SearchHost::Upward Node::search_upward() {
    SearchHost::Upward upward;
    upward.found = [this](search::Found const& found, Hops hops) {
        if (found.hit.servent == identity_.servent) return;  // a cache elsewhere remembers us
        if (sources_->found(found)) return;
        searches_->found(found.search, found.via, hops, found.hit, net::now(), found.cached_seconds);
    };
    upward.spent = [this](search::CostUpdate const& spent) {
        searches_->spent(spent.search, spent.messages, spent.bytes, spent.reach, moment_now());
    };
    upward.query_phase_done = [this](Guid const& search) { searches_->query_phase_done(search, moment_now()); };
    return upward;
}

std::shared_ptr<browse::HostBrowser> Node::make_browser() {
    browse::Options options;
    options.user_agent = user_agent;
    options.own_address = identity_.bound.address;
    options.read_limit = downloads_->read_limit();
    options.call = [this](Guid const& servent, std::uint32_t index, browse::Called called) {
        downloads_->call(servent, index, std::move(called));
    };
    options.is_own = [this](Endpoint const& endpoint) { return identity_.is_own(endpoint); };
    browse::Events events;
    events.came = [this](Guid const& guid, std::vector<wire::QueryHit> const& hits, std::uint64_t bytes) {
        searches_->browsed(guid, hits, bytes, net::now());
    };
    events.ended = [this](Guid const& guid, std::string const& problem) {
        searches_->browse_ended(guid, problem, moment_now());
    };
    return std::make_shared<browse::HostBrowser>(io_, std::move(options), std::move(events));
}

UserSearches::Host Node::searches_host() {
    UserSearches::Host host;
    host.launch = [this](Guid const& guid, wire::Query query, search::strategy::Parameters const& parameters,
                         search::SearchText const& asked) {
        search_->launch(guid, std::move(query), parameters, asked);
    };
    host.held_by_tables = [this]() -> std::uint64_t {
        auto const counters = search_->counters();
        return counters.queries_held_by_qrp + counters.leaf_queries_held_by_qrp;
    };
    host.stop_querying = [this](Guid const& guid) { search_->stop_querying(guid); };
    host.close = [this](Guid const& guid) { search_->close(guid); };
    host.has_index = [this] { return index_->client() != nullptr; };
    host.ask_index = [this](Guid const& guid, index::Query query) { index_->ask(guid, std::move(query)); };
    host.drop_index = [this](Guid const& guid) { index_->drop(guid); };
    auto const browser = make_browser();
    host.browse = [browser](Guid const& guid, browse::Target target) {
        return browser->browse(guid, std::move(target));
    };
    host.stop_browsing = [browser](Guid const& guid) { browser->stop(guid); };
    host.links = [this] { return overlay_->core().links().size(); };
    // In a private network the nodes tell each other of all there are; before they have, an estimate is too low.
    host.nodes_max = [this]() -> std::optional<std::uint64_t> {
        if (config().network == Network::gnutella) return std::nullopt;
        return overlay_->core().hosts().size() + overlay_->core().links().size();
    };
    host.new_guid = [this] { return search_->new_guid(); };
    host.notify = [this](std::string topic, std::string id) { notify(std::move(topic), std::move(id)); };
    return host;
}

IndexLink::Host Node::index_host() {
    IndexLink::Host host;
    host.answered = [this](Guid const& search, index::Answer const& answer, index::client::SearchCost const& cost) {
        searches_->index_answered(search, answer, cost, moment_now());
    };
    host.failed = [this](Guid const& search, std::string const& problem, index::client::SearchCost const& cost) {
        searches_->index_failed(search, problem, cost, moment_now());
    };
    host.state_changed = [this] { notify("status"); };
    return host;
}

QrpTableRebuild::Host Node::table_host() {
    QrpTableRebuild::Host host;
    host.files = [this](std::string const& after, std::size_t count) { return library_->after(after, count); };
    host.post = [this](std::function<void()> work) { asio::post(io_, std::move(work)); };
    host.now = [] { return net::now(); };
    host.finished = [this](search::qrp::QueryRoutingTable table) { search_->set_local_table(std::move(table)); };
    return host;
}

void Node::on_overlay(overlay::Action const& action) {
    std::visit([this](auto const& one) { on(one); }, action);
    search_->on_overlay(action);
}

void Node::on(overlay::LinkUp const& action) {
    auto const* const link = overlay_->core().link(action.peer);
    if (link == nullptr) return;
    search_->note_neighbours();
    log::info("Connected to {} ({}).", link->listening().value_or(link->remote).text(), link->user_agent);
    peers_->on_link(*link);
    notify("peers");
    notify("status");
}

void Node::on(overlay::LinkDown const& action) {
    search_->note_neighbours();
    log::info("Link {} is down: {}{}{}", action.peer.value(), overlay::to_string(action.reason),
              action.text.empty() ? "" : ", ", action.text);
    notify("peers");
    notify("status");
}

void Node::on(overlay::PushArrived const& action) { uploads_->server().give(action.call_back, action.file_index); }
void Node::on(overlay::HostsChanged const&) { hosts_->hosts_changed(); }

void Node::on(overlay::RoleChanged const& action) {
    log::info("This node is {} now.", action.role == overlay::Role::ultrapeer ? "an ultrapeer" : "a leaf");
    notify("status");
}

void Node::on(overlay::NeedHosts const&) { hosts_->need_hosts(); }

void Node::on_library_change() {
    auto const progress = library_->progress();
    overlay_->feed(overlay::SharingChanged{static_cast<std::uint32_t>(progress.files_ready), progress.bytes_ready});
    table_->content_changed();
    // In the middle of a scan files that were published are missing, and would be taken away from the index.
    if (!progress.scanning) index_->shared_changed();
    notify("library");
}

/// What of the settings is live takes effect; the rest holds from the next start on.
void Node::choose_what_is_served() {
    uploads_->share_partial_files_of(config().share_partial_files ? downloads_.get() : nullptr);
    std::function<wire::QueryHit()> list_head;
    if (config().browse_host) list_head = [this] { return hit_template(); };
    uploads_->set_list(std::move(list_head));
}

void Node::on_settings_changed() {
    uploads_->server().set_slots(static_cast<std::size_t>(config().upload_slots));
    choose_what_is_served();
    downloads_->set_active_max(static_cast<std::size_t>(config().active_downloads));
    search_->enable_hit_cache(config().hit_cache);
    index_->set_push_needed(config().firewalled);
    log::set_level(config().log_level);
    limit_bandwidth();
    notify("settings");
}

/// As the settings and the schedule have it just now.
void Node::limit_bandwidth() {
    auto const& bandwidth = config().bandwidth;
    auto const rates = rates_at(local_week_minute(net::unix_now()), bandwidth.limits, bandwidth.schedule);
    auto const say = [](char const* what, std::uint64_t rate) {
        log::info("The limit of {} is {} now.", what, rate_text(rate));
    };
    if (uploads_->server().set_rate(rates.upload)) say("uploads", rates.upload);
    if (downloads_->set_rate(rates.download)) say("downloads", rates.download);
    if (overlay_->set_send_rate(rates.overlay)) say("links", rates.overlay);
}

/// Once a second: deadlines of the pure parts, the schedule, the host cache to disk, the page's numbers.
void Node::on_tick() {
    auto const moment = moment_now();
    limit_bandwidth();
    search_->note_neighbours();
    searches_->tick(moment);
    peers_->tick();
    sources_->tick(moment.now);
    table_->tick();
    hosts_->tick(moment.now);
    notify("status");
    if (uploads_->has_news()) notify("uploads");
    timer_.expires_after(std::chrono::seconds{1});
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error) on_tick();
    });
}

wire::QueryHit Node::hit_template() const {
    auto const& uploads = uploads_->server();
    wire::QueryHit hit;
    hit.endpoint = identity_.advertised;
    hit.speed_kbits =
        config().bandwidth.capacity == 0 ? 10'000 : static_cast<std::uint32_t>(config().bandwidth.capacity);
    hit.vendor = "PRLN";
    hit.push_needed = config().firewalled;
    hit.busy = !uploads.has_free_slot();
    hit.browsable = config().browse_host;
    hit.has_uploaded = uploads.bytes_sent() > 0;
    hit.servent = identity_.servent;
    return hit;
}

void Node::notify(std::string topic, std::string id) {
    if (api_) api_->notify(std::move(topic), std::move(id));
}

void Node::shut_down() {
    if (std::exchange(stopping_, true)) {
        io_.stop();
        return;
    }
    log::info("Saying goodbye.");
    timer_.cancel();
    search_->stop();
    table_->stop();
    listener_->stop();
    uploads_->server().stop();
    downloads_->stop();
    index_->stop();
    peers_->stop();
    searches_->shut_down(moment_now());
    hosts_->save(net::now());
    DiskReserve{directory_.path()}.keep();
    timer_.expires_after(NodeLimits::goodbye_within);
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error) io_.stop();
    });
    overlay_->shut_down([this] { io_.stop(); });
}

}  // namespace praline
