#include "node/overlay/admission.hpp"

#include <algorithm>
#include <utility>

#include "node/base/fair_places.hpp"
#include "node/wire/vendor.hpp"

namespace praline::overlay {

void Admission::on(Accepted const& event) {
    Limits const& limits = parts_.common.context.limits();
    if (parts_.common.peers.find(event.peer)) return;
    Peer& peer = parts_.common.peers.add(event.peer, Direction::incoming, event.remote);
    peer.due = parts_.common.context.now() + std::min(limits.first_block_within, limits.incoming_handshake_within);
    peer.handshake.reset(
        new PendingHandshake{Handshake{parts_.common.context.settings(), limits, Direction::incoming, event.remote}});
    if (parts_.common.peers.size() > limits.peers_max) {
        ++parts_.common.context.counters().handshakes_refused;
        return parts_.closer.end(peer, CloseReason::no_slot, "too many connections");
    }
    evict_a_handshake();
}

/// Makes room for the handshake that was begun last.
void Admission::evict_a_handshake() {
    Limits const& limits = parts_.common.context.limits();
    if (parts_.common.peers.counts().handshaking <=
        std::min(limits.handshaking_max, limits.handshaking_per_address_max))
        return;
    FairPlaces places{{limits.handshaking_max, limits.handshaking_per_address_max}};
    std::vector<PeerId> evicted;
    for (auto const& one : parts_.common.peers.all()) {  // by PeerId: oldest first
        if (one->stage() != Stage::handshaking || one->info.direction != Direction::incoming) continue;
        if (auto const id = places.admit(one->id().value(), one->info.remote.address))
            evicted.emplace_back(PeerId{static_cast<std::uint32_t>(*id)});
    }
    for (PeerId const id : evicted) {
        Peer& peer = *parts_.common.peers.find(id);
        ++parts_.common.context.counters().handshakes_refused;
        peer.handshake->output.clear();
        parts_.closer.end(peer, CloseReason::no_slot, "too many handshakes at once");
    }
}

void Admission::on(Connected const& event) {
    Peer* const peer = parts_.common.peers.find(event.peer);
    if (!peer || peer->stage() != Stage::connecting) return;
    parts_.common.peers.set_stage(*peer, Stage::handshaking);
    peer->handshake.reset(new PendingHandshake{Handshake{
        parts_.common.context.settings(), parts_.common.context.limits(), Direction::outgoing, peer->info.remote}});
    peer->handshake->output = peer->handshake->handshake.open(parts_.common.context.role());
    parts_.common.context.deadline_changed();
    parts_.common.outbox.schedule_flush(*peer);
}

void Admission::on(ConnectFailed const& event) {
    Peer* const peer = parts_.common.peers.find(event.peer);
    if (!peer || peer->stage() != Stage::connecting) return;
    parts_.closer.closed(*peer, CloseReason::connect_failed);
}

void Admission::on_timeout(Peer& peer) {
    if (peer.handshake) peer.handshake->output.clear();
    parts_.closer.end(peer, CloseReason::handshake_timeout);
}

ByteView Admission::shake_hands(Peer& peer, ByteView bytes) {
    while (peer.stage() == Stage::handshaking && !bytes.empty()) {
        auto const used = peer.handshake->handshake.feed(bytes);
        if (!used) {
            ++parts_.common.context.counters().handshakes_refused;
            parts_.closer.end(peer, CloseReason::handshake_bad, to_string(used.error()));
            return {};
        }
        bytes = bytes.subspan(*used);
        if (!peer.handshake->handshake.block_ready() || !judge_block(peer)) return {};
    }
    return peer.is_up() ? bytes : ByteView{};
}

/// @returns whether the handshake goes on, or has ended well.
bool Admission::judge_block(Peer& peer) {
    Handshake& handshake = peer.handshake->handshake;
    Offer const offer = handshake.waiting_offer();
    parts_.hosts.collect_hosts(offer, peer.info.remote.address);
    bool const last = handshake.last_step();
    Outcome const outcome = handshake.proceed(last ? Situation{} : situation_for(peer, offer));
    peer.handshake->output += outcome.reply;
    if (outcome.verdict == Verdict::refused) {
        ++parts_.common.context.counters().handshakes_refused;
        parts_.closer.end(peer, outcome.reason, outcome.text);
        return false;
    }
    parts_.common.outbox.schedule_flush(peer);
    if (outcome.verdict == Verdict::up)
        link_up(peer);
    else if (!last && peer.info.direction == Direction::incoming)
        peer.due += time_after_first_block();
    return true;
}

/// What is left of a handshake's time when its first block could have taken all of its own.
Duration Admission::time_after_first_block() const {
    Limits const& limits = parts_.common.context.limits();
    return limits.incoming_handshake_within - std::min(limits.first_block_within, limits.incoming_handshake_within);
}

Situation Admission::situation_for(Peer const& peer, Offer const& offer) {
    Limits const& limits = parts_.common.context.limits();
    HostCache const& hosts = parts_.hosts.cache();
    Peers::Counts const counts = parts_.common.peers.counts();  // as they are before a conflict ends a peer
    Situation situation;
    situation.role = parts_.common.context.role();
    situation.stopping = parts_.common.context.stopping();
    // Only a newcomer becomes a leaf: a node that has links already may be the bridge between two parts of the network.
    situation.may_become_leaf = parts_.common.context.settings().mode == Mode::automatic && counts.links() == 0;
    situation.named =
        (peer.dialled() && hosts.is_named(*peer.dialled())) || (offer.listening && hosts.is_named(*offer.listening));
    AddressPrefix const address = peer.info.remote.address;
    situation.leaf_free = counts.leaves < limits.leaves_max || link_to_evict(LinkKind::to_leaf, address);
    situation.ultrapeer_free =
        counts.ultrapeers < limits.ultrapeer_links_max || link_to_evict(LinkKind::to_ultrapeer, address);
    situation.parent_free = counts.ultrapeers < limits.leaf_ultrapeers;
    situation.conflict = conflict_of(peer, offer);
    situation.try_ultrapeers = parts_.hosts.hosts_to_try(peer.info.remote, peer.dialled());
    if (offer.crawler) describe_links(peer, situation);
    return situation;
}

/// For a crawler.
void Admission::describe_links(Peer const& peer, Situation& situation) {
    Limits const& limits = parts_.common.context.limits();
    situation.crawler_allowed =
        parts_.crawlers.get().admit(peer.info.remote.address, parts_.common.context.now(), limits.crawler_again_after,
                                    limits.crawlers_remembered_max, RecentAddresses::WhenFull::evict_oldest);
    for (auto const& one : parts_.common.peers.all()) {
        if (!one->is_up() || one->info.listening_port == 0) continue;
        auto& list = one->info.kind == LinkKind::to_leaf ? situation.leaves : situation.peers;
        list.emplace_back(*one->info.listening());
    }
}

/// With all places taken: the oldest link of the address that holds most, if that is more than its share and more than
/// the newcomer's address would hold. Null: none is evicted.
Peer* Admission::link_to_evict(LinkKind kind, AddressPrefix newcomer) {
    Limits const& limits = parts_.common.context.limits();
    auto const is_of_kind = [&](Peer const& one) { return one.is_up() && one.info.kind == kind; };
    std::vector<AddressPrefix> held;  // one for each link
    for (auto const& one : parts_.common.peers.all())
        if (is_of_kind(*one)) held.emplace_back(one->info.remote.address);
    std::sort(held.begin(), held.end());
    auto const links_of = [&](AddressPrefix address) {
        auto const [first, last] = std::equal_range(held.begin(), held.end(), address);
        return static_cast<std::size_t>(last - first);
    };
    Peer* evicted = nullptr;
    std::size_t const places = kind == LinkKind::to_leaf ? limits.leaves_max : limits.ultrapeer_links_max;
    std::size_t most = std::max(places / limits.links_share_of_address, links_of(newcomer) + 1);
    for (auto const& one : parts_.common.peers.all()) {  // by PeerId: oldest first
        if (!is_of_kind(*one) || one->dialled()) continue;
        if (std::size_t const links = links_of(one->info.remote.address); links > most) {
            most = links;
            evicted = one.get();
        }
    }
    return evicted;
}

/// Whether the peer of a handshake is linked here already, by the word of its servent GUID or else its address.
bool Admission::is_linked(Peer const& other, Offer const& offer, std::string& conflict) const {
    if (!other.is_up()) return false;
    if (offer.servent && !offer.servent->is_blank() && other.servent == *offer.servent) {
        conflict = "Already connected to this GUID";
        return true;
    }
    if (!offer.servent && offer.listening && other.info.listening() == offer.listening) {
        conflict = "Already connected";
        return true;
    }
    return false;
}

std::optional<std::string> Admission::conflict_of(Peer const& peer, Offer const& offer) {
    Guid const& own = parts_.common.context.settings().servent;
    if (offer.servent && *offer.servent == own && !own.is_blank()) {
        if (peer.dialled()) parts_.hosts.cache().set_own(*peer.dialled());
        return "Already connected to this GUID";
    }
    for (auto const& other : parts_.common.peers.all()) {
        if (other.get() == &peer) continue;
        if (std::string conflict; is_linked(*other, offer, conflict)) return conflict;
        bool const dialling = other->info.direction == Direction::outgoing &&
                              (other->stage() == Stage::connecting || other->stage() == Stage::handshaking);
        if (peer.info.direction == Direction::incoming && dialling && offer.listening &&
            other->dialled() == offer.listening) {
            // Both called at the same time: both keep the call of the larger servent GUID.
            if (offer.servent && own > *offer.servent) return "Already connected";
            other->called_off = true;  // its end is no failure of the host
            parts_.closer.end(*other, CloseReason::already_connected);
        }
    }
    return std::nullopt;
}

void Admission::make_room(LinkKind kind, Peer const& newcomer) {
    Limits const& limits = parts_.common.context.limits();
    if (parts_.common.context.role() != Role::ultrapeer) return;
    Peers::Counts const& counts = parts_.common.peers.counts();
    bool const full = kind == LinkKind::to_leaf ? counts.leaves >= limits.leaves_max
                                                : counts.ultrapeers >= limits.ultrapeer_links_max;
    if (!full) return;
    if (Peer* const evicted = link_to_evict(kind, newcomer.info.remote.address))
        parts_.closer.end(*evicted, CloseReason::no_slot, "Too many links of one address", 503);
}

void Admission::take_over_agreement(Peer& peer, Agreement const& agreed) {
    Limits const& limits = parts_.common.context.limits();
    Offer const& offer = agreed.offer;
    parts_.common.peers.set_up(peer, agreed.kind);
    peer.servent = offer.servent.value_or(Guid{});
    peer.takes_bye = offer.bye;
    peer.takes_vendor = offer.vendor;
    peer.takes_ggep = offer.ggep;
    LinkInfo& info = peer.info;
    auto const dialled = peer.dialled();
    info.listening_port = dialled ? dialled->port : offer.listening ? offer.listening->port : std::uint16_t{0};
    info.user_agent = offer.user_agent.substr(0, limits.agent_text_max);
    info.deflate_in = agreed.deflate_in;
    info.deflate_out = agreed.deflate_out;
    info.max_ttl = std::min(offer.max_ttl, limits.max_ttl);
    info.praline = offer.praline && offer.vendor;
    info.ext_probes = offer.ext_probes;
    info.degree = offer.says_degree ? static_cast<std::uint16_t>(offer.degree) : std::uint16_t{0};
    info.capacity_kbits = offer.capacity_kbits;
    info.since = parts_.common.context.now();
    bool const between_ultrapeers = parts_.common.context.role() == Role::ultrapeer &&
                                    agreed.kind == LinkKind::to_ultrapeer && !agreed.we_become_leaf;
    info.query_routing = between_ultrapeers
                             ? offer.ultrapeer_query_routing && parts_.common.context.settings().query_routing
                             : offer.query_routing;
    peer.link = Link{agreed.deflate_in, agreed.deflate_out};
}

void Admission::link_up(Peer& peer) {
    Limits const& limits = parts_.common.context.limits();
    Agreement const& agreed = peer.handshake->handshake.agreement();
    make_room(agreed.kind, peer);
    take_over_agreement(peer, agreed);
    if (agreed.we_become_leaf) parts_.role.change(Role::leaf, peer.id(), parts_.closer);
    parts_.hosts.succeeded(peer);
    peer.last_heard = parts_.common.context.now();
    bool const between_ultrapeers =
        parts_.common.context.role() == Role::ultrapeer && peer.info.kind == LinkKind::to_ultrapeer;
    peer.due =
        parts_.common.context.now() + (between_ultrapeers ? limits.alive_ping_ultrapeer : limits.alive_ping_leaf);
    parts_.common.context.links_changed();
    parts_.common.context.emit(LinkUp{peer.id()});
    greet(peer);
}

/// Some peers send no query before they have received something: a message goes first, and vendor messages follow it.
void Admission::greet(Peer& peer) {
    Limits const& limits = parts_.common.context.limits();
    bool const few_hosts =
        peer.info.direction == Direction::outgoing && parts_.hosts.cache().size() < limits.connecting_max;
    parts_.pinger.send_ping(peer, Ttl{few_hosts ? limits.max_ttl : std::uint8_t{1}});
    if (!peer.takes_vendor) return;
    wire::MessagesSupported messages;
    messages.messages = {{"BEAR", 4, 1}, {"LIME", 21, 1}, {"LIME", 22, 2}};
    auto const send = [&](wire::Vendor const& message) {
        parts_.common.outbox.send(peer, Guid::random(parts_.common.context.rng()), wire::Function::vendor, Ttl{1},
                                  Hops{0}, message);
    };
    send(wire::to_vendor(messages));
    wire::FeaturesSupported features;
    bool const reachable = parts_.common.context.settings().listen.port != 0;
    features.features.emplace_back(
        wire::FeaturesSupported::Feature{"TCPI", static_cast<std::uint16_t>(reachable ? 1 : 0)});
    send(wire::to_vendor(features));
}

}  // namespace praline::overlay
