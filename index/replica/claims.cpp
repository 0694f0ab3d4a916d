#include "index/replica/claims.hpp"

#include <algorithm>

#include "index/replica/limits.hpp"

namespace praline::index::replica {

Session const* Claims::find(PublisherId const& id) const {
    auto const found = sessions_.find(id);
    return found == sessions_.end() ? nullptr : &found->second;
}

bool Claims::holds(PublisherId const& id) const {
    Session const* const session = find(id);
    ReplicaRecord const* const held = records_.find(id);
    return session != nullptr && session->ready && held != nullptr && held->highest_claim == session->claim;
}

std::optional<Instant> Claims::next_deadline() const {
    if (deadlines_.empty()) return std::nullopt;
    return deadlines_.begin()->first;
}

bool Claims::open(SessionOpened const& event) {
    PublisherId const& id = event.publisher.id;
    if (group_.draining()) {
        ctx_.emit(SessionLost{id});
        return false;
    }
    ReplicaRecord const* const held = records_.hold(id);
    if (held == nullptr) {
        ChangeRefused refused{id, {}, true};
        refused.held.publisher = event.publisher;
        ctx_.emit(std::move(refused));
        return false;
    }
    if (Session const* const before = find(id)) deadlines_.erase({before->deadline, id});
    Session& session = sessions_[id];
    session = Session{};
    session.publisher = event.publisher;
    session.own = event.own;
    session.claim = Claim{held->highest_claim.number + 1, ctx_.self().id};
    records_.set_signed_in(id, true);
    return true;
}

bool Claims::acquire(PublisherId const& id) {
    Session& session = sessions_.at(id);
    records_.set_claim(id, session.claim);
    session.granted.clear();
    session.waiting.clear();
    for (ServerId const server : group_.live())
        if (group_.send(server, Acquire{id, session.claim})) session.waiting.insert(server);
    session.deadline = ctx_.now() + ctx_.options().acquire_within;
    if (session.waiting.empty()) return true;
    deadlines_.insert({session.deadline, id});
    return false;
}

std::optional<Version> Claims::settle(PublisherId const& id) {
    Session& session = sessions_.at(id);
    ReplicaRecord const& held = records_.at(id);
    deadlines_.erase({session.deadline, id});
    session.ready = true;
    ++ctx_.counters().claims_acquired;
    // Nothing is left of a hidden list but its version, and that version means the whole list elsewhere.
    bool const emptied = held.visibility == Visibility::hidden && held.ahead.number > 0;
    Version highest = held.ahead;
    for (Version const version : session.granted) highest = std::max(highest, version);
    bool const forgotten_by_publisher = highest > held.ahead && session.own < highest;
    records_.adopt(id, session.publisher, session.claim);
    records_.reschedule(id);
    if (emptied || forgotten_by_publisher) return highest;
    Record const record = held.record;
    auto const same = std::count(session.granted.begin(), session.granted.end(), record.version);
    ctx_.emit(SessionReady{id, record});
    if (held.applies > 0 || record.version.number == 0) return std::nullopt;
    // What another server was about to replicate when it died need not be published again.
    auto const members = static_cast<std::uint16_t>(group_.peers().size() + 1);
    ctx_.emit(Replicated{id, record.version, record.digest, static_cast<std::uint16_t>(1 + same), members});
    return std::nullopt;
}

void Claims::end(PublisherId const& id) {
    deadlines_.erase({sessions_.at(id).deadline, id});
    sessions_.erase(id);
    records_.set_signed_in(id, false);
}

bool Claims::close(PublisherId const& id) {
    if (!sessions_.contains(id)) return false;
    end(id);
    records_.reschedule(id);
    return true;
}

void Claims::lose(PublisherId const& publisher) {
    PublisherId const id = publisher;
    if (!sessions_.contains(id)) return;
    end(id);
    ++ctx_.counters().claims_lost;
    ctx_.emit(SessionLost{id});
    records_.reschedule(id);
}

void Claims::learn(PublisherId const& id, Claim const& claim) {
    if (!records_.raise_claim(id, claim)) return;
    if (sessions_.contains(id))
        lose(id);
    else
        records_.reschedule(id);
}

void Claims::got(Envelope const& from, Acquire const& message) {
    if (message.claim.owner != from.from || message.claim.number == 0 || message.claim.number > claim_number_max)
        return ctx_.refuse();
    Grant grant{message.publisher, message.claim, {}};
    // With no room for one more publisher nothing is held against the claim either.
    ReplicaRecord const* const held = records_.hold(message.publisher);
    if (held == nullptr) return void(group_.send(from.from, std::move(grant)));
    if (message.claim < held->highest_claim)
        return void(group_.send(from.from, Deny{message.publisher, message.claim, held->highest_claim}));
    learn(message.publisher, message.claim);
    grant.held = held->record;
    grant.held.version = held->ahead;
    group_.send(from.from, std::move(grant));
}

bool Claims::got(Envelope const& from, Grant const& message) {
    auto const found = sessions_.find(message.publisher);
    if (found == sessions_.end()) return false;
    Session& session = found->second;
    if (session.claim != message.claim || session.waiting.erase(from.from) == 0) return false;
    session.granted.push_back(message.held.version);
    return session.waiting.empty() && !session.ready;
}

bool Claims::got(Envelope const& from, Deny const& message) {
    PublisherId const& id = message.publisher;
    auto const found = sessions_.find(id);
    if (found == sessions_.end() || found->second.claim != message.claim || message.higher <= message.claim)
        return false;
    if (message.higher.number > claim_number_max) return ctx_.refuse(), false;
    Session& session = found->second;
    session.waiting.erase(from.from);
    ++ctx_.counters().claims_denied;
    // A denial that comes late: that publisher has signed in elsewhere since.
    if (session.ready || session.tries >= claim_tries_max) {
        learn(id, message.higher);
        lose(id);
        return false;
    }
    ++session.tries;
    deadlines_.erase({session.deadline, id});
    session.claim = Claim{message.higher.number + 1, ctx_.self().id};
    return acquire(id);
}

std::vector<PublisherId> Claims::without(ServerId silent) {
    std::vector<PublisherId> granted;
    for (auto const& [deadline, id] : deadlines_) {
        Session& session = sessions_.at(id);
        if (session.waiting.erase(silent) > 0 && session.waiting.empty()) granted.push_back(id);
    }
    return granted;
}

std::optional<PublisherId> Claims::next_granted_by_silence() {
    if (deadlines_.empty() || deadlines_.begin()->first > ctx_.now()) return std::nullopt;
    PublisherId const id = deadlines_.begin()->second;
    // A silent server may know better: a comparison shows it.
    for (ServerId const server : sessions_.at(id).waiting) schedule_.compare_soon(server);
    return id;
}

}  // namespace praline::index::replica
