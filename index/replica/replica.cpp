#include "index/replica/replica.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "index/replica/asks.hpp"
#include "index/replica/claims.hpp"
#include "index/replica/comparison_schedule.hpp"
#include "index/replica/context.hpp"
#include "index/replica/copies.hpp"
#include "index/replica/copy_source.hpp"
#include "index/replica/group.hpp"
#include "index/replica/incoming_writes.hpp"
#include "index/replica/own_writes.hpp"
#include "index/replica/reconciler.hpp"
#include "index/replica/records.hpp"
#include "index/replica/repair.hpp"
#include "node/base/check.hpp"

namespace praline::index::replica {

/// Hands each event to the part that it concerns, and what that part says has happened to the others. The parts are declared
/// in the order in which they know each other: each only those above it.
struct Replica::Impl {
    Impl(ReplicaOptions const& options, Rng rng) : ctx{options, rng} {}

    void handle(Event const& event);
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    // ---- events ----
    void on(Started const& event);
    void on(Tick const&);
    void on(LinkUp const& event) { group.link_up(event); }
    void on(LinkDown const& event) { group.link_down(event); }
    void on(ConnectFailed const&) {}  // the next try is timed already
    void on(MessageArrived const& event);
    void on(SessionOpened const& event);
    void on(SessionClosed const& event) { claims.close(event.publisher); }
    void on(SessionEnded const& event);
    void on(PublishWanted const& event) { own_writes.publish(event); }
    void on(AskWanted const& event) { asks.wanted(event); }
    void on(AskAnswered const& event) { asks.answered(event); }
    void on(Applied const& event);
    void on(EntriesRead const& event) { copy_source.read(event); }
    void on(DrainWanted const&);
    void on(LoadIs const& event) { ctx.set_load(event.load); }

    // ---- messages ----
    void hello(LinkId link, Envelope const& from, Hello const& hello);
    void got(Envelope const& from, Members const& message) { group.got(from, message); }
    void got(Envelope const& from, Leave const&) { remove_member(from.from, true); }
    void got(Envelope const& from, Heartbeat const& message);
    void got(Envelope const& from, Probe const& message) { group.got(from, message); }
    void got(Envelope const& from, ProbeAnswer const& message) { group.got(from, message); }
    void got(Envelope const& from, Acquire const& message) { claims.got(from, message); }
    void got(Envelope const& from, Grant const& message);
    void got(Envelope const& from, Deny const& message);
    void got(Envelope const& from, Write const& message) { incoming_writes.got(from, message); }
    void got(Envelope const& from, WriteAck const& message) { own_writes.got(from, message); }
    void got(Envelope const& from, Digests const& message) { repair.got(from, message); }
    void got(Envelope const& from, Records const& message) { repair.got(from, message); }
    void got(Envelope const& from, RecordsAsk const& message) { repair.got(from, message); }
    void got(Envelope const& from, CopyAsk const& message) { copy_source.got(from, message); }
    void got(Envelope const& from, CopyPart const& message) { copies.got(from, message); }
    void got(Envelope const& from, AskFor const& message) { asks.got(from, message); }
    void got(Envelope const& from, AnswerFor const& message) { asks.got(from, message); }

    // ---- what one part's news mean for the others ----
    void begin_incarnation(Member const& member);
    void heard(ServerId id);
    void mark_dead(ServerId id);
    void remove_member(ServerId id, bool left);
    void settle_claim(PublisherId const& id);
    void expire_leases();
    void resumed_after_suspend(Duration time);
    void drain_if_done();

