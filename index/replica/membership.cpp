#include <algorithm>

#include "index/replica/greeting.hpp"
#include "index/replica/impl.hpp"

/// Who is a server of the group, and the complete graph between them (Clippee, section II-C).
namespace praline::index {

void Replica::Impl::on(LinkUp const& event) {
    if (links_.size() >= links_max || links_.contains(event.link)) {
        emit(CloseLink{event.link, "too many links"});
        return;
    }
    links_[event.link] = PeerLink{event.outgoing, now_, now_, std::nullopt};
    send_over(event.link, ServerId{}, Hello{server_protocol_version, self_, young_, times_of(options_)});
}

void Replica::Impl::on(LinkDown const& event) { unbind(event.link); }

void Replica::Impl::close(LinkId link, std::string why) {
    unbind(link);
    emit(CloseLink{link, std::move(why)});
}

void Replica::Impl::turn_away(LinkId link, std::string why) {
    unbind(link);
    emit(CloseLink{link, std::move(why), true});
}

void Replica::Impl::unbind(LinkId link) {
    auto const found = links_.find(link);
    if (found == links_.end()) return;
    std::optional<ServerId> const id = found->second.peer;
    links_.erase(found);
    if (!id) return;
    auto const peer = peers_.find(*id);
    if (peer == peers_.end() || peer->second.link != link) return;
    peer->second.link.reset();
    peer->second.dials = 0;
    peer->second.dial_at = now_;
    route_lost_through(*id);
    probe(peer->second);
}

void Replica::Impl::hello(LinkId link, Envelope const& envelope, Hello const& hello) {
    if (std::string why = objection(hello, times_of(options_)); !why.empty()) return turn_away(link, std::move(why));
    ServerId const id = hello.self.id;
    if (id == self_.id || id == ServerId{}) return turn_away(link, "the other server has our own id or none: each needs a data directory of its own");
    if (envelope.relayed || envelope.from != id || envelope.incarnation != hello.self.incarnation)
        return close(link, "a server introduced another one");
    PeerLink& bound = links_.at(link);
    if (bound.peer && *bound.peer != id) return close(link, "a server changed its id");
    // A server that was started again ends its old link: were that the one we read from, it would go while it is in use.
    auto const known = peers_.find(id);
    if (bound.peer && known != peers_.end() && hello.self.incarnation != known->second.member.incarnation)
        return close(link, "a server began anew on the link that it had");
    auto const departed = departed_.find(id);
    if (departed != departed_.end() && departed->second.second && hello.self.incarnation <= departed->second.first)
        return close(link, "that server has left the group");
    bool const met_before = peers_.contains(id);
    Peer* const peer = add_member(hello.self);
    if (peer == nullptr) return close(link, "the group is full");
    if (peer->proven && hello.self.incarnation < peer->member.incarnation) return close(link, "that server has been started again since");
    if (!peer->proven || hello.self.incarnation > peer->member.incarnation || hello.self.endpoint != peer->member.endpoint)
        new_incarnation(*peer, hello.self);
    departed_.erase(id);
    found(hello.self);
    heard(*peer);
    peer->young = hello.joining;
    bool const fresh = !bound.peer;
    bound.peer = id;
    // Nobody but whom we join through, or who was one, is dialled without being a member, or while there is a link.
    if (join_ && fresh && bound.outgoing && (!met_before || peer->link || hello.self.endpoint == *join_)) {
        sponsor_ = id;
        join_.reset();
    }
    if (fresh && !keep_link(link, bound, *peer)) return;
    if (hello.joining) send(id, member_list());
    if (!fresh) return;
    compare_soon(id);
    spread_members();
}

/// Of two links the one that the lower id opened stays, so that both sides choose alike; of two that one side opened, the younger.
bool Replica::Impl::keep_link(LinkId fresh, PeerLink const& link, Peer& peer) {
    bool const lower = self_.id < peer.member.id;
    if (peer.link && *peer.link != fresh) {
        bool const fresh_is_right = link.outgoing == lower;
        bool const old_is_right = links_.at(*peer.link).outgoing == lower;
        if (old_is_right && !fresh_is_right) {
            links_.erase(fresh);
            emit(CloseLink{fresh, "there is another link to that server"});
            return false;
        }
        LinkId const old = *peer.link;
        links_.erase(old);
        emit(CloseLink{old, "there is another link to that server"});
    }
    peer.link = fresh;
    peer.relay.reset();
    peer.dials = 0;
    return true;
}

Peer* Replica::Impl::add_member(Member const& member) {
    if (auto const found = peers_.find(member.id); found != peers_.end()) return &found->second;
    if (peers_.size() + 1 >= members_max || member.id == self_.id || member.id == ServerId{}) return nullptr;
    Peer& peer = peers_[member.id];
    peer.member = member;
    peer.known_since = now_;
    peer.dial_at = now_ + (self_.id < member.id ? Duration{} : 4 * options_.reconnect_every);
    tell_members();
    return &peer;
}

/// It has been started again, or it speaks for the first time: nothing of what was counted before holds.
void Replica::Impl::new_incarnation(Peer& peer, Member const& member) {
    bool const restarted = peer.member.incarnation != member.incarnation;
    peer.member = member;
    if (!peer.proven) merge_owners(member.id, member.incarnation);
    peer.proven = true;
    if (restarted) {
        if (peer.link) close(*peer.link, "that server has been started again");
        peer.writes.forget();
        peer.same = peer.nothing_missing = false;
        peer.acks_missing = 0;
        if (round_ && round_->with == member.id) end_round(false);
        writes_without(member.id);
        claims_without(member.id);
    }
    tell_members();
}

void Replica::Impl::remove_member(ServerId id, bool left) {
    auto const found = peers_.find(id);
    if (found == peers_.end()) return;
    if (departed_.size() >= departed_max) departed_.erase(departed_.begin());
    departed_[id] = {found->second.member.incarnation, left};
    if (found->second.link) {
        LinkId const link = *found->second.link;
        found->second.link.reset();
        links_.erase(link);
        emit(CloseLink{link, left ? "that server has left the group" : "that server has been silent for too long"});
    }
    if (round_ && round_->with == id) end_round(false);
    writes_without(id);
    claims_without(id);
    if (!left) lose(id, found->second.member.endpoint);
    peers_.erase(id);
    route_lost_through(id);
    if (sponsor_ == id) sponsor_.reset();
    tell_members();
}

void Replica::Impl::got(Envelope const& from, Leave const&) { remove_member(from.from, true); }

void Replica::Impl::got(Envelope const&, Members const& message) {
    std::size_t looked_at = 0;
    for (Member const& member : message.members) {
        if (++looked_at > members_max) break;
        if (member.id == self_.id || member.endpoint.is_unusable()) continue;
        auto const departed = departed_.find(member.id);
        if (departed != departed_.end() && member.incarnation <= departed->second.first) continue;
        auto const known = peers_.find(member.id);
        if (known == peers_.end()) {
            Peer* const peer = add_member(member);
            // A newcomer is the one that knows whom it has not met; the others may hear of it later.
            if (peer != nullptr && (young_ || self_.id < member.id)) dial_one(*peer, true);
        } else if (!known->second.link && member.incarnation > known->second.member.incarnation && known->second.member.endpoint != member.endpoint) {
            known->second.member.endpoint = member.endpoint;   // started again elsewhere; its incarnation it must say itself
            tell_members();
        }
    }
}

Members Replica::Impl::member_list() const {
    Members list;
    list.members.push_back(self_);
    for (auto const& [id, peer] : peers_) list.members.push_back(peer.member);
    return list;
}

void Replica::Impl::spread_members() {
    Members const list = member_list();
    for (auto const& [id, peer] : peers_)
        if (reachable(peer)) send(id, list);
}

void Replica::Impl::dial_one(Peer& peer, bool first) {
    if (draining_ || peer.link || peer.member.endpoint.is_unusable()) return;
    std::uint32_t const doublings = std::min(peer.dials, reconnect_doublings_max);
    // Who has the higher id leaves redialling to the other side, unless that one does not seem to know of us.
    bool const ours = self_.id < peer.member.id;
    peer.dial_at = now_ + jittered(options_.reconnect_every * (1U << doublings)) * (ours ? 1 : 4);
    if (!ours && !first && !peer.suspected) return;
    ++peer.dials;
    emit(Connect{peer.member.endpoint});
}

void Replica::Impl::dial(Instant now) {
    std::vector<ServerId> silent;
    for (auto& [id, peer] : peers_) {
        if (now - peer.heard.value_or(peer.known_since) >= options_.forget_after) silent.push_back(id);
        else if (!peer.link && now >= peer.dial_at) dial_one(peer, false);
    }
    for (ServerId const id : silent) remove_member(id, false);
    seek_lost();
    if (!join_ || draining_ || now < join_at_) return;
    join_at_ = now + jittered(options_.reconnect_every * (1U << std::min(joins_, reconnect_doublings_max)));
    ++joins_;
    emit(Connect{*join_});
}

void Replica::Impl::lose(ServerId id, Endpoint endpoint) {
    if (lost_.size() >= lost_max)
        lost_.erase(std::min_element(lost_.begin(), lost_.end(), [](auto const& one, auto const& other) { return one.second.since < other.second.since; }));
    lost_[id] = {endpoint, now_, now_ + jittered(options_.seek_lost_every)};
}

/// Where one is, others may be that were cut off together with it.
void Replica::Impl::found(Member const& member) {
    // Who lost its disk comes back to its address under another id.
    if (std::erase_if(lost_, [&](auto const& one) { return one.first == member.id || one.second.endpoint == member.endpoint; }) == 0) return;
    for (auto& [other, lost] : lost_) lost.dial_at = now_;
}

void Replica::Impl::seek_lost() {
    std::erase_if(lost_, [&](auto const& one) { return now_ - one.second.since >= options_.seek_lost_for; });
    if (draining_) return;
    for (auto& [id, lost] : lost_) {
        if (now_ < lost.dial_at) continue;
        lost.dial_at = now_ + jittered(options_.seek_lost_every);
        emit(Connect{lost.endpoint});
    }
}

/// A link on which nothing comes is broken, whatever the system below thinks of it.
void Replica::Impl::close_silent_links() {
    std::vector<LinkId> silent;
    for (auto const& [id, link] : links_)
        if (now_ - link.heard >= (link.peer ? suspect_after() : std::min(hello_within, 4 * suspect_after()))) silent.push_back(id);
    for (LinkId const id : silent) close(id, "nothing came over this link for too long");
}

}  // namespace praline::index
