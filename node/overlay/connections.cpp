#include <algorithm>
#include <utility>

#include "node/overlay/overlay_impl.hpp"

/// Sockets and handshakes: who is connected, and in which role.
namespace praline::overlay {

Overlay::Impl::Counts Overlay::Impl::count() const {
    Counts counts;
    for (auto const& peer : peers) {
        if (peer->stage == Stage::up) {
            ++(peer->info.kind == LinkKind::to_leaf ? counts.leaves : counts.ultrapeers);
        } else if (peer->stage == Stage::connecting || peer->stage == Stage::handshaking) {
            ++(peer->direction == Direction::outgoing ? counts.dialling : counts.handshaking);
        }
    }
    return counts;
}

Peer& Overlay::Impl::add_peer(PeerId id, Direction direction, Endpoint remote) {
    auto peer = std::make_unique<Peer>();
    peer->id = peer->info.peer = id;
    peer->direction = peer->info.direction = direction;
    peer->remote = peer->info.remote = remote;
    peer->last_heard = now;
    next_peer = std::max(next_peer, id.value() + 1);
    auto const at = std::lower_bound(peers.begin(), peers.end(), id, [](auto const& one, PeerId key) { return one->id < key; });
    deadline_stale = true;
    return **peers.insert(at, std::move(peer));
}

std::vector<Endpoint> Overlay::Impl::busy() const {
    std::vector<Endpoint> list;
    for (auto const& peer : peers) {
        if (peer->stage == Stage::gone) continue;
        if (peer->dialled) list.emplace_back(*peer->dialled);
        if (peer->info.listening) list.emplace_back(*peer->info.listening);
    }
    return list;
}

bool Overlay::Impl::wants_ultrapeers(Counts const& counts) const {
    std::size_t const wanted = role == Role::leaf ? config.limits.leaf_ultrapeers : config.limits.ultrapeer_links_wanted;
    return counts.ultrapeers + counts.dialling < wanted;
}

void Overlay::Impl::connect_more() {
    if (!started || stopping) return;
    Counts counts = count();
    std::vector<Endpoint> taken = busy();
    while (counts.dialling < config.limits.connecting_max && peers.size() < config.limits.peers_max) {
        auto next = hosts.next_named(now, taken);
        if (!next && wants_ultrapeers(counts)) next = hosts.next(now, taken);
        if (!next) break;
        Peer& peer = add_peer(PeerId{next_peer}, Direction::outgoing, *next);
        peer.dialled = next;
        peer.deadline = now + config.limits.outgoing_handshake_within;
        taken.emplace_back(*next);
        ++counts.dialling;
        emit(Connect{peer.id, *next});
    }
    bool const alone = counts.ultrapeers + counts.leaves + counts.dialling == 0;
    if (alone && now >= hosts_needed_at) {
        hosts_needed_at = now + config.limits.need_hosts_every;
        emit(NeedHosts{});
    }
}

void Overlay::Impl::on(Accepted const& event) {
    if (find(event.peer)) return;
    Peer& peer = add_peer(event.peer, Direction::incoming, event.remote);
    peer.stage = Stage::handshaking;
    peer.deadline = now + config.limits.incoming_handshake_within;
    peer.handshake = std::make_unique<Handshake>(config, Direction::incoming, event.remote);
    if (count().handshaking > config.limits.handshaking_max || peers.size() > config.limits.peers_max) {
        ++counters.handshakes_refused;
        end(peer, CloseReason::no_slot, "too many connections");
    }
}

void Overlay::Impl::on(Connected const& event) {
    Peer* const peer = find(event.peer);
    if (!peer || peer->stage != Stage::connecting) return;
    peer->stage = Stage::handshaking;
    peer->handshake = std::make_unique<Handshake>(config, Direction::outgoing, peer->remote);
    peer->raw_out = peer->handshake->open(role);
    deadline_stale = true;
    mark(*peer);
}

void Overlay::Impl::on(ConnectFailed const& event) {
    Peer* const peer = find(event.peer);
    if (!peer || peer->stage != Stage::connecting) return;
    note_failure(*peer, CloseReason::connect_failed);
    peer->stage = Stage::gone;
    someone_gone = connect_wanted = deadline_stale = true;
}

void Overlay::Impl::on(Closed const& event) {
    Peer* const peer = find(event.peer);
    if (!peer) return;
    CloseReason const reason = event.error ? CloseReason::socket_error : CloseReason::remote_closed;
    if (peer->stage == Stage::up) emit(LinkDown{peer->id, reason, {}});
    if (peer->stage != Stage::closing) note_failure(*peer, reason);
    if (peer->stage == Stage::up) pongs.forget(peer->id);
    peer->stage = Stage::gone;
    someone_gone = connect_wanted = deadline_stale = true;
}

void Overlay::Impl::on(Received const& event) {
    Peer* const peer = find(event.peer);
    if (!peer) return;
    if (peer->stage == Stage::handshaking) shake_hands(*peer, event.bytes);
    else if (peer->stage == Stage::up) read_messages(*peer, event.bytes);
}

void Overlay::Impl::on(Drained const& event) {
    Peer* const peer = find(event.peer);
    if (!peer) return;
    peer->in_flight = false;
    mark(*peer);
}

void Overlay::Impl::shake_hands(Peer& peer, ByteView bytes) {
    while (peer.stage == Stage::handshaking && !bytes.empty()) {
        auto const used = peer.handshake->feed(bytes);
        if (!used) {
            ++counters.handshakes_refused;
            return end(peer, CloseReason::handshake_bad, to_string(used.error()));
        }
        bytes = bytes.subspan(*used);
        if (!peer.handshake->block_ready()) return;
        Offer const offer = peer.handshake->waiting_offer();
        harvest(offer);
        bool const last = peer.handshake->last_step();
        Outcome const outcome = peer.handshake->proceed(last ? Situation{} : situation_for(peer, offer));
        peer.raw_out += outcome.reply;
        if (outcome.verdict == Verdict::refused) {
            ++counters.handshakes_refused;
            return end(peer, outcome.reason, outcome.text);
        }
        mark(peer);
        if (outcome.verdict == Verdict::up) link_up(peer);
    }
    if (peer.stage == Stage::up && !bytes.empty()) read_messages(peer, bytes);
}

Situation Overlay::Impl::situation_for(Peer const& peer, Offer const& offer) {
    Counts const counts = count();
    Situation situation;
    situation.role = role;
    situation.stopping = stopping;
    // Only a newcomer becomes a leaf: whoever has links already may be the bridge between two parts of the network.
    situation.may_become_leaf = config.mode == Mode::automatic && counts.leaves == 0 && counts.ultrapeers == 0;
    situation.named = (peer.dialled && hosts.is_named(*peer.dialled)) || (offer.listening && hosts.is_named(*offer.listening));
    situation.leaf_free = counts.leaves < config.limits.leaves_max;
    situation.ultrapeer_free = counts.ultrapeers < config.limits.ultrapeer_links_max;
    situation.parent_free = counts.ultrapeers < config.limits.leaf_ultrapeers;
    situation.conflict = conflict_of(peer, offer);
    situation.try_ultrapeers = try_hosts(peer);
    if (offer.crawler) {
        situation.crawler_allowed = crawler_allowed(peer.remote);
        for (auto const& one : peers) {
            if (one->stage != Stage::up || !one->info.listening) continue;
            (one->info.kind == LinkKind::to_leaf ? situation.leaves : situation.peers).emplace_back(*one->info.listening);
        }
    }
    return situation;
}

std::optional<std::string> Overlay::Impl::conflict_of(Peer const& peer, Offer const& offer) {
    if (offer.servent && *offer.servent == config.servent && !config.servent.is_blank()) {
        if (peer.dialled) hosts.set_own(*peer.dialled);
        return "Already connected to this GUID";
    }
    for (auto const& other : peers) {
        if (other.get() == &peer) continue;
        if (other->stage == Stage::up) {
            if (offer.servent && other->servent == offer.servent) return "Already connected to this GUID";
            if (!offer.servent && offer.listening && other->info.listening == offer.listening) return "Already connected";
        }
        bool const dialling = other->direction == Direction::outgoing && (other->stage == Stage::connecting || other->stage == Stage::handshaking);
        if (peer.direction == Direction::incoming && dialling && offer.listening && other->dialled == offer.listening) {
            // Both called at the same time: both keep the call of the larger servent GUID.
            if (offer.servent && config.servent > *offer.servent) return "Already connected";
            other->dialled.reset();  // its end is no failure of the host
            end(*other, CloseReason::already_connected, {});
        }
    }
    return std::nullopt;
}

std::vector<Endpoint> Overlay::Impl::try_hosts(Peer const& peer) {
    std::vector<Endpoint> list;
    auto const add = [&](Endpoint host) {
        if (list.size() < config.limits.try_hosts_sent_max && hosts.may_pass_on(host) && host != peer.dialled &&
            std::find(list.begin(), list.end(), host) == list.end()) {
            list.emplace_back(host);
        }
    };
    for (auto const& one : peers)
        if (one->stage == Stage::up && one->info.kind == LinkKind::to_ultrapeer && one->info.listening) add(*one->info.listening);
    for (Endpoint const& host : hosts.suggest(config.limits.try_hosts_sent_max, peer.remote, rng)) add(host);
    return list;
}

bool Overlay::Impl::crawler_allowed(Endpoint remote) {
    std::erase_if(crawlers, [&](auto const& one) { return now - one.second >= config.limits.crawler_again_after; });
    for (auto const& one : crawlers)
        if (one.first == remote.address) return false;
    if (crawlers.size() >= config.limits.crawlers_remembered_max) crawlers.erase(crawlers.begin());
    crawlers.emplace_back(remote.address, now);
    return true;
}

void Overlay::Impl::harvest(Offer const& offer) {
    std::size_t left = config.limits.hosts_per_message_max;
    for (Endpoint const& host : offer.ultrapeers)
        if (left > 0 && left--) hear(host, true);
    for (Endpoint const& host : offer.hosts)
        if (left > 0 && left--) hear(host, false);
}

void Overlay::Impl::link_up(Peer& peer) {
    Agreement const& agreed = peer.handshake->agreement();
    Offer const& offer = agreed.offer;
    peer.stage = Stage::up;
    peer.servent = offer.servent;
    peer.takes_bye = offer.bye;
    peer.takes_vendor = offer.vendor;
    peer.takes_ggep = offer.ggep;
    peer.ext_probes = offer.ext_probes;
    LinkInfo& info = peer.info;
    info.kind = agreed.kind;
    info.listening = peer.dialled ? peer.dialled : offer.listening;
    info.user_agent = offer.user_agent.substr(0, config.limits.agent_text_max);
    info.deflate_in = agreed.deflate_in;
    info.deflate_out = agreed.deflate_out;
    info.max_ttl = std::min(offer.max_ttl, config.limits.max_ttl);
    info.since = now;
    bool const between_ultrapeers = role == Role::ultrapeer && agreed.kind == LinkKind::to_ultrapeer && !agreed.we_become_leaf;
    info.query_routing = between_ultrapeers ? offer.ultrapeer_query_routing : offer.query_routing;
    peer.link = std::make_unique<Link>(config.limits, agreed.deflate_in, agreed.deflate_out);
    if (agreed.we_become_leaf) change_role(Role::leaf, peer.id);
    if (peer.dialled) {
        hosts.succeeded(*peer.dialled, agreed.kind == LinkKind::to_ultrapeer, unix_now);
        hosts_changed = true;
    } else if (info.listening) {
        hear(*info.listening, agreed.kind == LinkKind::to_ultrapeer);
    }
    peer.handshake.reset();
    peer.last_heard = now;
    bool const busy_link = role == Role::ultrapeer && info.kind == LinkKind::to_ultrapeer;
    peer.alive_at = now + (busy_link ? config.limits.alive_ping_ultrapeer : config.limits.alive_ping_leaf);
    connect_wanted = deadline_stale = true;
    emit(LinkUp{peer.id});
    // Some peers send no query before they have heard from us: a message goes first, and vendor messages follow it.
    bool const few_hosts = peer.direction == Direction::outgoing && hosts.size() < config.limits.connecting_max;
    send_ping(peer, Ttl{few_hosts ? config.limits.max_ttl : std::uint8_t{1}});
    if (peer.takes_vendor) say_what_we_support(peer);
}

void Overlay::Impl::change_role(Role to, PeerId keep) {
    if (role == to) return;
    role = to;
    lonely_since = now;
    // The role is fixed for the life of a link, so all others are made anew.
    for (auto const& peer : peers) {
        if (peer->id == keep || peer->stage == Stage::gone || peer->stage == Stage::closing) continue;
        end(*peer, CloseReason::mode_changed, {}, 203);
    }
    emit(RoleChanged{to});
    deadline_stale = connect_wanted = true;
}

void Overlay::Impl::note_failure(Peer const& peer, CloseReason reason) {
    if (!peer.dialled || reason == CloseReason::mode_changed || reason == CloseReason::shutdown) return;
    hosts.failed(*peer.dialled, now);
    hosts_changed = true;
}

void Overlay::Impl::end(Peer& peer, CloseReason reason, std::string text, std::uint16_t bye_code) {
    if (peer.stage == Stage::closing || peer.stage == Stage::gone) return;
    bool const was_up = peer.stage == Stage::up;
    bool const says_bye = was_up && bye_code != 0 && peer.takes_bye;
    note_failure(peer, reason);
    if (was_up) pongs.forget(peer.id);
    peer.closing = reason;
    deadline_stale = connect_wanted = true;
    if (says_bye) {
        peer.link->queue().clear();
        send(peer, Guid::random(rng), wire::Function::bye, Ttl{1}, Hops{0}, wire::Bye{bye_code, text.empty() ? to_string(reason) : text});
    }
    bool const has_words = says_bye || (!peer.raw_out.empty() && peer.stage == Stage::handshaking);
    peer.stage = Stage::closing;
    if (was_up) emit(LinkDown{peer.id, reason, std::move(text)});
    if (!has_words) return close_now(peer, false);
    peer.deadline = now + config.limits.bye_within;
    mark(peer);
}

void Overlay::Impl::close_now(Peer& peer, bool after_sending) {
    emit(Close{peer.id, peer.closing, after_sending});
    peer.stage = Stage::gone;
    someone_gone = connect_wanted = deadline_stale = true;
}

void Overlay::Impl::mark(Peer& peer) {
    if (peer.dirty) return;
    peer.dirty = true;
    dirty.emplace_back(peer.id);
}

void Overlay::Impl::flush(Peer& peer) {
    if (peer.in_flight || peer.stage == Stage::connecting) return;
    Bytes bytes;
    if (!peer.raw_out.empty()) {
        ByteView const text = as_view(peer.raw_out);
        bytes.assign(text.begin(), text.end());
        peer.raw_out = {};
    }
    if (peer.link && !peer.link->queue().empty()) {
        Bytes const messages = peer.link->next_transmit(peer.info.messages_out);
        bytes.insert(bytes.end(), messages.begin(), messages.end());
    }
    if (peer.link) peer.info.queued_bytes = static_cast<std::uint32_t>(peer.link->queue().bytes());
    bool const closing = peer.stage == Stage::closing;
    bool const anything = !bytes.empty();
    if (anything) {
        peer.in_flight = true;
        peer.transmit_at = now;
        peer.info.bytes_out += bytes.size();
        emit(Transmit{peer.id, std::move(bytes)});
    }
    if (closing) close_now(peer, anything);
}

void Overlay::Impl::on(Tick const&) {
    // Ending one peer never adds another, so the list may be walked by position.
    for (std::size_t i = 0; i < peers.size(); ++i) check_time(*peers[i]);
    check_role();
    discover();
    if (hosts_changed && now >= hosts_told_at) {
        hosts_changed = false;
        hosts_told_at = now + config.limits.hosts_changed_every;
        emit(HostsChanged{});
    }
    connect_wanted = deadline_stale = true;
}

void Overlay::Impl::check_time(Peer& peer) {
    if (peer.stage == Stage::connecting || peer.stage == Stage::handshaking) {
        if (now >= peer.deadline) {
            peer.raw_out.clear();
            end(peer, CloseReason::handshake_timeout, {});
        }
    } else if (peer.stage == Stage::closing) {
        if (now >= peer.deadline) close_now(peer, false);
    } else if (peer.stage == Stage::up && now >= peer.alive_at) {
        bool const busy_link = role == Role::ultrapeer && peer.info.kind == LinkKind::to_ultrapeer;
        auto const period = busy_link ? config.limits.alive_ping_ultrapeer : config.limits.alive_ping_leaf;
        auto const patience = busy_link ? config.limits.alive_pings_ultrapeer : config.limits.alive_pings_leaf;
        if (peer.in_flight && now - peer.transmit_at >= config.limits.stuck_within) {
            end(peer, CloseReason::idle, "nothing can be sent");
        } else if (now - peer.last_heard < period) {
            peer.alive_unanswered = 0;
            peer.alive_at = peer.last_heard + period;
        } else if (peer.alive_unanswered >= patience) {
            end(peer, CloseReason::idle, "No reply to alive pings", 406);
        } else {
            ++peer.alive_unanswered;
            peer.alive_at = now + period;
            send_ping(peer, Ttl{1});
        }
    }
}

void Overlay::Impl::check_role() {
    if (config.mode != Mode::automatic || role != Role::leaf || config.listen.port == 0 || stopping) return;
    if (count().ultrapeers > 0) lonely_since = now;
    else if (now - lonely_since >= config.limits.lonely_leaf_after) change_role(Role::ultrapeer, PeerId{0});
}

void Overlay::Impl::plan_deadline() {
    deadline.reset();
    if (!started) return;
    auto const consider = [this](Instant at) {
        if (!deadline || at < *deadline) deadline = at;
    };
    Counts const counts = count();
    for (auto const& peer : peers) consider(peer->stage == Stage::up ? peer->alive_at : peer->deadline);
    if (stopping) return;
    if (counts.dialling < config.limits.connecting_max && peers.size() < config.limits.peers_max)
        if (auto const due = hosts.next_due(busy(), wants_ultrapeers(counts))) consider(*due);
    if (counts.ultrapeers + counts.leaves + counts.dialling == 0) consider(hosts_needed_at);
    if (hosts_changed) consider(hosts_told_at);
    if (counts.ultrapeers > 0) consider(discover_at);
    bool const may_be_lonely = config.mode == Mode::automatic && role == Role::leaf && config.listen.port != 0;
    if (may_be_lonely) consider(lonely_since + config.limits.lonely_leaf_after);
    // Never in the past: a host that ticks at once would spin.
    if (deadline) deadline = std::max(*deadline, now + std::chrono::milliseconds{1});
}

}  // namespace praline::overlay