    Context ctx;
    Group group{ctx};
    RecordTable records{ctx, group};
    ComparisonSchedule schedule{ctx, group};
    Claims claims{ctx, group, records, schedule};
    OwnWrites own_writes{ctx, group, records, claims, schedule};
    Copies copies{ctx, group, records, schedule};
    IncomingWrites incoming_writes{ctx, group, records, claims, copies, schedule};
    CopySource copy_source{ctx, group, records};
    Reconciler reconciler{ctx, records, claims, own_writes, copies};
    Repair repair{ctx, group, records, copies, reconciler, schedule};
    Asks asks{ctx, group};
    bool started = false;
    Instant last_event{};
    std::optional<Instant> drain_until;
};

Replica::Replica(ReplicaOptions options, Rng rng) : impl_{std::make_unique<Impl>(options, rng)} {}
Replica::~Replica() = default;
Replica::Replica(Replica&&) noexcept = default;
Replica& Replica::operator=(Replica&&) noexcept = default;

void Replica::handle(Event const& event, Instant now, Actions& out) {
    impl_->ctx.begin(now, out);
    impl_->handle(event);
    impl_->ctx.end();
}

std::optional<Instant> Replica::next_deadline() const { return impl_->next_deadline(); }
bool Replica::answers_alone() const { return !impl_->group.joining(); }
std::size_t Replica::publishers() const { return impl_->records.tree().size(); }
DigestNode Replica::digest() const { return impl_->records.tree().node(0, 0); }
ReplicaCounters const& Replica::counters() const { return impl_->ctx.counters(); }
bool Replica::believes_claim(PublisherId const& publisher) const { return impl_->claims.holds(publisher); }

Record const* Replica::find(PublisherId const& publisher) const {
    ReplicaRecord const* const held = impl_->records.find(publisher);
    return held != nullptr && held->visible() ? &held->record : nullptr;
}

std::vector<MemberView> Replica::members(Instant now) const {
    std::vector<MemberView> result;
    for (auto const& [id, peer] : impl_->group.peers()) {
        ComparisonSchedule::Outcome const& compared = impl_->schedule.of(id);
        MemberView view;
        view.member = peer.member;
        view.direct = peer.link.has_value();
        if (!view.direct) view.by_way_of = peer.relay;
        view.suspected = peer.suspected;
        view.silent = now - peer.last_heard.value_or(peer.known_since);
        view.writes_missing = peer.writes.missing();
        view.acks_missing = peer.acks_missing;
        view.same = compared.same;
        view.differing = compared.differing;
        view.compared_ago = now - compared.compared.value_or(peer.known_since);
        result.push_back(std::move(view));
    }
    return result;
}

void Replica::Impl::handle(Event const& event) {
    check(started || std::holds_alternative<Started>(event));
    Duration const quiet = ctx.now() - std::exchange(last_event, ctx.now());
    if (started && quiet > ctx.suspect_after()) resumed_after_suspend(quiet);
    std::visit([this](auto const& one) { on(one); }, event);
    own_writes.start_waiting();
    copies.start();
    repair.go_on();
    drain_if_done();
    group.report_members();
}

std::optional<Instant> Replica::Impl::next_deadline() const {
    if (!started) return std::nullopt;
    // Links, routes and redials are looked after with the heartbeat; what has to be in time has a deadline of its own.
    Instant next = std::min(group.heartbeat_at(), repair.next_deadline());
    for (std::optional<Instant> const& deadline :
         {records.next_expiry(), claims.next_deadline(), own_writes.next_deadline(), asks.next_deadline(), drain_until})
        if (deadline) next = std::min(next, *deadline);
    return next;
}

void Replica::Impl::on(Started const& event) {
    check(!started);
    started = true;
    ctx.set_self(event.self);
    schedule.plan_next();
    group.start(event);
    records.restore(event.records);
    group.dial_all();
    for (ServerId const id : group.dial()) remove_member(id, false);
    group.seek();
}

void Replica::Impl::on(Tick const&) {
    group.close_silent_links();
    while (std::optional<ServerId> const silent = group.next_suspect()) mark_dead(*silent);
    if (ctx.now() >= group.heartbeat_at()) {
        group.send_heartbeat(own_writes.position());
        repair.complete_if_equal();
    }
    group.probe_broken_routes();
    for (ServerId const id : group.dial()) remove_member(id, false);
    group.seek();
    while (std::optional<PublisherId> const granted = claims.next_granted_by_silence()) settle_claim(*granted);
    own_writes.give_up_late();
    expire_leases();
    copies.give_up_late();
    asks.give_up_late();
    repair.tick();
}

void Replica::Impl::on(MessageArrived const& event) {
    Envelope const& from = event.envelope;
    switch (group.arrived(event.link, from, event.message)) {
        case Group::Arrival::handled: return;
        case Group::Arrival::hello: return hello(event.link, from, std::get<Hello>(event.message));
        case Group::Arrival::new_incarnation: {
            Member member = group.find(from.from)->member;
            member.incarnation = from.incarnation;
            begin_incarnation(member);
            break;
        }
        case Group::Arrival::message: break;
    }
    heard(from.from);
    group.learn_route(event.link, from);
    std::visit(
        [&](auto const& message) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(message)>, Hello>) got(from, message);
        },
        event.message);
}

void Replica::Impl::hello(LinkId link, Envelope const& from, Hello const& hello) {
    std::optional<Group::Introduction> const known = group.introduce(link, from, hello);
    if (!known) return;
    if (known->begins_anew) begin_incarnation(hello.self);
    group.reappeared(hello.self);
    heard(hello.self.id);
    if (!group.bind(link, hello, *known)) return;
    schedule.compare_soon(hello.self.id);
    group.send_members_to_all();
}

