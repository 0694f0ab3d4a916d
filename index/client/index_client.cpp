#include "index/client/index_client.hpp"

#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "index/client/client_files.hpp"
#include "index/client/publish_list.hpp"
#include "index/client/shared_update.hpp"
#include "index/link/framed_link.hpp"
#include "index/wire/codec.hpp"
#include "index/wire/limits.hpp"
#include "node/base/host_port.hpp"
#include "node/base/text.hpp"
#include "node/log/log.hpp"
#include "node/net/core_host.hpp"
#include "node/net/endpoints.hpp"
#include "node/net/entropy.hpp"
#include "node/net/system_clock.hpp"
#include "node/store/database.hpp"
#include "node/store/key_file.hpp"

namespace praline::index::client {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t names_max = 64;
constexpr std::chrono::seconds look_up_again_after{10};
constexpr std::chrono::milliseconds disk_wait{5};  // until it is asked again whether the list's file is busy

HostPort parse_name(std::string const& text) {
    auto const parsed = HostPort::parse(text);
    if (!parsed)
        throw std::runtime_error{
            "\"" + text + "\" is not the address of an index server: write HOST:PORT, for example 192.0.2.1:7000; " +
            to_string(parsed.error()) + '.'};
    return *parsed;
}

/// As the codec takes it.
std::string agent_of(std::string const& agent) {
    std::string plain;
    for (char const byte : agent)
        if (byte >= 0x20 && byte < 0x7F && plain.size() < agent_bytes_max) plain += byte;
    return plain;
}

}  // namespace

struct IndexClient::Impl : std::enable_shared_from_this<Impl> {
    using CoreHost = net::CoreHost<ClientCore, ClientEvent, ClientAction>;

    Impl(asio::io_context& the_io, IndexClientOptions the_options, Host the_host)
        : io{the_io},
          options{std::move(the_options)},
          host{std::move(the_host)},
          key{store::load_or_create_key(options.data_directory + "/node.key")},
          list{options.data_directory + "/index.db"},
          servers{options.data_directory + "/index.db"},
          pinned{options.data_directory + "/index.group"},
          update{list, host.shared, std::max<std::size_t>(options.entries_per_slice, 1)},
          update_timer{io},
          read_timer{io},
          resolver{io},
          core_host{io, ClientTick{}, CoreHost::Owner{[this](ClientAction& action) {
                        std::visit([this](auto const& one) { on(one); }, action);
                    }},
                    options.core, Rng{net::entropy()}} {}

    void start();
    void look_up(HostPort const& name);
    void feed(ClientEvent event) { core_host.feed(std::move(event)); }
    void soon(std::function<void()> act);

    // actions of the core
    void on(Open const& action);
    void on(Close const& action);
    void on(ToServer const& action);
    void on(ReadChange const& action);
    void on(SearchAnswered const& action);
    void on(SearchFailed const& action);
    void on(ServersChanged const& action);
    void on(ClientStateChanged const& action);

    void dialled(ConnectionId id, Endpoint to, link::Dialled result);
    [[nodiscard]] std::string accept_key(Endpoint to, std::optional<PublisherId> const& shown);
    void received(ConnectionId id, ByteView frame);
    void closed(ConnectionId id, std::string const& why);
    void arm_update();
    void update_slice();
    void list_may_have_changed();
    /// A small change costs the servers as much as a large one: a pass tells of what fills one, and of the rest at its end.
    [[nodiscard]] std::size_t change_entries_least() const { return update.under_way() ? change_entries_max : 0; }
    void stop();

    asio::io_context& io;
    IndexClientOptions options;
    Host host;
    link::Ed25519Key key;
    PublishList list;
    ServerStore servers;
    PinnedKey pinned;
    SharedUpdate update;
    asio::steady_timer update_timer, read_timer;
    asio::ip::tcp::resolver resolver;
    std::map<ConnectionId, link::FramedLinkPtr> links;  // null: being opened
    bool stopped = false, update_armed = false;
    std::uint32_t last_search = 0;
    std::set<std::uint32_t> awaited;  // whose outcome the host still wants
    Version told;                     // as the core knows it
    bool held_back = false;           // it was told that there is nothing while a little waited
    std::string disk_trouble;
    CoreHost core_host;
};

