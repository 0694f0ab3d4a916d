#include "index/server/index_server.hpp"

#include <algorithm>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

#include <boost/asio/steady_timer.hpp>

#include "index/link/link_listener.hpp"
#include "index/server/catalogue_host.hpp"
#include "index/server/drain.hpp"
#include "index/server/node_links.hpp"
#include "index/server/pending_searches.hpp"
#include "index/server/replica_host.hpp"
#include "index/server/server_identity.hpp"
#include "index/server/server_links.hpp"
#include "index/server/sessions.hpp"
#include "index/wire/codec.hpp"
#include "index/wire/limits.hpp"
#include "node/log/log.hpp"
#include "node/net/deadline_timer.hpp"
#include "node/net/entropy.hpp"
#include "node/net/system_clock.hpp"
#include "node/store/durable_file.hpp"

namespace praline::index::server {
namespace {

constexpr std::chrono::seconds look_round_every{1};
constexpr std::uint32_t measure_every_looks = 5;

store::FileLock take_lock(std::string const& folder) {
    auto lock = store::FileLock::try_take(folder + "/catalogue.lock");
    if (!lock)
        throw std::runtime_error{"Another index server uses the folder " + folder +
                                 ". Stop it first, or choose another folder."};
    return std::move(*lock);
}

ServerOptions consistent(ServerOptions options) {
    auto const entries = std::min(options.limits.publisher_entries_max, options.catalogue.publisher_entries_max);
    options.limits.publisher_entries_max = options.catalogue.publisher_entries_max = entries;
    options.readers = std::clamp<std::size_t>(options.readers, 1, 64);
    return options;
}

/// Its endpoint is not known before it listens.
Member drawn_self(std::string const& folder) {
    auto const clock_ms = static_cast<std::uint64_t>(std::max<UnixSeconds>(net::unix_now(), 0)) * 1000;
    auto const identity = next_identity(folder, net::entropy(), clock_ms);
    return Member{identity.id, identity.incarnation, Endpoint{}, 0};
}

template <class Kind>
constexpr bool is_for_catalogue =
    std::is_same_v<Kind, replica::Adopt> || std::is_same_v<Kind, replica::Hide> ||
    std::is_same_v<Kind, replica::StageCopy> || std::is_same_v<Kind, replica::ForgetCopy> ||
    std::is_same_v<Kind, replica::ReadEntries>;
template <class Kind>
constexpr bool is_for_server_links = std::is_same_v<Kind, replica::Connect> ||
                                     std::is_same_v<Kind, replica::CloseLink> || std::is_same_v<Kind, replica::Send>;
template <class Kind>
constexpr bool is_for_sessions_in_time =
    std::is_same_v<Kind, replica::SessionReady> || std::is_same_v<Kind, replica::Replicated> ||
    std::is_same_v<Kind, replica::ChangeRefused>;

}  // namespace

/// Joins the parts, which do not know each other: each event ends in `settle`, which feeds the replica until nothing is left
/// to say and hands its actions to the parts.
struct IndexServer::Impl : SessionHost, std::enable_shared_from_this<Impl> {
    /// From a change to "replicated", and how many a second.
    struct WriteMeasures {
        LatencyWindow latency;
        RecentRate rate;
    };

    Impl(boost::asio::io_context& context, ServerOptions the_options);
    void start();
    void stop();

    // ---- what sessions need (SessionHost) ----
    void send(SessionId to, ToNode const& message) override { node_links.send(to, message); }
    void close(SessionId session) override { node_links.close(session); }
    void tell_replica(replica::Event event) override { replica.push(std::move(event)); }
    bool search(SessionId asker, AddressPrefix address, std::uint32_t request, Query const& query) override;
    [[nodiscard]] bool has_room_for(PublisherId const& id) const override { return replica.has_room_for(id); }
    [[nodiscard]] EntryLedger const& ledger() const override { return catalogue.ledger(); }
    [[nodiscard]] std::uint64_t disk_bytes() const override { return catalogue.size().disk_bytes; }
    [[nodiscard]] std::vector<Member> const& members() const override { return group; }
    [[nodiscard]] std::uint8_t load() const override { return self.load; }
    [[nodiscard]] std::string trouble() const override { return catalogue.trouble(); }
    void wrote(Duration took) override { writes.latency.add(took); }