void Replica::Impl::got(Envelope const& from, Heartbeat const& message) {
    if (group.got(from, message)) schedule.compare_soon(from.from);
}

void Replica::Impl::got(Envelope const& from, Grant const& message) {
    if (claims.got(from, message)) settle_claim(message.publisher);
}

void Replica::Impl::got(Envelope const& from, Deny const& message) {
    if (claims.got(from, message)) settle_claim(message.publisher);
}

void Replica::Impl::on(SessionOpened const& event) {
    if (!claims.open(event)) return;
    copies.drop(event.publisher.id, {});
    if (claims.acquire(event.publisher.id)) settle_claim(event.publisher.id);
}

void Replica::Impl::on(SessionEnded const& event) {
    if (claims.close(event.publisher)) own_writes.take_away(event.publisher);
}

void Replica::Impl::on(Applied const& event) {
    std::optional<PendingApply> const pending = records.take_pending(event.ticket);
    if (!pending) return;
    if (pending->source == PendingApply::Source::copy) return copies.applied(pending->publisher, event);
    records.settle(pending->publisher, event);
    if (pending->source == PendingApply::Source::own_write)
        own_writes.applied(pending->key, event);
    else
        incoming_writes.applied(*pending, event);
}

void Replica::Impl::on(DrainWanted const&) {
    if (group.drain()) drain_until = ctx.now() + ctx.options().write_within;
}

void Replica::Impl::drain_if_done() {
    if (!drain_until || (!own_writes.empty() && ctx.now() < *drain_until)) return;
    drain_until.reset();
    group.say_goodbye();
    ctx.emit(Drained{});
}

void Replica::Impl::begin_incarnation(Member const& member) {
    Group::Beginning const beginning = group.begin_incarnation(member);
    if (beginning.first_contact) records.merge_owners(member.id, member.incarnation);
    if (!beginning.restarted) return;
    schedule.restarted(member.id);
    mark_dead(member.id);
}

void Replica::Impl::heard(ServerId id) {
    bool const was_suspected = group.heard(id);
    records.renew({id, group.find(id)->member.incarnation});
    if (was_suspected) schedule.compare_soon(id);
}

/// Nothing that waits for an answer of that server waits any longer.
void Replica::Impl::mark_dead(ServerId id) {
    repair.break_off(id);
    own_writes.without(id);
    for (PublisherId const& granted : claims.without(id)) settle_claim(granted);
}

void Replica::Impl::remove_member(ServerId id, bool left) {
    if (!group.part_from(id, left)) return;
    mark_dead(id);
    group.remove(id, left);
    schedule.forget(id);
}

void Replica::Impl::settle_claim(PublisherId const& publisher) {
    PublisherId const id = publisher;
    if (std::optional<Version> const floor = claims.settle(id)) own_writes.begin_anew(id, *floor);
}

void Replica::Impl::expire_leases() {
    if (!records.begin_expiring()) return;
    while (std::optional<PublisherId> const id = records.next_expired())
        if (records.expire(*id)) own_writes.take_away(*id);
    records.hide_of_silent_owners();
}

/// Only we were silent: the others get as much time as they had.
void Replica::Impl::resumed_after_suspend(Duration time) {
    group.resumed(time);
    records.resumed(time);
    for (auto const& [id, peer] : group.peers())
        if (!peer.suspected) schedule.compare_soon(id);
}

std::vector<std::pair<std::string, std::uint64_t>> named(ReplicaCounters const& counters) {
    ReplicaCounters const& c = counters;
    return {{"writes", c.writes},
            {"writes_replicated", c.writes_replicated},
            {"writes_short", c.writes_short},
            {"write_messages", c.write_messages},
            {"repair_messages", c.repair_messages},
            {"beat_messages", c.heartbeat_messages},
            {"other_messages", c.other_messages},
            {"relayed_messages", c.relayed_messages},
            {"claims_acquired", c.claims_acquired},
            {"claims_denied", c.claims_denied},
            {"claims_lost", c.claims_lost},
            {"comparisons", c.comparisons},
            {"publishers_repaired", c.publishers_repaired},
            {"copies", c.copies},
            {"copies_failed", c.copies_failed},
            {"copied_entries", c.copied_entries},
            {"leases_ended", c.leases_ended},
            {"two_hop_routes", c.two_hop_routes},
            {"refused_messages", c.refused_messages}};
}

}  // namespace praline::index::replica
