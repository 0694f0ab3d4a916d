#include "index/replica/replica.hpp"

#include <algorithm>

#include "index/replica/impl.hpp"
#include "node/base/check.hpp"

namespace praline::index {

Replica::Replica(ReplicaOptions options, Rng rng) : impl_{std::make_unique<Impl>(options, rng)} {}
Replica::~Replica() = default;
Replica::Replica(Replica&&) noexcept = default;
Replica& Replica::operator=(Replica&&) noexcept = default;

void Replica::handle(Event const& event, Instant now, Actions& out) {
    impl_->now_ = std::max(impl_->now_, now);
    impl_->out_ = &out;
    impl_->handle(event);
    impl_->out_ = nullptr;
}

std::optional<Instant> Replica::next_deadline() const { return impl_->next_deadline(); }
bool Replica::answers_alone() const { return !impl_->young_; }
std::size_t Replica::publishers() const { return impl_->tree_.size(); }
DigestNode Replica::digest() const { return impl_->tree_.node(0, 0); }
ReplicaCounters const& Replica::counters() const { return impl_->counters_; }

Record const* Replica::find(PublisherId const& publisher) const {
    auto const found = impl_->held_.find(publisher);
    return found != impl_->held_.end() && found->second.standing == Standing::shown ? &found->second.record : nullptr;
}

bool Replica::believes_claim(PublisherId const& publisher) const {
    auto const session = impl_->sessions_.find(publisher);
    auto const held = impl_->held_.find(publisher);
    return session != impl_->sessions_.end() && session->second.ready && held != impl_->held_.end() &&
           held->second.promised == session->second.claim;
}

std::vector<MemberView> Replica::members(Instant now) const {
    std::vector<MemberView> result;
    for (auto const& [id, peer] : impl_->peers_) {
        MemberView view;
        view.member = peer.member;
        view.direct = peer.link.has_value();
        if (!view.direct) view.by_way_of = peer.relay;
        view.suspected = peer.suspected;
        view.silent = now - peer.heard.value_or(peer.known_since);
        view.writes_missing = peer.writes.missing();
        view.acks_missing = peer.acks_missing;
        view.same = peer.same;
        view.differing = peer.differing;
        view.compared_ago = now - peer.compared.value_or(peer.known_since);
        result.push_back(std::move(view));
    }
    return result;
}

void Replica::Impl::handle(Event const& event) {
    check(started_ || std::holds_alternative<Started>(event));
    Duration const quiet = now_ - std::exchange(last_event_, now_);
    if (started_ && quiet > suspect_after()) slept(quiet);
    std::visit([this](auto const& e) {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, MessageArrived>)
            message(e.link, e.envelope, e.message);
        else
            on(e);
    }, event);
    start_waiting_writes();
    start_copies();
    if (round_) go_on_round();
    drain_if_done();
    if (!std::exchange(members_changed_, false)) return;
    MembersChanged changed{member_list().members};
    emit(std::move(changed));
}

void Replica::Impl::on(Started const& event) {
    check(!started_);
    started_ = true;
    self_ = event.self;
    join_ = event.join;
    join_at_ = beat_at_ = alone_since_ = now_;
    repair_at_ = now_ + jittered(options_.repair_every);
    for (Member const& member : event.members)
        if (member.id != self_.id) add_member(member);
    young_ = join_ || !peers_.empty();
    restore(event.records);
    for (auto& [id, peer] : peers_) dial_one(peer, true);
    dial(now_);
    tell_members();
}

/// In order of their ids: with a million of them the tables grow four times as fast at their end as anywhere.
void Replica::Impl::restore(std::vector<Record> const& records) {
    std::vector<Record const*> ordered;
    for (Record const& record : records) ordered.push_back(&record);
    std::sort(ordered.begin(), ordered.end(), [](auto const* one, auto const* other) { return one->publisher.id < other->publisher.id; });
    for (Record const* const record : ordered) {
        Held* const held = hold(record->publisher.id);
        if (held == nullptr) break;
        held->record = *record;
        held->ahead = record->version;
        held->promised = record->claim;
        // What was hidden has its version on disk and no entries; an empty list looks the same and loses nothing by it.
        if (record->version.number > 0 && record->entries == 0) {
            held->standing = Standing::hidden;
            set_due(*held, now_ + options_.tombstone);
            continue;
        }
        held->standing = Standing::shown;
        held->restored = restored_.insert(record->publisher.id).second;
        // How old a tombstone is we do not know: it is remembered, and told to who shows the list, not spread.
        held->retired = is_tombstone(*record);
        refresh(*held);
        place(*held);
        if (held->retired) set_due(*held, now_ + options_.tombstone);
    }
}

