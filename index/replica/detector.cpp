#include <algorithm>

#include "index/replica/impl.hpp"

/// Failure detector: beats, and who has been silent for too long.
namespace praline::index {

void Replica::Impl::beat() {
    beat_at_ = now_ + options_.beat_every;
    ++beats_;
    bool const with_members = beats_ % members_every_beats == 0;
    Members const list = with_members ? member_list() : Members{};
    for (auto const& [id, peer] : peers_) {
        if (!reachable(peer)) continue;
        send(id, Beat{self_.incarnation, position_, self_.load});
        if (with_members) send(id, list);
    }
    complete_if_equal();
}

void Replica::Impl::heard(Peer& peer) {
    peer.heard = now_;
    renew({peer.member.id, peer.member.incarnation});
    if (!std::exchange(peer.suspected, false)) return;
    compare_soon(peer.member.id);
}

void Replica::Impl::suspect_silent() {
    for (auto& [id, peer] : peers_) {
        if (peer.suspected || now_ - *peer.heard < suspect_after()) continue;
        peer.suspected = true;
        if (round_ && round_->with == id) end_round(false);
        writes_without(id);
        claims_without(id);
    }
    if (!all_suspected()) alone_since_ = now_;
}

/// Nobody was silent but we: the others get as much time as they had. Leases that ended meanwhile end when we have heard
/// what the others did, for somebody may have signed in there since.
void Replica::Impl::slept(Duration time) {
    awake_since_ = now_;
    for (auto& [id, peer] : peers_)
        if (peer.heard) *peer.heard += time;
    for (auto& [id, link] : links_) link.heard += time;
    for (auto& [owner, owned] : owners_) owned.heard += time;
    for (auto& [id, peer] : peers_)
        if (!peer.suspected) compare_soon(id);
}

void Replica::Impl::got(Envelope const& from, Beat const& message) {
    Peer& peer = peers_.at(from.from);
    peer.member.load = message.load;
    // What is still missing after a whole beat was lost on the way.
    if (peer.writes.beat(message.writes)) compare_soon(from.from);
}

std::vector<ServerId> Replica::Impl::live() const {
    std::vector<ServerId> result;
    for (auto const& [id, peer] : peers_)
        if (!peer.suspected && reachable(peer)) result.push_back(id);
    return result;
}

void Replica::Impl::compare_soon(ServerId id) {
    auto const peer = peers_.find(id);
    if (peer == peers_.end()) return;
    peer->second.compare_soon = true;
    if (!round_) repair_at_ = std::min(repair_at_, std::max(now_, peer->second.compared.value_or(now_ - options_.beat_every) + options_.beat_every));
}

bool Replica::Impl::all_suspected() const {
    return std::all_of(peers_.begin(), peers_.end(), [](auto const& peer) { return peer.second.suspected; });
}

}  // namespace praline::index