void IndexClient::Impl::start() {
    ClientStarted started;
    std::vector<HostPort> names;
    for (auto const& text : options.servers) {
        if (auto const endpoint = Endpoint::parse(text))
            started.servers.push_back({*endpoint, ServerId{}, 0, std::nullopt, true});
        else
            names.push_back(parse_name(text));
    }
    if (names.size() > names_max)
        throw std::runtime_error{"More than " + std::to_string(names_max) + " index servers are given by name."};
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
    started.sign_in.version = told = list.own();
    feed(started);
    for (auto const& name : names) look_up(name);
}

void IndexClient::Impl::look_up(HostPort const& name) {
    resolver.async_resolve(
        name.host, std::to_string(name.port),
        [weak = weak_from_this(), name](error_code error, asio::ip::tcp::resolver::results_type const& found) {
            auto const self = weak.lock();
            if (!self || self->stopped) return;
            if (!error && !found.empty()) {
                return self->feed(ServerLearnt{net::preferred(found), true});
            }
            log::warn("The name of the index server {}:{} has no address: {}.", name.host, name.port, error.message());
            auto const wait = std::make_shared<asio::steady_timer>(self->io, look_up_again_after);
            wait->async_wait([weak, name, wait](error_code) {
                auto const again = weak.lock();
                if (again && !again->stopped) again->look_up(name);
            });
        });
}

/// Not from within what called us; never after `stop`.
void IndexClient::Impl::soon(std::function<void()> act) {
    asio::post(io, [weak = weak_from_this(), act = std::move(act)] {
        if (auto const self = weak.lock(); self && !self->stopped) act();
    });
}

void IndexClient::Impl::on(Open const& action) {
    links[action.connection] = nullptr;
    link::dial(io, action.endpoint, key, pinned.key(), {},
               [weak = weak_from_this(), id = action.connection, to = action.endpoint](link::Dialled result) {
                   if (auto const self = weak.lock()) self->dialled(id, to, std::move(result));
               });
}

void IndexClient::Impl::dialled(ConnectionId id, Endpoint to, link::Dialled result) {
    auto const place = links.find(id);
    if (place == links.end()) {
        if (result.link) result.link->close();
        return;
    }
    bool const another_key = pinned.key() && result.seen_key && *result.seen_key != *pinned.key();
    if (!result.link && !another_key) return closed(id, result.problem);
    if (auto const why = accept_key(to, result.seen_key); !why.empty()) {
        log::warn("{}", why);
        if (result.link) result.link->close();
        return closed(id, why);
    }
    place->second = std::move(result.link);
    place->second->start(
        [weak = weak_from_this(), id](ByteView frame) {
            if (auto const self = weak.lock()) self->received(id, frame);
        },
        [weak = weak_from_this(), id](std::string const& why) {
            if (auto const self = weak.lock()) self->closed(id, why);
        });
    feed(Opened{id});
}

/// Why it is not accepted; empty: it is. The first one of all is kept.
std::string IndexClient::Impl::accept_key(Endpoint to, std::optional<PublisherId> const& shown) {
    if (!shown) return "The index server at " + to.text() + " does not prove who it is.";
    if (pinned.key()) return *shown == *pinned.key() ? std::string{} : pinned.refusal(to);
    try {
        pinned.pin(*shown);
    } catch (std::runtime_error const& error) {
        disk_trouble = error.what();  // it holds until the node ends
    }
    log::info("The index group's key is {} from now on, as {} has shown it.", shown->hex(), to.text());
    return {};
}