    // ---- from links and threads ----
    void welcome(link::FramedLinkPtr link);
    void changed(std::vector<CatalogueReport>& reports);
    void wrote(Wrote& report);
    void finish(std::optional<FinishedSearch> search);

    // ---- actions of the replica ----
    void settle() { replica.settle(); }
    void settled();
    void perform(replica::Action& action);
    void on(replica::Apply& action);
    void on(replica::AnswerNeeded const& action);
    void on(replica::AskDone& action) { finish(searches.remote_answer(std::move(action), net::now())); }
    void on(replica::MembersChanged& action);
    void on(replica::Drained const&) { draining.replica_left(); }
    void on(replica::SessionLost const& action) { sessions.on(action); }

    // ---- time ----
    void on_sessions_due();
    void look_round();
    [[nodiscard]] std::uint8_t measured_load() const;
    void drain(std::function<void()> done);

    // ---- for people ----
    [[nodiscard]] ServerStatus status();
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> counters() const;
    [[nodiscard]] std::string problem() const;

    [[nodiscard]] CatalogueHost::Options catalogue_options() const;
    [[nodiscard]] CatalogueHost::Host catalogue_events();
    [[nodiscard]] NodeLinks::Host node_events();

    boost::asio::io_context& io;
    ServerOptions options;
    store::FileLock lock;
    link::Ed25519Key key;
    Member self;                ///< its load is the last measured one
    std::vector<Member> group;  ///< all servers of the group that are known
    CatalogueHost catalogue;
    ReplicaHost replica;
    Sessions sessions;
    NodeLinks node_links;
    ServerLinks server_links;
    std::unique_ptr<link::LinkListener> listener;
    PendingSearches searches;
    WriteMeasures writes;
    Drain draining;
    net::DeadlineTimer session_timer;
    boost::asio::steady_timer look_timer;
    std::uint32_t looks = 0;
    bool stopped = false;
};

IndexServer::Impl::Impl(boost::asio::io_context& context, ServerOptions the_options)
    : io{context},
      options{consistent(std::move(the_options))},
      lock{take_lock(options.data_directory)},
      key{options.secret.key()},
      self{drawn_self(options.data_directory)},
      catalogue{context, catalogue_options(), catalogue_events()},
      replica{context,
              options.replica,
              Rng{net::entropy()},
              {[this](replica::Action& action) { perform(action); }, [this] { settled(); }}},
      sessions{options.limits, SessionTerms{self.id, options.replica.lease}, *this},
      node_links{context, node_events()},
      server_links{context,
                   key,
                   {options.links, options.join},
                   [this](replica::Event event) { tell_replica(std::move(event)); },
                   [this] { settle(); }},
      draining{context, {[this] { return searches.empty(); }, [this] { return sessions.publishers() == 0; }}},
      session_timer{context, [this] { on_sessions_due(); }},
      look_timer{context} {}

CatalogueHost::Options IndexServer::Impl::catalogue_options() const {
    return {options.data_directory + "/catalogue.db",
            options.catalogue,
            options.readers,
            {options.limits.searches_waiting_max, options.limits.searches_of_address_waiting_max}};
}

CatalogueHost::Host IndexServer::Impl::catalogue_events() {
    return {[this](std::vector<CatalogueReport>& reports) { changed(reports); },
            [this](SearchDone& done) {
                finish(searches.local_answer(std::move(done), net::now()));
                settle();
            }};
}

NodeLinks::Host IndexServer::Impl::node_events() {
    return {[this](SessionId id, std::optional<PublisherId> shown, Endpoint remote) {
                sessions.opened(id, shown, remote, net::now());
            },
            [this](SessionId id, ByteView frame) {
                sessions.arrived(id, decode_from_node(frame), frame.size(), net::now());
                settle();
            },
            [this](SessionId id) {
                sessions.closed(id);
                settle();
            }};
}

void IndexServer::Impl::start() {
    auto const weak = weak_from_this();
    node_links.start(weak);
    server_links.start(weak);
    listener =
        std::make_unique<link::LinkListener>(io, options.listen, key, options.links, [weak](link::FramedLinkPtr link) {
            if (auto const alive = weak.lock()) alive->welcome(std::move(link));
        });
    self.endpoint = options.advertised.value_or(listener->endpoint());
    group = {self};
    auto kept = catalogue.start(weak);
    tell_replica(replica::Started{self, std::move(kept.records), parse_members(kept.members), options.join});
    settle();
    look_round();
}

void IndexServer::Impl::stop() {
    if (stopped) return;
    stopped = true;
    replica.stop();
    session_timer.cancel();
    look_timer.cancel();
    draining.stop();
    if (listener) listener->close();
    server_links.stop();
    node_links.stop();
    catalogue.stop();
}

// ---- from links and threads ----

/// One port for both: what proves to know the group's secret is a server.
void IndexServer::Impl::welcome(link::FramedLinkPtr link) {
    if (stopped) return link->close();
    if (link->proof().group)
        server_links.welcome(std::move(link), false);
    else
        node_links.welcome(std::move(link));
    settle();
}

void IndexServer::Impl::changed(std::vector<CatalogueReport>& reports) {
    for (CatalogueReport& report : reports) {
        if (auto* const written = std::get_if<Wrote>(&report))
            wrote(*written);
        else if (auto* const read = std::get_if<replica::EntriesRead>(&report))
            tell_replica(std::move(*read));
    }
    settle();
}

void IndexServer::Impl::wrote(Wrote& report) {
    if (!report.trouble.empty()) sessions.not_kept(report.publisher, report.trouble);
    Record record;
    if (report.record) {
        sessions.kept(report.publisher, report.record->version);
        record = std::move(*report.record);
    } else if (auto const* const known = replica.replica().find(report.publisher)) {
        record = *known;
    } else {
        record.publisher.id = report.publisher;
    }
    tell_replica(replica::Applied{report.ticket, std::move(record), report.fits, report.too_many});
}

bool IndexServer::Impl::search(SessionId asker, AddressPrefix address, std::uint32_t request, Query const& query) {
    bool const asks_others = !replica.replica().answers_alone();
    auto const bounded = PendingSearches::bounded(query);
    auto const now = net::now();
    auto const number = searches.open(asker, request, bounded, asks_others, now);
    if (!catalogue.search({number, bounded, address})) {
        searches.forget(number);
        return false;
    }
    if (asks_others) tell_replica(replica::AskWanted{replica::Ticket{number}, bounded});
    searches.asked_here(asks_others, now);
    return true;
}

void IndexServer::Impl::finish(std::optional<FinishedSearch> search) {
    using Outcome = FinishedSearch::Outcome;
    if (!search) return;
    if (!search->asker) return tell_replica(replica::AskAnswered{search->ticket, std::move(search->answer)});
    switch (search->outcome) {
        case Outcome::found: return sessions.found(*search->asker, search->request, std::move(search->answer));
        case Outcome::evicted: return sessions.search_evicted(*search->asker, search->request);
        case Outcome::failed:
            return sessions.search_failed(*search->asker, search->request,
                                          "The catalogue of this server cannot be read: " + search->trouble);
    }
}

// ---- actions of the replica ----

void IndexServer::Impl::settled() {
    session_timer.set(sessions.next_deadline());
    draining.check();
}

void IndexServer::Impl::perform(replica::Action& action) {
    std::visit(
        [&](auto& one) {
            using Kind = std::decay_t<decltype(one)>;
            if constexpr (is_for_catalogue<Kind>)
                catalogue.push(std::move(one));
            else if constexpr (is_for_server_links<Kind>)
                server_links.on(one);
            else if constexpr (is_for_sessions_in_time<Kind>)
                sessions.on(one, net::now());
            else
                on(one);
        },
        action);
}

void IndexServer::Impl::on(replica::Apply& action) {
    writes.rate.count(net::now());
    catalogue.push(std::move(action));
}

void IndexServer::Impl::on(replica::AnswerNeeded const& action) {
    auto const query = PendingSearches::bounded(action.query);
    auto const number = searches.open(action.ticket, query, net::now());
    if (catalogue.search({number, query, {}})) return;
    searches.forget(number);
    Answer nothing;
    nothing.partial = true;
    tell_replica(replica::AskAnswered{action.ticket, std::move(nothing)});
}

void IndexServer::Impl::on(replica::MembersChanged& action) {
    group = std::move(action.members);
    if (group.size() > members_max) group.resize(members_max);
    server_links.members_changed(group);
    catalogue.keep_members(group);
}

// ---- time ----

void IndexServer::Impl::on_sessions_due() {
    if (stopped) return;
    sessions.tick(net::now());
    settle();
}

/// How full it is: nodes, searches that wait, changes that wait; the fullest counts.
std::uint8_t IndexServer::Impl::measured_load() const {
    auto const part = [](std::size_t of, std::size_t whole) {
        return whole == 0 ? 0 : std::min<std::size_t>(of * 255 / whole, 255);
    };
    auto const nodes = part(sessions.size(), options.limits.sessions_max);
    auto const asked = part(catalogue.searches_waiting(), options.limits.searches_waiting_max);
    auto const changes = part(catalogue.changes_waiting(), options.replica.writes_under_way_max);
    return static_cast<std::uint8_t>(std::max({nodes, asked, changes}));
}

void IndexServer::Impl::look_round() {
    if (stopped) return;
    auto const measured = measured_load();
    if (measured != self.load) {
        self.load = measured;
        tell_replica(replica::LoadIs{measured});
    }
    settle();
    if (looks++ % measure_every_looks == 0) catalogue.measure();
    look_timer.expires_after(look_round_every);
    look_timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        if (auto const alive = weak.lock(); alive && !error) alive->look_round();
    });
}

