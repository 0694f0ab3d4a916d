#include "index/client/client_core.hpp"

#include <algorithm>

#include "index/client/client_impl.hpp"

namespace praline::index {

ClientCore::ClientCore(ClientOptions options, Rng rng) : impl_{std::make_unique<Impl>(options, rng)} {}
ClientCore::~ClientCore() = default;

ClientCore::Impl::Impl(ClientOptions the_options, Rng the_rng)
    : options_{the_options},
      rng_{the_rng},
      servers_{options_},
      refusals_{options_.reconnect_every},
      pipeline_{options_} {}

void ClientCore::handle(ClientEvent const& event, Instant now, ClientActions& out) {
    auto const before = impl_->snapshot();
    impl_->now_ = now;
    std::visit([&](auto const& one) { impl_->on(one, now, out); }, event);
    if (impl_->started_ && !impl_->stopped_) impl_->arrange(now, out);
    if (impl_->snapshot() != before) out.emplace_back(ClientStateChanged{});
}

std::optional<Instant> ClientCore::next_deadline() const { return impl_->next_deadline(); }
ClientState ClientCore::state() const { return impl_->state(); }

void ClientCore::Impl::on(ClientStarted const& event, Instant now, ClientActions&) {
    if (started_) return;
    started_ = true;
    started_at_ = now;
    sign_in_ = event.sign_in;
    own_ = event.sign_in.version;
    probe_at_ = now + jittered(options_.compare_every, rng_);
    // Those that the user named come first: they are never forgotten for the sake of others.
    for (bool const configured : {true, false})
        for (auto const& server : event.servers)
            if (server.configured == configured) (void)servers_.add(server);
}

void ClientCore::Impl::on(ServerLearnt const& event, Instant, ClientActions&) {
    servers_changed_ |= servers_.add({event.endpoint, ServerId{}, 0, std::nullopt, event.configured});
}

void ClientCore::Impl::on(StopWanted const&, Instant now, ClientActions& out) {
    if (stopped_) return;
    stopped_ = true;
    for (auto const& search : searches_.all()) fail(search, "The node is being stopped.", now, out);
    searches_.all().clear();
    for (auto const& link : links_) out.emplace_back(Close{link.id});
    links_.clear();
    primary_.reset();
    standby_.reset();
    signed_in_ = SignedIn::no;
    pipeline_.stop();
}

/// Everything that is due, in an order in which no step undoes an earlier one: first what ends, then what takes its place.
void ClientCore::Impl::arrange(Instant now, ClientActions& out) {
    drop_silent(now, out);
    drop_stuck_session(now, out);
    compare_servers(now, out);
    choose(now, out);
    open_links(now, out);
    sign_in(now, out);
    publish(now, out);
    ping(now, out);
    ask(now, out);
    save_servers(now, out);
}

void ClientCore::Impl::save_servers(Instant now, ClientActions& out) {
    if (!servers_changed_ || now < next_save_) return;
    servers_changed_ = false;
    next_save_ = now + ClientLimits::save_every;
    out.emplace_back(ServersChanged{servers_.servers()});
}

std::optional<Instant> ClientCore::Impl::next_deadline() const {
    if (!started_ || stopped_) return std::nullopt;
    Deadline next{now_};
    link_deadlines(next);
    choice_deadlines(next);
    session_deadlines(next);
    search_deadlines(next);
    if (servers_changed_) next.take(next_save_);
    return next.at();
}

std::string ClientCore::Impl::problem() const {
    if (!started_ || stopped_) return {};
    if (servers_.all().empty()) return "No index server is known. Name one with --index HOST:PORT.";
    if (!primary_) return last_trouble_.empty() ? std::string{} : "No index server can be reached. " + last_trouble_;
    return refusals_.problem();
}

ClientState ClientCore::Impl::state() const {
    ClientState state;
    auto const known = [&](std::optional<ConnectionId> id) -> std::optional<KnownServer> {
        auto const* const link = find(id);
        auto const* const record = link == nullptr ? nullptr : servers_.find(link->endpoint);
        return record == nullptr ? std::nullopt : std::optional{record->known};
    };
    if (signed_in_ == SignedIn::yes) state.signed_in = known(primary_);
    state.stand_by = known(standby_);
    state.own = own_;
    state.held = held_;
    state.replicated = replicated_;
    state.replicas = replicas_;
    state.members = members_;
    state.problem = problem();
    state.fail_overs = fail_overs_;
    state.servers = servers_.servers();
    return state;
}

ClientCore::Impl::Snapshot ClientCore::Impl::snapshot() const {
    auto const endpoint = [&](std::optional<ConnectionId> id) -> std::optional<Endpoint> {
        auto const* const link = find(id);
        return link == nullptr ? std::nullopt : std::optional{link->endpoint};
    };
    return {endpoint(primary_), endpoint(standby_), signed_in_,           own_, held_,
            replicated_,        problem(),          servers_.all().size()};
}

}  // namespace praline::index