void Replica::Impl::on(Tick const&) {
    close_silent_links();
    suspect_silent();
    if (now_ >= beat_at_) beat();
    probe_broken_routes();
    dial(now_);
    silence_is_consent();
    give_up_late_writes();
    lapse();
    give_up_late_copies();
    give_up_late_asks();
    repair();
}

std::optional<Instant> Replica::Impl::next_deadline() const {
    if (!started_) return std::nullopt;
    // Links, routes and redials are looked after with the beat; what has to be in time has a deadline of its own.
    Instant next = std::min(beat_at_, round_ ? round_->deadline : repair_at_);
    auto const at = [&next](Instant deadline) { next = std::min(next, deadline); };
    if (!dues_.empty()) at(std::max(dues_.begin()->first, awake_since_ + 2 * suspect_after()));
    if (!acquire_deadlines_.empty()) at(acquire_deadlines_.begin()->first);
    if (!write_deadlines_.empty()) at(write_deadlines_.begin()->first);
    if (draining_until_) at(*draining_until_);
    if (lapses_left_) at(now_);
    if (!questions_out_.empty()) at(questions_out_.begin()->second.deadline);
    return next;
}

void Replica::Impl::message(LinkId link, Envelope const& envelope, ServerMessage const& message) {
    auto const found = links_.find(link);
    if (found == links_.end()) return refuse();
    found->second.heard = now_;
    if (auto const* const first = std::get_if<Hello>(&message)) return hello(link, envelope, *first);
    if (!found->second.peer) return close(link, "a server said something before it said who it is");
    if (envelope.to != self_.id) return envelope.from == *found->second.peer ? relay(envelope, message) : refuse();
    // What the other side of a link says itself comes as its own, all else as passed on.
    if (envelope.from == self_.id || envelope.relayed == (envelope.from == *found->second.peer)) return refuse();
    auto const peer = peers_.find(envelope.from);
    if (peer == peers_.end()) return refuse();
    if (peer->second.proven && envelope.incarnation < peer->second.member.incarnation) return refuse();
    if (!peer->second.proven || envelope.incarnation > peer->second.member.incarnation) {
        // Over its own link it has said with its Hello who it is.
        if (!envelope.relayed) return refuse();
        Member member = peer->second.member;
        member.incarnation = envelope.incarnation;
        new_incarnation(peer->second, member);
    }
    heard(peer->second);
    if (envelope.relayed && !peer->second.link && !peer->second.relay) peer->second.relay = found->second.peer;
    dispatch(envelope, message);
}

void Replica::Impl::dispatch(Envelope const& envelope, ServerMessage const& message) {
    std::visit([this, &envelope](auto const& m) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(m)>, Hello>) got(envelope, m);
    }, message);
}

std::vector<std::pair<std::string, std::uint64_t>> named(ReplicaCounters const& counters) {
    ReplicaCounters const& c = counters;
    return {{"writes", c.writes}, {"writes_replicated", c.writes_replicated}, {"writes_short", c.writes_short},
            {"write_messages", c.write_messages}, {"repair_messages", c.repair_messages}, {"beat_messages", c.beat_messages},
            {"other_messages", c.other_messages}, {"relayed_messages", c.relayed_messages},
            {"claims_acquired", c.claims_acquired}, {"claims_denied", c.claims_denied}, {"claims_lost", c.claims_lost},
            {"comparisons", c.comparisons}, {"publishers_repaired", c.publishers_repaired}, {"copies", c.copies},
            {"copies_failed", c.copies_failed}, {"copied_entries", c.copied_entries}, {"leases_ended", c.leases_ended},
            {"two_hop_routes", c.two_hop_routes}, {"refused_messages", c.refused_messages}};
}

}  // namespace praline::index
