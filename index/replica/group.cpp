#include "index/replica/group.hpp"

#include <algorithm>
#include <variant>

#include "index/replica/greeting.hpp"
#include "index/replica/limits.hpp"

namespace praline::index::replica {

void Group::start(Started const& event) {
    join_ = event.join;
    join_at_ = heartbeat_at_ = alone_since_ = ctx_.now();
    for (Member const& member : event.members)
        if (member.id != ctx_.self().id) add_member(member);
    joining_ = join_ || !peers().empty();
    members_changed_ = true;
}

void Group::dial_all() {
    for (auto& [id, peer] : routes_.peers()) dial(peer, true);
}

std::vector<ServerId> Group::live() const {
    std::vector<ServerId> result;
    for (auto const& [id, peer] : peers())
        if (!peer.suspected && Routes::reachable(peer)) result.push_back(id);
    return result;
}

bool Group::all_suspected() const {
    return std::all_of(peers().begin(), peers().end(), [](auto const& peer) { return peer.second.suspected; });
}

Members Group::members() const {
    Members list;
    list.members.push_back(ctx_.self());
    for (auto const& [id, peer] : peers()) list.members.push_back(peer.member);
    return list;
}

void Group::link_up(LinkUp const& event) {
    if (!routes_.open(event)) return;
    routes_.send_over(event.link, ServerId{},
                      Hello{server_protocol_version, ctx_.self(), joining_, times_of(ctx_.options())});
}

Group::Arrival Group::arrived(LinkId link, Envelope const& envelope, ServerMessage const& message) {
    auto const refuse = [this] {
        ctx_.refuse();
        return Arrival::handled;
    };
    PeerLink* const found = routes_.link(link);
    if (found == nullptr) return refuse();
    found->last_heard = ctx_.now();
    if (std::holds_alternative<Hello>(message)) return Arrival::hello;
    if (!found->peer) {
        routes_.close(link, "a server said something before it said who it is");
        return Arrival::handled;
    }
    if (envelope.to != ctx_.self().id) {
        if (envelope.from != *found->peer) return refuse();
        routes_.relay(envelope, message);
        return Arrival::handled;
    }
    // What the other side of a link says itself comes as its own, all else as passed on.
    if (envelope.from == ctx_.self().id || envelope.relayed == (envelope.from == *found->peer)) return refuse();
    Peer const* const peer = find(envelope.from);
    if (peer == nullptr || (peer->proven && envelope.incarnation < peer->member.incarnation)) return refuse();
    if (peer->proven && envelope.incarnation == peer->member.incarnation) return Arrival::message;
    // Over its own link its Hello has named it.
    return envelope.relayed ? Arrival::new_incarnation : refuse();
}

void Group::learn_route(LinkId link, Envelope const& envelope) {
    Peer* const peer = routes_.find(envelope.from);
    PeerLink const* const over = routes_.link(link);
    if (peer != nullptr && over != nullptr && envelope.relayed && !peer->link && !peer->relay) peer->relay = over->peer;
}

/// Why a server of our own times and protocol may not say this over that link. Empty: it may.
std::string Group::fault_of(PeerLink const& link, Envelope const& envelope, Hello const& hello) const {
    ServerId const id = hello.self.id;
    if (envelope.relayed || envelope.from != id || envelope.incarnation != hello.self.incarnation)
        return "a server introduced another one";
    if (link.peer && *link.peer != id) return "a server changed its id";
    // A server that was started again ends its old link: were that the one we read from, it would go while it is in use.
    Peer const* const known = find(id);
    if (link.peer && known != nullptr && hello.self.incarnation != known->member.incarnation)
        return "a server began anew on the link that it had";
    auto const departed = departed_.find(id);
    if (departed != departed_.end() && departed->second.second && hello.self.incarnation <= departed->second.first)
        return "that server has left the group";
    if (known != nullptr && known->proven && hello.self.incarnation < known->member.incarnation)
        return "that server has been started again since";
    return {};
}

std::optional<Group::Introduction> Group::introduce(LinkId link, Envelope const& envelope, Hello const& hello) {
    ServerId const id = hello.self.id;
    std::string why = objection(hello, times_of(ctx_.options()));
    if (why.empty() && (id == ctx_.self().id || id == ServerId{}))
        why = "the other server has our own id or none: each needs a data directory of its own";
    if (!why.empty()) {
        routes_.turn_away(link, std::move(why));
        return std::nullopt;
    }
    why = fault_of(*routes_.link(link), envelope, hello);
    bool const met_before = find(id) != nullptr;
    Peer const* const peer = why.empty() ? add_member(hello.self) : nullptr;
    if (peer == nullptr) {
        routes_.close(link, why.empty() ? "the group is full" : std::move(why));
        return std::nullopt;
    }
    bool const anew = !peer->proven || hello.self.incarnation > peer->member.incarnation ||
                      hello.self.endpoint != peer->member.endpoint;
    return Introduction{met_before, anew};
}

void Group::reappeared(Member const& member) {
    departed_.erase(member.id);
    lost_.found(member);
}

bool Group::bind(LinkId link, Hello const& hello, Introduction const& known) {
    ServerId const id = hello.self.id;
    Peer& peer = *routes_.find(id);
    PeerLink& bound = *routes_.link(link);
    peer.joining = hello.joining;
    bool const fresh = !bound.peer;
    bound.peer = id;
    // Only the one we join through, or one that was, is dialled without being a member, or while there is a link.
    if (join_ && fresh && bound.outgoing && (!known.met_before || peer.link || hello.self.endpoint == *join_)) {
        sponsor_ = id;
        join_.reset();
    }
    if (fresh && !routes_.keep_link(link, bound, peer)) return false;
    if (hello.joining) send(id, members());
    return fresh;
}

Group::Beginning Group::begin_incarnation(Member const& member) {
    Peer& peer = *routes_.find(member.id);
    Beginning const beginning{!peer.proven, peer.member.incarnation != member.incarnation};
    peer.member = member;
    peer.proven = true;
    if (beginning.restarted) {
        if (peer.link) routes_.close(*peer.link, "that server has been started again");
        peer.writes.forget();
        peer.acks_missing = 0;
    }
    members_changed_ = true;
    return beginning;
}

Peer* Group::add_member(Member const& member) {
    if (Peer* const known = routes_.find(member.id)) return known;
    if (peers().size() + 1 >= members_max || member.id == ctx_.self().id || member.id == ServerId{}) return nullptr;
    Peer& peer = routes_.add(member);
    peer.dial_at = ctx_.now() + (ctx_.self().id < member.id ? Duration{} : 4 * ctx_.options().reconnect_every);
    members_changed_ = true;
    return &peer;
}

void Group::got(Envelope const&, Members const& message) {
    std::size_t looked_at = 0;
    for (Member const& member : message.members) {
        if (++looked_at > members_max) break;
        if (member.id == ctx_.self().id || member.endpoint.is_unusable()) continue;
        auto const departed = departed_.find(member.id);
        if (departed != departed_.end() && member.incarnation <= departed->second.first) continue;
        learn_member(member);
    }
}

/// Another server says that there is this one.
void Group::learn_member(Member const& member) {
    Peer* const known = routes_.find(member.id);
    if (known == nullptr) {
        Peer* const peer = add_member(member);
        // A newcomer is the one that knows which servers it has not met; the others may learn of it later.
        if (peer != nullptr && (joining_ || ctx_.self().id < member.id)) dial(*peer, true);
    } else if (!known->link && member.incarnation > known->member.incarnation &&
               known->member.endpoint != member.endpoint) {
        known->member.endpoint = member.endpoint;  // started again elsewhere; its incarnation it must say itself
        members_changed_ = true;
    }
}

bool Group::got(Envelope const& from, Heartbeat const& message) {
    Peer& peer = routes_.peers().at(from.from);
    peer.member.load = message.load;
    // What is still missing after a whole heartbeat was lost on the way.
    return peer.writes.heartbeat(message.writes);
}

bool Group::heard(ServerId id) {
    Peer& peer = *routes_.find(id);
    peer.last_heard = ctx_.now();
    return std::exchange(peer.suspected, false);
}

std::optional<ServerId> Group::next_suspect() {
    for (auto& [id, peer] : routes_.peers()) {
        if (peer.suspected || ctx_.now() - *peer.last_heard < ctx_.suspect_after()) continue;
        peer.suspected = true;
        return id;
    }
    if (!all_suspected()) alone_since_ = ctx_.now();
    return std::nullopt;
}

void Group::send_heartbeat(std::uint64_t writes) {
    heartbeat_at_ = ctx_.now() + ctx_.options().heartbeat_every;
    ++heartbeats_;
    bool const with_members = heartbeats_ % members_every_heartbeats == 0;
    Members const list = with_members ? members() : Members{};
    for (auto const& [id, peer] : peers()) {
        if (!Routes::reachable(peer)) continue;
        send(id, Heartbeat{ctx_.self().incarnation, writes, ctx_.self().load});
        if (with_members) send(id, list);
    }
}

void Group::send_members_to_all() {
    Members const list = members();
    for (auto const& [id, peer] : peers())
        if (Routes::reachable(peer)) send(id, list);
}

void Group::dial(Peer& peer, bool first) {
    if (draining_ || peer.link || peer.member.endpoint.is_unusable()) return;
    std::uint32_t const doublings = std::min(peer.dials, reconnect_doublings_max);
    // The server with the higher id leaves redialling to the other side, unless that one does not seem to know of us.
    bool const ours = ctx_.self().id < peer.member.id;
    peer.dial_at = ctx_.now() + ctx_.jittered(ctx_.options().reconnect_every * (1U << doublings)) * (ours ? 1 : 4);
    if (!ours && !first && !peer.suspected) return;
    ++peer.dials;
    ctx_.emit(Connect{peer.member.endpoint});
}

std::vector<ServerId> Group::dial() {
    std::vector<ServerId> silent;
    for (auto& [id, peer] : routes_.peers()) {
        if (ctx_.now() - peer.last_heard.value_or(peer.known_since) >= ctx_.options().forget_after)
            silent.push_back(id);
        else if (!peer.link && ctx_.now() >= peer.dial_at)
            dial(peer, false);
    }
    return silent;
}

void Group::seek() {
    lost_.seek(!draining_);
    if (!join_ || draining_ || ctx_.now() < join_at_) return;
    join_at_ =
        ctx_.now() + ctx_.jittered(ctx_.options().reconnect_every * (1U << std::min(joins_, reconnect_doublings_max)));
    ++joins_;
    ctx_.emit(Connect{*join_});
}

bool Group::part_from(ServerId id, bool left) {
    Peer* const peer = routes_.find(id);
    if (peer == nullptr) return false;
    if (departed_.size() >= departed_max) departed_.erase(departed_.begin());
    departed_[id] = {peer->member.incarnation, left};
    routes_.drop_link(*peer, left ? "that server has left the group" : "that server has been silent for too long");
    return true;
}

void Group::remove(ServerId id, bool left) {
    if (!left) lost_.add(id, find(id)->member.endpoint);
    routes_.erase(id);
    if (sponsor_ == id) sponsor_.reset();
    members_changed_ = true;
}

void Group::complete() {
    joining_ = false;
    for (auto const& [id, peer] : peers())
        if (peer.link) send(id, Hello{server_protocol_version, ctx_.self(), false, times_of(ctx_.options())});
}

void Group::say_goodbye() {
    for (auto const& [id, peer] : peers()) send(id, Leave{});
}

void Group::report_members() {
    if (!std::exchange(members_changed_, false)) return;
    MembersChanged changed{members().members};
    ctx_.emit(std::move(changed));
}

void Group::note_write(ServerId owner, std::uint64_t position) { routes_.peers().at(owner).writes.write(position); }

void Group::all_writes_seen(ServerId owner, std::uint64_t up_to) {
    if (Peer* const peer = routes_.find(owner)) peer->writes.all_up_to(up_to);
}

void Group::count_missing_ack(ServerId id) {
    if (Peer* const peer = routes_.find(id)) ++peer->acks_missing;
}

void Group::forgive_missing_acks(ServerId id) {
    if (Peer* const peer = routes_.find(id)) peer->acks_missing = 0;
}

}  // namespace praline::index::replica
