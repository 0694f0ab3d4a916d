#include "index/server/sessions.hpp"

#include <algorithm>

namespace praline::index::server {
namespace {

constexpr Duration stalled_look_again = std::chrono::seconds{1};

}  // namespace

Sessions::Sessions(ServerLimits limits, SessionTerms terms, SessionHost& host)
    : limits_{limits}, terms_{terms}, host_{host}, shares_{2 * limits.sessions_max} {}

void Sessions::opened(SessionId id, std::optional<PublisherId> key, Endpoint remote, Instant now) {
    if (sessions_.size() >= limits_.sessions_max) {
        refuse(id, {RefusalReason::busy, "This server has as many nodes as it takes; try another of its group.", 0});
        return host_.close(id);
    }
    Session& session = sessions_[id];
    shares_.opened(remote.address);
    session.id = id;
    session.key = key;
    session.remote = remote;
    session.heard = now;
    set_due(session, now);
    if (draining_) host_.send(id, Leaving{host_.members()});
}

void Sessions::closed(SessionId id) {
    if (Session* const session = find(id)) {
        sign_off(*session);
        forget(*session);
    }
}

void Sessions::arrived(SessionId id, Result<FromNode> const& message, std::size_t bytes, Instant now) {
    Session* const session = find(id);
    if (session == nullptr) return;
    session->heard = now;
    session->spoke = true;
    if (!message)
        return bad(*session, "This server does not understand a message of yours: " +
                                 std::string{to_string(message.error())} + ".");
    std::visit([&](auto const& one) { on(*session, one, bytes, now); }, *message);
}

void Sessions::bad(Session& session, std::string const& sentence) {
    if (++session.bad_messages >= limits_.bad_messages_max)
        refuse_and_close(session, RefusalReason::bad_message, sentence);
}

void Sessions::refuse(SessionId to, Refused refused) {
    ++refused_[std::min<std::size_t>(static_cast<std::size_t>(refused.reason), refused_.size() - 1)];
    host_.send(to, std::move(refused));
}

void Sessions::refuse_and_close(Session& session, RefusalReason reason, std::string const& sentence) {
    auto const id = session.id;
    refuse(id, {reason, sentence, 0});
    sign_off(session);
    forget(session);
    host_.close(id);
}

void Sessions::sign_off(Session& session) {
    if (session.stage == Stage::asking) return;
    session.stage = Stage::asking;
    drop_changes(session);
    publishers_.erase(*session.key);
    --shares_.of(session.remote.address).publishers;
    host_.tell_replica(replica::SessionClosed{*session.key});
}

void Sessions::forget(Session& session) {
    if (session.due) due_.erase({*session.due, session.id});
    shares_.closed(session.remote.address);
    sessions_.erase(session.id);
}

Sessions::Session* Sessions::find(SessionId id) {
    auto const found = sessions_.find(id);
    return found == sessions_.end() ? nullptr : &found->second;
}

Sessions::Session* Sessions::publisher(PublisherId const& id) {
    auto const found = publishers_.find(id);
    return found == publishers_.end() ? nullptr : find(found->second);
}

// ---- time ----

Instant Sessions::silence_ends(Session const& session) const {
    return session.heard + (session.spoke ? std::max(terms_.lease, limits_.silent_min) : limits_.sign_in_within);
}

/// The earliest instant at which something may have to be done; silence is looked at again when it comes, so that an
/// arriving message need not move it.
void Sessions::set_due(Session& session, Instant now) {
    Instant due = silence_ends(session);
    if (session.stalled) {
        due = std::min(due, now + stalled_look_again);  // should the others end without a word
    } else if (!session.waiting.empty() && session.under_way.size() < limits_.changes_under_way_max) {
        auto const burst = limits_.changes_per_second * burst_seconds;
        due = std::min(due, std::max(session.changes.regained_at(limits_.changes_per_second, burst - 1), now));
    }
    if (session.due == due) return;
    if (session.due) due_.erase({*session.due, session.id});
    session.due = due;
    due_.insert({due, session.id});
}

std::optional<Instant> Sessions::next_deadline() const {
    return due_.empty() ? std::nullopt : std::optional{due_.begin()->first};
}

void Sessions::tick(Instant now) {
    std::vector<SessionId> due;
    for (auto const& [when, id] : due_) {
        if (when > now) break;
        due.push_back(id);
    }
    for (SessionId const id : due) {
        Session* const session = find(id);
        if (session == nullptr) continue;
        if (silence_ends(*session) <= now) {
            sign_off(*session);
            forget(*session);
            host_.close(id);
            continue;
        }
        pump(*session, now);
        pump_stalled(session->remote.address, now);
    }
}

void Sessions::drain() {
    draining_ = true;
    for (auto const& [id, session] : sessions_) host_.send(id, Leaving{host_.members()});
}

std::vector<std::pair<std::string, std::uint64_t>> Sessions::counters() const {
    constexpr std::array names{
        "protocol_too_old", "signed_in_elsewhere", "too_many_entries", "too_many_from_address", "too_many_publishers",
        "too_fast",         "bad_message",         "bad_entry",        "not_signed_in",         "busy",
        "leaving",          "search_failed"};
    std::vector<std::pair<std::string, std::uint64_t>> counters;
    for (std::size_t i = 0; i < names.size(); ++i)
        counters.emplace_back(std::string{"refused_"} + names[i], refused_[i + 1]);
    return counters;
}

}  // namespace praline::index::server