void IndexServer::Impl::drain(std::function<void()> done) {
    if (draining.under_way() || stopped) return;
    log::info("Draining: {} nodes are sent to other servers.", sessions.size());
    draining.begin(options.replica.write_within, std::move(done), weak_from_this());
    sessions.drain();
    tell_replica(replica::DrainWanted{});
    settle();
}

// ---- for people ----

std::string IndexServer::Impl::problem() const {
    if (!catalogue.trouble().empty()) return catalogue.trouble();
    if (auto unreachable = server_links.unreachable(); !unreachable.empty()) return unreachable;
    // Members that were known when it last ran are no company while they turn it away.
    auto const others = replica.replica().members(net::now());
    bool const alone = std::none_of(others.begin(), others.end(),
                                    [](replica::MemberView const& one) { return one.direct || one.by_way_of; });
    return alone && server_links.empty() ? server_links.last_refusal() : std::string{};
}

ServerStatus IndexServer::Impl::status() {
    auto const now = net::now();
    auto const& core = replica.replica();
    ServerStatus status;
    status.self = self;
    status.group_key = key.public_key().hex();
    status.uptime_seconds = std::chrono::duration<double>(replica.uptime()).count();
    status.answers_alone = core.answers_alone();
    status.draining = draining.under_way();
    status.sessions = sessions.size();
    status.publishers_here = sessions.publishers();
    status.publishers = core.publishers();
    status.catalogue = catalogue.size();
    status.members = core.members(now);
    status.searches = searches.latency();
    status.writes = writes.latency.summary();
    status.searches_per_second = searches.per_second(now);
    status.writes_per_second = writes.rate.per_second(now);
    status.catalogue_waiting = catalogue.changes_waiting();
    status.searches_waiting = catalogue.searches_waiting();
    auto const digest = core.digest();
    status.digest = id_text(ServerId{digest.high}) + id_text(ServerId{digest.low});
    status.counters = counters();
    status.problem = problem();
    return status;
}

