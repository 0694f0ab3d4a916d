#include <algorithm>
#include <utility>

#include "node/overlay/overlay_impl.hpp"

/// Handshakes: who may become a link, and what is agreed on then.
namespace praline::overlay {

void Overlay::Impl::shake_hands(Peer& peer, ByteView bytes) {
    while (peer.stage == Stage::handshaking && !bytes.empty()) {
        auto const used = peer.opening->handshake.feed(bytes);
        if (!used) {
            ++counters.handshakes_refused;
            return end(peer, CloseReason::handshake_bad, to_string(used.error()));
        }
        bytes = bytes.subspan(*used);
        if (!peer.opening->handshake.block_ready()) return;
        Offer const offer = peer.opening->handshake.waiting_offer();
        harvest(offer, peer.info.remote.address);
        bool const last = peer.opening->handshake.last_step();
        Outcome const outcome = peer.opening->handshake.proceed(last ? Situation{} : situation_for(peer, offer));
        peer.opening->words += outcome.reply;
        if (outcome.verdict == Verdict::refused) {
            ++counters.handshakes_refused;
            return end(peer, outcome.reason, outcome.text);
        }
        mark(peer);
        if (outcome.verdict == Verdict::up)
            link_up(peer);
        else if (!last && peer.info.direction == Direction::incoming)
            peer.due += time_after_first_block();
    }
    if (peer.stage == Stage::up && !bytes.empty()) read_messages(peer, bytes);
}

/// What is left of a handshake's time when its first block could have taken all of its own.
Duration Overlay::Impl::time_after_first_block() const {
    return limits.incoming_handshake_within - std::min(limits.first_block_within, limits.incoming_handshake_within);
}

Situation Overlay::Impl::situation_for(Peer const& peer, Offer const& offer) {
    Counts const counts = count();
    Situation situation;
    situation.role = role;
    situation.stopping = stopping;
    // Only a newcomer becomes a leaf: whoever has links already may be the bridge between two parts of the network.
    situation.may_become_leaf = config.mode == Mode::automatic && counts.leaves == 0 && counts.ultrapeers == 0;
    situation.named =
        (peer.dialled() && hosts.is_named(*peer.dialled())) || (offer.listening && hosts.is_named(*offer.listening));
    AddressPrefix const address = peer.info.remote.address;
    situation.leaf_free = counts.leaves < limits.leaves_max || link_to_evict(LinkKind::to_leaf, address);
    situation.ultrapeer_free =
        counts.ultrapeers < limits.ultrapeer_links_max || link_to_evict(LinkKind::to_ultrapeer, address);
    situation.parent_free = counts.ultrapeers < limits.leaf_ultrapeers;
    situation.conflict = conflict_of(peer, offer);
    situation.try_ultrapeers = try_hosts(peer.info.remote, peer.dialled());
    if (offer.crawler) {
        situation.crawler_allowed = crawler_allowed(peer.info.remote);
        for (auto const& one : peers) {
            if (one->stage != Stage::up || one->info.listening_port == 0) continue;
            (one->info.kind == LinkKind::to_leaf ? situation.leaves : situation.peers)
                .emplace_back(*one->info.listening());
        }
    }
    return situation;
}

/// With all places taken: the oldest link of the address that holds most, if that is more than its share and more than
/// the newcomer's address would hold. Null: nobody is to go.
Peer* Overlay::Impl::link_to_evict(LinkKind kind, AddressPrefix newcomer) {
    auto const holds = [&](AddressPrefix address) {
        return static_cast<std::size_t>(std::count_if(peers.begin(), peers.end(), [&](auto const& one) {
            return one->stage == Stage::up && one->info.kind == kind &&
                   AddressPrefix{one->info.remote.address} == address;
        }));
    };
    Peer* evicted = nullptr;
    std::size_t const places = kind == LinkKind::to_leaf ? limits.leaves_max : limits.ultrapeer_links_max;
    std::size_t most = std::max(places / limits.links_share_of_address, holds(newcomer) + 1);
    for (auto const& one : peers) {  // by PeerId: oldest first
        if (one->stage != Stage::up || one->info.kind != kind || one->dialled()) continue;
        if (std::size_t const held = holds(one->info.remote.address); held > most) {
            most = held;
            evicted = one.get();
        }
    }
    return evicted;
}

std::optional<std::string> Overlay::Impl::conflict_of(Peer const& peer, Offer const& offer) {
    if (offer.servent && *offer.servent == config.servent && !config.servent.is_blank()) {
        if (peer.dialled()) hosts.set_own(*peer.dialled());
        return "Already connected to this GUID";
    }
    for (auto const& other : peers) {
        if (other.get() == &peer) continue;
        if (other->stage == Stage::up) {
            if (offer.servent && !offer.servent->is_blank() && other->servent == *offer.servent)
                return "Already connected to this GUID";
            if (!offer.servent && offer.listening && other->info.listening() == offer.listening)
                return "Already connected";
        }
        bool const dialling = other->info.direction == Direction::outgoing &&
                              (other->stage == Stage::connecting || other->stage == Stage::handshaking);
        if (peer.info.direction == Direction::incoming && dialling && offer.listening &&
            other->dialled() == offer.listening) {
            // Both called at the same time: both keep the call of the larger servent GUID.
            if (offer.servent && config.servent > *offer.servent) return "Already connected";
            other->called_off = true;  // its end is no failure of the host
            end(*other, CloseReason::already_connected, {});
        }
    }
    return std::nullopt;
}

std::vector<Endpoint> Overlay::Impl::try_hosts(Endpoint asking, std::optional<Endpoint> dialled) {
    std::vector<Endpoint> list;
    auto const add = [&](Endpoint host) {
        if (list.size() < limits.try_hosts_sent_max && hosts.may_pass_on(host) && host != dialled &&
            std::find(list.begin(), list.end(), host) == list.end()) {
            list.emplace_back(host);
        }
    };
    for (auto const& one : peers)
        if (one->stage == Stage::up && one->info.kind == LinkKind::to_ultrapeer && one->info.listening_port != 0)
            add(*one->info.listening());
    for (Endpoint const& host : hosts.suggest(limits.try_hosts_sent_max, asking, rng)) add(host);
    return list;
}

bool Overlay::Impl::crawler_allowed(Endpoint remote) {
    auto& crawlers = outside().crawlers;
    std::erase_if(crawlers, [&](auto const& one) { return now - one.second >= limits.crawler_again_after; });
    for (auto const& one : crawlers)
        if (one.first == AddressPrefix{remote.address}) return false;
    if (crawlers.size() >= limits.crawlers_remembered_max) crawlers.erase(crawlers.begin());
    crawlers.emplace_back(remote.address, now);
    return true;
}

void Overlay::Impl::harvest(Offer const& offer, AddressPrefix teller) {
    std::size_t left = limits.hosts_per_message_max;
    for (Endpoint const& host : offer.ultrapeers)
        if (left > 0 && left--) hear(host, true, teller);
    for (Endpoint const& host : offer.hosts)
        if (left > 0 && left--) hear(host, false, teller);
}

void Overlay::Impl::link_up(Peer& peer) {
    Agreement const& agreed = peer.opening->handshake.agreement();
    Offer const& offer = agreed.offer;
    Counts const counts = count();
    bool const leaf = agreed.kind == LinkKind::to_leaf;
    if (role == Role::ultrapeer &&
        (leaf ? counts.leaves >= limits.leaves_max : counts.ultrapeers >= limits.ultrapeer_links_max))
        if (Peer* const evicted = link_to_evict(agreed.kind, peer.info.remote.address))
            end(*evicted, CloseReason::no_slot, "Too many links of one address", 503);
    peer.stage = Stage::up;
    peer.servent = offer.servent.value_or(Guid{});
    peer.takes_bye = offer.bye;
    peer.takes_vendor = offer.vendor;
    peer.takes_ggep = offer.ggep;
    LinkInfo& info = peer.info;
    info.kind = agreed.kind;
    info.listening_port = peer.dialled()    ? peer.dialled()->port
                          : offer.listening ? offer.listening->port
                                            : std::uint16_t{0};
    info.user_agent = offer.user_agent.substr(0, limits.agent_text_max);
    info.deflate_in = agreed.deflate_in;
    info.deflate_out = agreed.deflate_out;
    info.max_ttl = std::min(offer.max_ttl, limits.max_ttl);
    info.praline = offer.praline && offer.vendor;
    info.ext_probes = offer.ext_probes;
    info.degree = offer.says_degree ? static_cast<std::uint16_t>(offer.degree) : std::uint16_t{0};
    info.capacity_kbits = offer.capacity_kbits;
    info.since = now;
    bool const between_ultrapeers =
        role == Role::ultrapeer && agreed.kind == LinkKind::to_ultrapeer && !agreed.we_become_leaf;
    info.query_routing =
        between_ultrapeers ? offer.ultrapeer_query_routing && config.query_routing : offer.query_routing;
    peer.link = Link{agreed.deflate_in, agreed.deflate_out};
    if (agreed.we_become_leaf) change_role(Role::leaf, peer.id());
    if (peer.dialled()) {
        hosts.succeeded(*peer.dialled(), agreed.kind == LinkKind::to_ultrapeer, unix_now);
        hosts_changed = true;
    } else if (info.listening_port != 0) {
        hear(*info.listening(), agreed.kind == LinkKind::to_ultrapeer, info.remote.address);
    }
    peer.last_heard = now;
    bool const busy_link = role == Role::ultrapeer && info.kind == LinkKind::to_ultrapeer;
    peer.due = now + (busy_link ? limits.alive_ping_ultrapeer : limits.alive_ping_leaf);
    connect_wanted = deadline_stale = true;
    emit(LinkUp{peer.id()});
    // Some peers send no query before they have heard from us: a message goes first, and vendor messages follow it.
    bool const few_hosts = peer.info.direction == Direction::outgoing && hosts.size() < limits.connecting_max;
    send_ping(peer, Ttl{few_hosts ? limits.max_ttl : std::uint8_t{1}});
    if (peer.takes_vendor) say_what_we_support(peer);
}

}  // namespace praline::overlay
