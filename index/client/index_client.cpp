#include "index/client/index_client.hpp"

#include <set>
#include <utility>

#include <boost/asio/post.hpp>

#include "index/client/client_files.hpp"
#include "index/client/list_host.hpp"
#include "index/client/server_connections.hpp"
#include "index/client/server_names.hpp"
#include "index/wire/codec.hpp"
#include "index/wire/limits.hpp"
#include "node/log/log.hpp"
#include "node/net/core_host.hpp"
#include "node/net/entropy.hpp"
#include "node/store/database.hpp"

namespace praline::index::client {
namespace asio = boost::asio;

namespace {

/// As the codec takes it.
std::string agent_of(std::string const& agent) {
    std::string plain;
    for (char const byte : agent)
        if (byte >= 0x20 && byte < 0x7F && plain.size() < agent_bytes_max) plain += byte;
    return plain;
}

}  // namespace

/// Joins the parts, which do not know each other: what they feed goes to the core, whose actions go to them.
struct IndexClient::Impl : std::enable_shared_from_this<Impl> {
    using CoreHost = net::CoreHost<ClientCore, ClientEvent, ClientAction>;

    Impl(asio::io_context& context, IndexClientOptions the_options, Host the_host);
    void start();
    void stop();
    void feed(ClientEvent event) { core_host.feed(std::move(event)); }
    void soon(std::function<void()> act);

    // ---- actions of the core ----
    void on(Open const& action) { connections.open(action); }
    void on(Close const& action) { connections.close(action); }
    void on(ToServer const& action) { connections.send(action); }
    void on(ReadChange const& action) { list.read(action); }
    void on(SearchAnswered const& action);
    void on(SearchFailed const& action);
    void on(ServersChanged const& action);
    void on(ClientStateChanged const& action);

    [[nodiscard]] ClientState state() const;

    asio::io_context& io;
    IndexClientOptions options;
    Host host;
    ServerConnections connections;
    ListHost list;
    ServerStore servers;
    ServerNames names;
    std::uint32_t last_search = 0;
    std::set<std::uint32_t> awaited;  ///< searches whose outcome the host still wants
    bool stopped = false;
    CoreHost core_host;
};

IndexClient::Impl::Impl(asio::io_context& context, IndexClientOptions the_options, Host the_host)
    : io{context},
      options{std::move(the_options)},
      host{std::move(the_host)},
      connections{io, options.data_directory, [this](ClientEvent event) { feed(std::move(event)); }},
      list{io,
           options.data_directory + "/index.db",
           options.entries_per_slice,
           {host.shared, [this](ClientEvent event) { feed(std::move(event)); }}},
      servers{options.data_directory + "/index.db"},
      names{io,
            [this](Endpoint endpoint) {
                feed(ServerLearnt{endpoint, true});
            }},
      core_host{io, ClientTick{}, CoreHost::Owner{[this](ClientAction& action) {
                    std::visit([this](auto const& one) { on(one); }, action);
                }},
                options.core, Rng{net::entropy()}} {}

void IndexClient::Impl::start() {
    connections.start(weak_from_this());
    names.start(weak_from_this());
    ClientStarted started;
    for (auto const& text : options.servers) {
        if (auto const endpoint = Endpoint::parse(text))
            started.servers.push_back({*endpoint, ServerId{}, 0, std::nullopt, true});
        else
            names.look_up(text);
    }
    for (auto const& server : servers.load()) {
        // One that is configured too is known with its distance.
        for (auto& configured : started.servers)
            if (configured.configured && configured.endpoint == server.endpoint)
                configured.round_trip = server.round_trip;
        started.servers.push_back(server);
    }
    started.sign_in.agent = agent_of(options.agent);
    started.sign_in.transfer_port = options.transfer_port;
    started.sign_in.push_needed = options.push_needed;
    started.sign_in.servent = options.servent;
    started.sign_in.version = list.told();
    feed(started);
}

/// Not from within what called us; never after `stop`.
void IndexClient::Impl::soon(std::function<void()> act) {
    asio::post(io, [weak = weak_from_this(), act = std::move(act)] {
        if (auto const self = weak.lock(); self && !self->stopped) act();
    });
}

void IndexClient::Impl::on(SearchAnswered const& action) {
    soon([this, action] {
        if (awaited.erase(action.search) > 0) host.answered(action);
    });
}

void IndexClient::Impl::on(SearchFailed const& action) {
    soon([this, action] {
        if (awaited.erase(action.search) > 0) host.failed(action);
    });
}

void IndexClient::Impl::on(ClientStateChanged const&) {
    soon([this] { host.state_changed(); });
}

void IndexClient::Impl::on(ServersChanged const& action) {
    try {
        servers.save(action.servers);
    } catch (store::DatabaseError const& error) {
        log::warn("The index servers cannot be remembered. {}", error.what());
    }
}

void IndexClient::Impl::stop() {
    if (stopped) return;
    feed(StopWanted{});
    stopped = true;
    core_host.stop_ticking();
    list.stop();
    names.stop();
}

ClientState IndexClient::Impl::state() const {
    auto state = core_host.core().state();
    for (auto const* const trouble : {&list.trouble(), &connections.trouble()})
        if (state.problem.empty()) state.problem = *trouble;
    state.list_up_to_date = list.up_to_date();
    return state;
}

IndexClient::IndexClient(asio::io_context& io, IndexClientOptions options, Host host)
    : impl_{std::make_shared<Impl>(io, std::move(options), std::move(host))} {
    impl_->start();
}

IndexClient::~IndexClient() { impl_->stop(); }

void IndexClient::shared_changed() { impl_->list.shared_changed(); }

std::uint32_t IndexClient::search(Query query) {
    auto const search = ++impl_->last_search == 0 ? ++impl_->last_search : impl_->last_search;
    if (impl_->stopped) return search;
    impl_->awaited.insert(search);
    if (fits_wire(query)) {
        impl_->feed(SearchWanted{search, std::move(query)});
    } else {
        SearchFailed const failed{
            search,
            "The index takes searches of at most " + std::to_string(query_bytes_max) + " bytes of plain text.",
            {}};
        impl_->on(failed);
    }
    return search;
}

void IndexClient::drop_search(std::uint32_t search) {
    if (impl_->awaited.erase(search) > 0) impl_->feed(SearchDropped{search});
}

void IndexClient::set_push_needed(bool push_needed) { impl_->feed(PushNeededChanged{push_needed}); }
void IndexClient::add_server(Endpoint endpoint) { impl_->feed(ServerLearnt{endpoint, false}); }

ClientState IndexClient::state() const { return impl_->state(); }
PublisherId IndexClient::publisher() const { return impl_->connections.publisher(); }
std::optional<PublisherId> IndexClient::group_key() const { return impl_->connections.group_key(); }
void IndexClient::stop() { impl_->stop(); }

}  // namespace praline::index::client