std::vector<std::pair<std::string, std::uint64_t>> IndexServer::Impl::counters() const {
    auto all = named(replica.replica().counters());
    auto const of_sessions = sessions.counters();
    all.insert(all.end(), of_sessions.begin(), of_sessions.end());
    auto const& of_searches = searches.counters();
    all.emplace_back("searches_answered", of_searches.answered);
    all.emplace_back("searches_for_servers", of_searches.for_servers);
    all.emplace_back("searches_asked_on", of_searches.asked_on);
    all.emplace_back("bad_server_frames", server_links.bad_frames());
    all.emplace_back("connections_refused", listener->refused());
    all.emplace_back("octets_to_nodes", node_links.bytes_sent());
    all.emplace_back("searches_evicted", of_searches.evicted);
    return all;
}

IndexServer::IndexServer(boost::asio::io_context& io, ServerOptions options)
    : impl_{std::make_shared<Impl>(io, std::move(options))} {
    impl_->start();
}
IndexServer::~IndexServer() { stop(); }
Endpoint IndexServer::endpoint() const { return impl_->listener->endpoint(); }
ServerStatus IndexServer::status() { return impl_->status(); }
void IndexServer::drain(std::function<void()> done) { impl_->drain(std::move(done)); }
void IndexServer::stop() { impl_->stop(); }

}  // namespace praline::index::server
