#include "index/client/client_core.hpp"

#include <utility>

#include "index/client/client_limits.hpp"
#include "index/client/deadline.hpp"
#include "index/client/known_servers.hpp"
#include "index/client/links.hpp"
#include "index/client/searches_under_way.hpp"
#include "index/client/server_choice.hpp"
#include "index/client/server_session.hpp"

namespace praline::index::client {
namespace {

using Stage = ServerSession::Stage;

}  // namespace

/// Hands events to the parts, each of which knows only those before it: servers, links, choice; session; searches.
struct ClientCore::Impl {
    Impl(ClientOptions the_options, Rng the_rng);

    void on(ClientStarted const& event, Instant now, ClientActions& out);
    void on(Opened const& event, Instant now, ClientActions& out);
    void on(Closed const& event, Instant now, ClientActions& out);
    void on(FromServer const& event, Instant now, ClientActions& out);
    void on(ServerLearnt const& event, Instant now, ClientActions& out);
    void on(ListChanged const& event, Instant now, ClientActions& out);
    void on(ChangeRead const& event, Instant now, ClientActions& out);
    void on(SearchWanted const& event, Instant now, ClientActions& out);
    void on(SearchDropped const& event, Instant now, ClientActions& out);
    void on(SentBytes const& event, Instant now, ClientActions& out);
    void on(PushNeededChanged const& event, Instant now, ClientActions& out);
    void on(StopWanted const& event, Instant now, ClientActions& out);
    void on(ClientTick const&, Instant, ClientActions&) {}

    void take(Link& link, Found const& message, std::size_t bytes, Instant now, ClientActions& out);
    void take(Link& link, Pong const& message, std::size_t bytes, Instant now, ClientActions& out);
    void take(Link& link, Refused const& message, std::size_t bytes, Instant now, ClientActions& out);
    void take(Link& link, Leaving const& message, std::size_t bytes, Instant now, ClientActions& out);
    void take(Link& link, Welcome const& message, std::size_t bytes, Instant now, ClientActions& out);
    void take(Link& link, Published const& message, std::size_t bytes, Instant now, ClientActions& out);
    void take(Link& link, Behind const& message, std::size_t bytes, Instant now, ClientActions& out);
    void link_lost(ConnectionId id, Instant now);
    void loses_changes(Instant now, ClientActions& out);

    void arrange(Instant now, ClientActions& out);
    void save_servers(Instant now, ClientActions& out);
    [[nodiscard]] bool runs() const { return started_ && !stopped_; }
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    [[nodiscard]] ClientState state() const;
    [[nodiscard]] std::string problem() const;
    [[nodiscard]] Link const* link(std::optional<ConnectionId> id) const { return links_.find(id); }

    /// What makes `ClientStateChanged` worth saying.
    struct Snapshot {
        std::optional<Endpoint> primary, standby;
        Stage stage{};
        Version own, held, replicated;
        std::string problem;
        std::size_t servers = 0;
        friend bool operator==(Snapshot const&, Snapshot const&) = default;
    };
    [[nodiscard]] Snapshot snapshot() const;

