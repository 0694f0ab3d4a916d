#include <algorithm>
#include <utility>

#include "index/server/sessions.hpp"
#include "index/wire/entry_rules.hpp"

/// What nodes say, and what the replica says to them.
namespace praline::index::server {
namespace {

std::string number(std::size_t value) { return std::to_string(value); }

/// By how many entries a change makes a list longer, if it removes what is there.
std::size_t growth(Change const& change) {
    return change.add.size() - std::min(change.add.size(), change.remove.size());
}

}  // namespace

// ---- from nodes ----

std::optional<Refused> Sessions::objection(Session const& session, SignIn const& message) const {
    auto const no = [](RefusalReason reason, std::string sentence) { return Refused{reason, std::move(sentence), 0}; };
    if (message.protocol < protocol_version)
        return no(RefusalReason::protocol_too_old, "You speak version " + number(message.protocol) +
                                                       " of the index protocol, this server " +
                                                       number(protocol_version) + "; a newer Praline does.");
    if (session.stage != Stage::asking) return no(RefusalReason::bad_message, "You are signed in already.");
    if (!session.key)
        return no(RefusalReason::not_signed_in, "To sign in a node must show a certificate with its key.");
    if (draining_) return no(RefusalReason::leaving, "This server is about to stop; sign in to another of its group.");
    if (auto const trouble = host_.trouble(); !trouble.empty())
        return no(RefusalReason::busy, "This server cannot keep anything just now; sign in to another of its group. " +
                                           trouble.substr(0, 300));
    auto const* const share = shares_.find(session.remote.address);
    if (share != nullptr && share->publishers >= limits_.publishers_of_address_max)
        return no(RefusalReason::too_many_from_address, "From " + session.remote.address.text() + " " +
                                                            number(limits_.publishers_of_address_max) +
                                                            " nodes publish already, and no more may.");
    if (!host_.has_room_for(*session.key))
        return no(RefusalReason::too_many_publishers, "This group lists as many publishers as it takes.");
    return std::nullopt;
}

void Sessions::on(Session& session, SignIn const& message, std::size_t, Instant now) {
    if (!session.pings.take(now, limits_.pings_per_second, limits_.pings_per_second * burst_seconds))
        return refuse_and_close(session, RefusalReason::too_fast, "You sign in and out too often.");
    // The latest connection of a key is the true one: an earlier one may be dead without knowing it.
    Session* const earlier = session.key && session.stage == Stage::asking ? publisher(*session.key) : nullptr;
    if (earlier != nullptr)
        refuse_and_close(*earlier, RefusalReason::signed_in_elsewhere,
                         "A node with your key has signed in over another connection.");
    if (auto const no = objection(session, message)) return refuse_and_close(session, no->reason, no->sentence);
    session.stage = Stage::opening;
    publishers_[*session.key] = session.id;
    ++shares_.of(session.remote.address).publishers;
    Publisher const publisher{*session.key,
                              {session.remote.address, message.transfer_port},
                              message.servent,
                              message.push_needed,
                              message.agent};
    host_.tell_replica(replica::SessionOpened{publisher, message.version});
}

void Sessions::on(Session& session, Publish const& message, std::size_t bytes, Instant now) {
    if (session.stage == Stage::asking)
        return refuse_and_close(session, RefusalReason::not_signed_in, "Sign in before you publish.");
    if (session.stage == Stage::opening) return bad(session, "Wait for the server's welcome before you publish.");
    if (auto const problem = change_problem(message.change); !problem.empty())
        return refuse_and_close(session, RefusalReason::bad_entry, problem);
    if (session.waiting.size() >= limits_.changes_waiting_max)
        return refuse_and_close(
            session, RefusalReason::too_fast,
            number(limits_.changes_waiting_max) + " changes of yours wait to be written; have fewer under way.");
    if (bytes_held_ + bytes > limits_.changes_bytes_max)
        return refuse_and_close(session, RefusalReason::busy,
                                "Too many changes wait to be written here; try again, or another server of the group.");
    if (auto const sentence = no_room(session, message.change); !sentence.empty())
        return refuse_and_close(session, RefusalReason::too_many_entries, sentence);
    bytes_held_ += bytes;
    shares_.of(session.remote.address).entries_promised += growth(message.change);
    session.waiting.push_back({message.change, bytes});
    pump(session, now);
}

/// What is promised counts as if all of it were new; a list that begins anew does not count with its old entries.
std::string Sessions::no_room(Session const& session, Change const& change) const {
    if (growth(change) == 0) return {};
    auto const& ledger = host_.ledger();
    auto const is_reset = [](auto const& one) { return one.reset; };
    bool const anew = change.reset || std::any_of(session.under_way.begin(), session.under_way.end(), is_reset) ||
                      std::any_of(session.waiting.begin(), session.waiting.end(),
                                  [](Waiting const& one) { return one.change.reset; });
    auto const dropped = anew ? ledger.of_publisher(*session.key) : 0;
    auto const* const share = shares_.find(session.remote.address);
    auto const added = (share == nullptr ? 0 : share->entries_promised) + growth(change);
    if (ledger.of_address(session.remote.address) - std::min(dropped, ledger.of_address(session.remote.address)) +
            added >
        limits_.address_entries_max)
        return "All nodes of the address " + session.remote.address.text() + " together may list " +
               number(limits_.address_entries_max) + " files, and this change leads to more.";
    if (ledger.total() - std::min(dropped, ledger.total()) + added > limits_.entries_max)
        return "This group lists " + number(limits_.entries_max) + " files at most, and there is no room for more.";
    if (host_.disk_bytes() > limits_.disk_bytes_max)
        return "The catalogue of this server takes " + number(limits_.disk_bytes_max >> 20) +
               " MiB of disk at most, and there is no room for more.";
    return {};
}

void Sessions::pump(Session& session, Instant now) {
    auto& share = shares_.of(session.remote.address);
    auto const address_is_full = [&] { return share.changes_under_way >= limits_.changes_of_address_max; };
    while (!session.waiting.empty() && session.under_way.size() < limits_.changes_under_way_max && !address_is_full() &&
           session.changes.take(now, limits_.changes_per_second, limits_.changes_per_second * burst_seconds)) {
        auto next = std::move(session.waiting.front());
        session.waiting.pop_front();
        session.under_way.push_back({next.change.to, now, next.bytes, growth(next.change), next.change.reset});
        ++share.changes_under_way;
        host_.tell_replica(replica::PublishWanted{*session.key, std::move(next.change)});
    }
    if (!session.waiting.empty() && address_is_full() && !std::exchange(session.stalled, true))
        share.stalled.push_back(session.id);
    set_due(session, now);
}

void Sessions::pump_stalled(AddressPrefix address, Instant now) {
    auto& share = shares_.of(address);
    while (!share.stalled.empty() && share.changes_under_way < limits_.changes_of_address_max) {
        Session* const next = find(share.stalled.front());
        share.stalled.pop_front();
        if (next == nullptr) continue;
        next->stalled = false;
        pump(*next, now);
    }
}

bool Sessions::search_is_too_fast(Session& session, std::uint32_t request, Instant now) {
    if (!session.searches.take(now, limits_.searches_per_second, limits_.searches_per_second * burst_seconds)) {
        std::string const sentence =
            "More than " + number(limits_.searches_per_second) + " searches a second are too many.";
        if (++session.searches_refused >= limits_.searches_refused_max)
            refuse_and_close(session, RefusalReason::too_fast, sentence);
        else
            refuse(session.id, {RefusalReason::too_fast, sentence, request});
        return true;
    }
    session.searches_refused = 0;
    auto const of_address = limits_.searches_of_address_per_second;
    if (shares_.of(session.remote.address).searches.take(now, of_address, of_address * burst_seconds)) return false;
    // It may be another node's doing: the link stays.
    refuse(session.id, {RefusalReason::too_fast,
                        "More than " + number(of_address) + " searches a second of all nodes of the address " +
                            session.remote.address.text() + " are too many.",
                        request});
    return true;
}

void Sessions::on(Session& session, Search const& message, std::size_t, Instant now) {
    if (message.request == 0) return bad(session, "A search must have a number other than 0.");
    if (message.query.words.empty() && !message.query.urn)
        return refuse(session.id, {RefusalReason::search_failed, "Say words or a URN to search for.", message.request});
    if (search_is_too_fast(session, message.request, now)) return;
    if (!host_.search(session.id, session.remote.address, message.request, message.query))
        search_evicted(session.id, message.request);
}

void Sessions::on(Session& session, Ping const& message, std::size_t, Instant now) {
    if (!session.pings.take(now, limits_.pings_per_second, limits_.pings_per_second * burst_seconds))
        return refuse_and_close(session, RefusalReason::too_fast,
                                "More than " + number(limits_.pings_per_second) + " pings a second are too many.");
    host_.send(session.id, Pong{message.nonce, host_.load(), host_.members()});
}

void Sessions::on(Session& session, SignOut const&, std::size_t, Instant) {
    if (session.stage == Stage::asking)
        return refuse_and_close(session, RefusalReason::not_signed_in, "You are not signed in.");
    host_.tell_replica(replica::SessionEnded{*session.key});
    sign_off(session);
}

// ---- to nodes ----

void Sessions::found(SessionId id, std::uint32_t request, Answer answer) {
    if (find(id) != nullptr) host_.send(id, Found{request, std::move(answer)});
}

void Sessions::search_failed(SessionId id, std::uint32_t request, std::string const& sentence) {
    if (find(id) != nullptr) refuse(id, {RefusalReason::search_failed, sentence, request});
}

void Sessions::search_evicted(SessionId id, std::uint32_t request) {
    if (find(id) != nullptr)
        refuse(id, {RefusalReason::busy, "Too many searches wait here; try another server of the group.", request});
}

/// Whatever was under way did not begin at what the replica now says.
void Sessions::drop_changes(Session& session) {
    for (auto const& one : session.waiting) {
        bytes_held_ -= one.bytes;
        shares_.of(session.remote.address).entries_promised -= growth(one.change);
    }
    for (auto const& one : session.under_way) forget_change(session, one);
    session.waiting.clear();
    session.under_way.clear();
}

void Sessions::kept(PublisherId const& id, Version version) {
    Session* const session = publisher(id);
    if (session == nullptr) return;
    for (UnderWay& one : session->under_way)
        if (one.to <= version)
            shares_.of(session->remote.address).entries_promised -= std::exchange(one.growth, 0), one.reset = false;
}

void Sessions::forget_change(Session const& session, UnderWay const& change) {
    auto& share = shares_.of(session.remote.address);
    bytes_held_ -= change.bytes;
    share.entries_promised -= change.growth;
    --share.changes_under_way;
}

void Sessions::on(replica::SessionReady const& ready, Instant now) {
    Session* const session = publisher(ready.publisher);
    if (session == nullptr) return;
    session->stage = Stage::ready;
    drop_changes(*session);
    pump_stalled(session->remote.address, now);
    set_due(*session, now);
    auto const lease_ms = std::chrono::duration_cast<std::chrono::milliseconds>(terms_.lease).count();
    host_.send(session->id, Welcome{protocol_version, terms_.server, ready.record.version, ready.record.digest,
                                    static_cast<std::uint32_t>(std::min<std::int64_t>(lease_ms, UINT32_MAX)),
                                    limits_.publisher_entries_max, host_.members()});
}

void Sessions::on(replica::SessionLost const& lost) {
    if (Session* const session = publisher(lost.publisher))
        refuse_and_close(*session, RefusalReason::signed_in_elsewhere,
                         "A node with your key has signed in to another server of the group.");
}

void Sessions::on(replica::Replicated const& replicated, Instant now) {
    Session* const session = publisher(replicated.publisher);
    if (session == nullptr) return;
    while (!session->under_way.empty() && session->under_way.front().to <= replicated.version) {
        host_.wrote(now - session->under_way.front().since);
        forget_change(*session, session->under_way.front());
        session->under_way.pop_front();
    }
    host_.send(session->id, Published{replicated.version, replicated.digest, replicated.replicas, replicated.members});
    auto const address = session->remote.address;
    pump_stalled(address, now);
    pump(*session, now);
}

void Sessions::on(replica::ChangeRefused const& refused, Instant now) {
    Session* const session = publisher(refused.publisher);
    if (session == nullptr) return;
    if (refused.too_many && session->stage == Stage::opening)
        return refuse_and_close(*session, RefusalReason::too_many_publishers,
                                "This group lists as many publishers as it takes.");
    if (refused.too_many)
        return refuse_and_close(
            *session, RefusalReason::too_many_entries,
            "One node may list " + number(limits_.publisher_entries_max) + " files, and this change leads to more.");
    drop_changes(*session);
    pump_stalled(session->remote.address, now);
    set_due(*session, now);
    host_.send(session->id, Behind{refused.held.version, refused.held.digest});
}

void Sessions::not_kept(PublisherId const& id, std::string const& sentence) {
    if (Session* const session = publisher(id))
        refuse_and_close(
            *session, RefusalReason::busy,
            "This server could not keep your change; sign in to another of its group. " + sentence.substr(0, 300));
}

}  // namespace praline::index::server