void IndexClient::Impl::received(ConnectionId id, ByteView frame) {
    if (!links.contains(id)) return;
    auto message = decode_to_node(frame);
    if (!message) {
        auto const link = std::exchange(links[id], nullptr);
        if (link) link->close();
        return closed(id, std::string{"It sent what cannot be read ("} + to_string(message.error()) + ").");
    }
    feed(FromServer{id, std::move(*message), frame.size() + sizeof(std::uint32_t)});
}

void IndexClient::Impl::closed(ConnectionId id, std::string const& why) {
    if (links.erase(id) > 0) feed(Closed{id, why});
}

void IndexClient::Impl::on(Close const& action) {
    auto const place = links.find(action.connection);
    if (place == links.end()) return;
    auto const link = std::move(place->second);
    links.erase(place);
    if (link) link->close();
}

void IndexClient::Impl::on(ToServer const& action) {
    auto const place = links.find(action.connection);
    if (place == links.end() || !place->second) return;
    auto frame = encode(action.message);
    if (auto const* const search = std::get_if<Search>(&action.message))
        feed(SentBytes{action.connection, search->request, frame.size()});
    place->second->send(std::move(frame));
}

void IndexClient::Impl::on(ReadChange const& action) {
    if (list.busy()) {
        read_timer.expires_after(disk_wait);
        read_timer.async_wait([weak = weak_from_this(), action](error_code error) {
            auto const self = weak.lock();
            if (!error && self && !self->stopped) self->on(action);
        });
        return;
    }
    ChangeRead read;
    try {
        auto next = list.next_change(action.held, action.digest, action.reset, change_entries_least());
        held_back = !next.change && list.waiting() > 0;
        read = {std::move(next.change), next.digest};
        disk_trouble.clear();
    } catch (store::DatabaseError const& error) {
        disk_trouble = error.what();
        log::warn("What is shared cannot be published. {}", disk_trouble);
    }
    feed(std::move(read));
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

void IndexClient::Impl::arm_update() {
    auto const due = stopped ? std::nullopt : update.due();
    if (!due || update_armed) return;
    update_armed = true;
    update_timer.expires_after(std::max(*due - net::now(), list.busy() ? Duration{disk_wait} : Duration{0}));
    update_timer.async_wait([weak = weak_from_this()](error_code error) {
        auto const self = weak.lock();
        if (error || !self || self->stopped) return;
        self->update_armed = false;
        self->update_slice();
    });
}

void IndexClient::Impl::update_slice() {
    if (list.busy()) return arm_update();
    auto const began = net::now();
    try {
        update.slice();
        update.done(began, net::now());
    } catch (store::DatabaseError const& error) {
        disk_trouble = error.what();
        log::warn("The list of what is published cannot be kept. {}", disk_trouble);
        update.failed(net::now());
    }
    list_may_have_changed();
    arm_update();
}

void IndexClient::Impl::list_may_have_changed() {
    if (list.own() == told && !held_back) return;
    if (list.waiting() < change_entries_least()) return;
    held_back = false;
    told = list.own();
    feed(ListChanged{told});
}

void IndexClient::Impl::stop() {
    if (stopped) return;
    feed(StopWanted{});
    stopped = true;
    core_host.stop_ticking();
    update_timer.cancel();
    read_timer.cancel();
    resolver.cancel();
}

IndexClient::IndexClient(asio::io_context& io, IndexClientOptions options, Host host)
    : impl_{std::make_shared<Impl>(io, std::move(options), std::move(host))} {
    impl_->start();
}

IndexClient::~IndexClient() { impl_->stop(); }

void IndexClient::shared_changed() {
    impl_->update.wanted(net::now());
    impl_->arm_update();
}

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

ClientState IndexClient::state() const {
    auto state = impl_->core_host.core().state();
    if (state.problem.empty()) state.problem = impl_->disk_trouble;
    state.list_up_to_date = impl_->update.up_to_date();
    return state;
}

PublisherId IndexClient::publisher() const { return impl_->key.public_key(); }
std::optional<PublisherId> IndexClient::group_key() const { return impl_->pinned.key(); }
void IndexClient::stop() { impl_->stop(); }

}  // namespace praline::index::client