    ClientOptions options_;
    Rng rng_;
    bool started_ = false, stopped_ = false;
    Instant now_{};  // of the last event
    KnownServers servers_;
    bool servers_changed_ = false;
    Instant next_save_{};
    Links links_;
    ServerChoice choice_;
    ServerSession session_;
    SearchesUnderWay searches_;
};

ClientCore::ClientCore(ClientOptions options, Rng rng) : impl_{std::make_unique<Impl>(options, rng)} {}
ClientCore::~ClientCore() = default;

ClientCore::Impl::Impl(ClientOptions the_options, Rng the_rng)
    : options_{the_options},
      rng_{the_rng},
      servers_{options_},
      links_{options_, servers_, rng_, [this](ConnectionId id, Instant now) { link_lost(id, now); }},
      choice_{options_, servers_, links_, rng_},
      session_{options_, rng_},
      searches_{options_, servers_, links_} {}

void ClientCore::handle(ClientEvent const& event, Instant now, ClientActions& out) {
    auto const before = impl_->snapshot();
    impl_->now_ = now;
    std::visit([&](auto const& one) { impl_->on(one, now, out); }, event);
    if (impl_->runs()) impl_->arrange(now, out);
    if (impl_->snapshot() != before) out.emplace_back(ClientStateChanged{});
}

std::optional<Instant> ClientCore::next_deadline() const { return impl_->next_deadline(); }
ClientState ClientCore::state() const { return impl_->state(); }

// ---- events ----

void ClientCore::Impl::on(ClientStarted const& event, Instant now, ClientActions&) {
    if (started_) return;
    started_ = true;
    session_.start(event.sign_in);
    searches_.start(now);
    choice_.start(now);
    // Those that the user named come first: they are never forgotten for the sake of others.
    for (bool const configured : {true, false})
        for (auto const& server : event.servers)
            if (server.configured == configured) (void)servers_.add(server);
}

void ClientCore::Impl::on(Opened const& event, Instant now, ClientActions&) {
    if (links_.opened(event.connection, now)) choice_.link_opened(now);
}

void ClientCore::Impl::on(Closed const& event, Instant now, ClientActions& out) { links_.closed(event, now, out); }

void ClientCore::Impl::on(ServerLearnt const& event, Instant, ClientActions&) {
    servers_changed_ |= servers_.add({event.endpoint, ServerId{}, 0, std::nullopt, event.configured});
}

void ClientCore::Impl::on(ListChanged const& event, Instant, ClientActions&) { session_.list_changed(event.own); }

void ClientCore::Impl::on(ChangeRead const& event, Instant now, ClientActions& out) {
    if (!stopped_) session_.change_read(event, choice_.primary(), now, out);
}

void ClientCore::Impl::on(SearchWanted const& event, Instant now, ClientActions& out) {
    if (runs()) return searches_.add(event, now, out);
    out.emplace_back(
        SearchFailed{event.search, "The node does not ask the index now: it is being started or stopped.", {}});
}

void ClientCore::Impl::on(SearchDropped const& event, Instant, ClientActions&) { searches_.drop(event.search); }
void ClientCore::Impl::on(SentBytes const& event, Instant, ClientActions&) { searches_.sent(event); }

void ClientCore::Impl::on(PushNeededChanged const& event, Instant now, ClientActions& out) {
    if (session_.set_push_needed(event.push_needed) && choice_.primary()) choice_.reconnect(now, out);
}

void ClientCore::Impl::on(StopWanted const&, Instant now, ClientActions& out) {
    if (stopped_) return;
    stopped_ = true;
    searches_.stop(now, out);
    links_.stop(out);
    choice_.stop();
    session_.end();
}

// ---- what servers say ----

void ClientCore::Impl::on(FromServer const& event, Instant now, ClientActions& out) {
    auto* const link = links_.heard_from(event.connection);
    if (link == nullptr) return;
    std::visit([&](auto const& message) { take(*link, message, event.bytes, now, out); }, event.message);
}

void ClientCore::Impl::take(Link& link, Found const& message, std::size_t bytes, Instant now, ClientActions& out) {
    searches_.found(link, message, bytes, now, out);
}

void ClientCore::Impl::take(Link& link, Pong const& message, std::size_t, Instant now, ClientActions&) {
    servers_changed_ |= servers_.learn(message.members, link.endpoint);
    links_.pong(link, message, now);
}

void ClientCore::Impl::take(Link& link, Leaving const& message, std::size_t, Instant now, ClientActions& out) {
    servers_changed_ |= servers_.learn(message.members, link.endpoint);
    choice_.server_leaves(link, now, out);
}

void ClientCore::Impl::take(Link& link, Refused const& message, std::size_t bytes, Instant now, ClientActions& out) {
    if (message.request != 0) return searches_.refused(link, message, bytes);
    auto const sentence = message.sentence.empty() ? std::string{"It gave no reason."} : message.sentence;
    if (message.reason == RefusalReason::leaving)
        servers_.rest_until(link.endpoint, now + jittered(ClientLimits::leaving_rest, rng_));
    else if (PublishRefusals::is_of_publishing(message.reason) && choice_.primary() == link.id)
        session_.refused(message.reason, sentence, now);
    auto const blame = message.reason == RefusalReason::signed_in_elsewhere ? Blame::broke : Blame::failed;
    links_.close(link.id, sentence, blame, now, out);
}

// The rest is of the session, and of no meaning from a server where we have none.

void ClientCore::Impl::take(Link& link, Welcome const& message, std::size_t, Instant now, ClientActions& out) {
    if (choice_.primary() != link.id || session_.stage() == Stage::none) return;
    servers_changed_ |= servers_.identify(link.endpoint, message.server);
    servers_changed_ |= servers_.learn(message.members, link.endpoint);
    if (!session_.welcomed(message, now)) return loses_changes(now, out);
    choice_.primary_identified(message.server, now, out);
}

void ClientCore::Impl::take(Link& link, Published const& message, std::size_t, Instant now, ClientActions& out) {
    if (choice_.primary() != link.id || session_.stage() != Stage::signed_in) return;
    if (!session_.published(message, now)) loses_changes(now, out);
}

void ClientCore::Impl::take(Link& link, Behind const& message, std::size_t, Instant now, ClientActions& out) {
    if (choice_.primary() != link.id || session_.stage() != Stage::signed_in) return;
    if (!session_.behind(message, now)) loses_changes(now, out);
}

void ClientCore::Impl::loses_changes(Instant now, ClientActions& out) {
    session_.refused(RefusalReason::bad_message, "it loses what is published again and again.", now);
    links_.close(*choice_.primary(), "It loses what is published again and again.", Blame::failed, now, out);
}

void ClientCore::Impl::link_lost(ConnectionId id, Instant now) {
    searches_.connection_lost(id);
    if (choice_.link_lost(id, now)) session_.end();
}

// ---- what is due ----

/// Everything that is due, in an order in which no step undoes an earlier one: first what ends, then what takes its place.
void ClientCore::Impl::arrange(Instant now, ClientActions& out) {
    links_.close_silent(now, out);
    if (choice_.primary())
        if (auto const why = session_.stuck(now); !why.empty())
            links_.close(*choice_.primary(), why, Blame::failed, now, out);
    if (choice_.compare(now, out)) session_.end();
    choice_.choose(now, out);
    choice_.open_links(searches_.latest_since(), now, out);
    if (choice_.primary()) session_.sign_in(*choice_.primary(), now, out);
    session_.publish(now, out);
    links_.ping(choice_.primary(), session_.ping_every(), now, out);
    searches_.send({choice_.primary(), choice_.standby()}, now, out);
    save_servers(now, out);
}

void ClientCore::Impl::save_servers(Instant now, ClientActions& out) {
    if (!servers_changed_ || now < next_save_) return;
    servers_changed_ = false;
    next_save_ = now + ClientLimits::save_every;
    out.emplace_back(ServersChanged{servers_.servers()});
}

std::optional<Instant> ClientCore::Impl::next_deadline() const {
    if (!runs()) return std::nullopt;
    Deadline next{now_};
    links_.deadlines(next);
    choice_.deadlines(next);
    session_.deadlines(choice_.primary().has_value(), next);
    searches_.deadlines(next);
    if (servers_changed_) next.take(next_save_);
    return next.at();
}

// ---- what is to be seen ----

std::string ClientCore::Impl::problem() const {
    if (!runs()) return {};
    if (servers_.all().empty()) return KnownServers::none_known;
    if (choice_.primary()) return session_.problem();
    auto const& trouble = links_.last_trouble();
    return trouble.empty() ? std::string{} : "No index server can be reached. " + trouble;
}

ClientState ClientCore::Impl::state() const {
    ClientState state;
    auto const known = [&](std::optional<ConnectionId> id) -> std::optional<KnownServer> {
        auto const* const to = link(id);
        auto const* const record = to == nullptr ? nullptr : servers_.find(to->endpoint);
        return record == nullptr ? std::nullopt : std::optional{record->known};
    };
    if (session_.stage() == Stage::signed_in) state.signed_in = known(choice_.primary());
    state.stand_by = known(choice_.standby());
    state.own = session_.own();
    state.held = session_.held();
    state.replicated = session_.replicated();
    state.replicas = session_.replicas();
    state.members = session_.members();
    state.problem = problem();
    state.fail_overs = choice_.fail_overs();
    state.servers = servers_.servers();
    return state;
}

ClientCore::Impl::Snapshot ClientCore::Impl::snapshot() const {
    auto const endpoint = [&](std::optional<ConnectionId> id) -> std::optional<Endpoint> {
        auto const* const to = link(id);
        return to == nullptr ? std::nullopt : std::optional{to->endpoint};
    };
    return {endpoint(choice_.primary()),
            endpoint(choice_.standby()),
            session_.stage(),
            session_.own(),
            session_.held(),
            session_.replicated(),
            problem(),
            servers_.all().size()};
}

}  // namespace praline::index::client
