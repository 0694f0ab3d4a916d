#include <algorithm>

#include "index/replica/impl.hpp"

/// Sessions of publishers, and the claims that they are held under: the lock token of Clippee (section II-D), granted by
/// all or by silence in time, and held until the next sign-in.
namespace praline::index {

Session* Replica::Impl::session_of(PublisherId const& id) {
    auto const found = sessions_.find(id);
    return found == sessions_.end() ? nullptr : &found->second;
}

void Replica::Impl::on(SessionOpened const& event) {
    PublisherId const& id = event.publisher.id;
    if (draining_) return emit(SessionLost{id});
    Held* const held = hold(id);
    if (held == nullptr) {
        ChangeRefused refused{id, {}, true};
        refused.held.publisher = event.publisher;
        return emit(std::move(refused));
    }
    if (Session* const before = session_of(id)) acquire_deadlines_.erase({before->deadline, id});
    Session& session = sessions_[id];
    session = Session{};
    session.publisher = event.publisher;
    session.own = event.own;
    session.claim = Claim{held->promised.number + 1, self_.id};
    drop_copy(id, {});
    acquire(session);
}

/// Asks everybody who is there for `session.claim`.
void Replica::Impl::acquire(Session& session) {
    PublisherId const id = session.publisher.id;
    Held& held = held_.at(id);
    held.promised = session.claim;
    place(held);
    session.granted.clear();
    session.waiting.clear();
    for (ServerId const server : live())
        if (send(server, Acquire{id, session.claim})) session.waiting.insert(server);
    session.deadline = now_ + options_.acquire_within;
    if (session.waiting.empty()) return claim_settled(id);
    acquire_deadlines_.insert({session.deadline, id});
}

void Replica::Impl::claim_settled(PublisherId const& id) {
    Session& session = sessions_.at(id);
    Held& held = held_.at(id);
    acquire_deadlines_.erase({session.deadline, id});
    session.ready = true;
    ++counters_.claims_acquired;
    // Nothing is left of a hidden list but its version, and that version means the whole list elsewhere.
    bool const emptied = held.standing == Standing::hidden && held.ahead.number > 0;
    Version highest = held.ahead;
    for (Version const version : session.granted) highest = std::max(highest, version);
    bool const forgotten_by_publisher = highest > held.ahead && session.own < highest;
    adopt(held, session.publisher, session.claim);
    place(held);
    if (emptied || forgotten_by_publisher) return begin_anew(id, highest);
    Record const record = held.record;
    auto const same = std::count(session.granted.begin(), session.granted.end(), record.version);
    emit(SessionReady{id, record});
    if (held.applies > 0 || record.version.number == 0) return;
    // What another server was about to replicate when it died need not be published again.
    emit(Replicated{id, record.version, record.digest, static_cast<std::uint16_t>(1 + same), static_cast<std::uint16_t>(peers_.size() + 1)});
}

/// The list as the publisher knows it does not continue what servers have: it is taken away everywhere, and begun anew.
void Replica::Impl::begin_anew(PublisherId const& id, Version floor) {
    Held& held = held_.at(id);
    floor = std::max(floor, held.ahead);
    Version const to{floor.era + 1, 0};
    if (floor.era == UINT32_MAX || queue_write(id, Change{held.ahead, to, true, {}, {}}, false) == 0) return lose_session(id);
    start_waiting_writes();
    Record record = held.record;
    record.version = to;
    record.digest = {};
    record.entries = 0;
    emit(SessionReady{id, std::move(record)});
}

void Replica::Impl::lose_session(PublisherId const& id) {
    auto const found = sessions_.find(id);
    if (found == sessions_.end()) return;
    acquire_deadlines_.erase({found->second.deadline, id});
    sessions_.erase(found);
    ++counters_.claims_lost;
    emit(SessionLost{id});
    if (Held* const held = find(id)) place(*held);
}

void Replica::Impl::on(SessionClosed const& event) {
    auto const found = sessions_.find(event.publisher);
    if (found == sessions_.end()) return;
    acquire_deadlines_.erase({found->second.deadline, event.publisher});
    sessions_.erase(found);
    if (Held* const held = find(event.publisher)) place(*held);
}

void Replica::Impl::on(SessionEnded const& event) {
    bool const ours = sessions_.contains(event.publisher);
    on(SessionClosed{event.publisher});
    if (ours) take_away(event.publisher);
}

void Replica::Impl::learn_claim(Held& held, Claim const& claim) {
    if (claim <= held.promised) return;
    held.promised = claim;
    not_restored(held);
    PublisherId const id = held.record.publisher.id;
    if (sessions_.contains(id))
        lose_session(id);
    else
        place(held);
}

void Replica::Impl::got(Envelope const& from, Acquire const& message) {
    if (message.claim.owner != from.from || message.claim.number == 0 || message.claim.number > claim_number_max) return refuse();
    Grant grant{message.publisher, message.claim, {}};
    // With no room for one more publisher nothing is held against the claim either.
    Held* const held = hold(message.publisher);
    if (held == nullptr) return void(send(from.from, std::move(grant)));
    if (message.claim < held->promised) return void(send(from.from, Deny{message.publisher, message.claim, held->promised}));
    learn_claim(*held, message.claim);
    grant.held = held->record;
    grant.held.version = held->ahead;
    send(from.from, std::move(grant));
}

void Replica::Impl::got(Envelope const& from, Grant const& message) {
    Session* const session = session_of(message.publisher);
    if (session == nullptr || session->claim != message.claim || session->waiting.erase(from.from) == 0) return;
    session->granted.push_back(message.held.version);
    if (session->waiting.empty() && !session->ready) claim_settled(message.publisher);
}

void Replica::Impl::got(Envelope const& from, Deny const& message) {
    Session* const session = session_of(message.publisher);
    if (session == nullptr || session->claim != message.claim || message.higher <= message.claim) return;
    if (message.higher.number > claim_number_max) return refuse();
    session->waiting.erase(from.from);
    ++counters_.claims_denied;
    // A denial that comes late: somebody else has signed that publisher in since.
    if (session->ready || session->tries >= claim_tries_max) {
        learn_claim(held_.at(message.publisher), message.higher);
        return lose_session(message.publisher);
    }
    ++session->tries;
    acquire_deadlines_.erase({session->deadline, message.publisher});
    session->claim = Claim{message.higher.number + 1, self_.id};
    acquire(*session);
}

void Replica::Impl::claims_without(ServerId silent) {
    std::vector<PublisherId> settled;
    for (auto const& [deadline, id] : acquire_deadlines_) {
        Session& session = sessions_.at(id);
        if (session.waiting.erase(silent) > 0 && session.waiting.empty()) settled.push_back(id);
    }
    for (PublisherId const& id : settled) claim_settled(id);
}

void Replica::Impl::silence_is_consent() {
    while (!acquire_deadlines_.empty() && acquire_deadlines_.begin()->first <= now_) {
        PublisherId const id = acquire_deadlines_.begin()->second;
        // Who was silent may know better: a comparison tells.
        for (ServerId const server : sessions_.at(id).waiting) compare_soon(server);
        claim_settled(id);
    }
}

}  // namespace praline::index
