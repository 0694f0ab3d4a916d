#include "node/overlay/peers.hpp"

#include <algorithm>
#include <utility>

#include "node/base/check.hpp"
#include "node/base/grow_tightly.hpp"
#include "node/base/prefetch.hpp"

namespace praline::overlay {
namespace {

constexpr std::size_t cache_line = 64, lines_of_peer = 3;  // what messages touch of one, from `LinkInfo::peer` on

void prefetch_peer(Peer const& peer) {
    for (std::size_t i = 0; i < lines_of_peer; ++i)
        prefetch_line(reinterpret_cast<std::byte const*>(&peer.info.peer) + i * cache_line);
}

/// The first that is not before `id`.
auto position_of(auto& peers, PeerId id) {
    return std::lower_bound(peers.begin(), peers.end(), id,
                            [](auto const& one, PeerId key) { return one->id() < key; });
}

}  // namespace

Peer& Peers::add(PeerId id, Direction direction, Endpoint remote) {
    auto const at = position_of(peers_, id) - peers_.begin();
    auto peer = std::make_unique<Peer>();
    peer->info.peer = id;
    peer->info.direction = direction;
    peer->info.remote = remote;
    peer->last_heard = ctx_.now();
    next_ = std::max(next_, id.value() + 1);
    peer->stage_ = direction == Direction::outgoing ? Stage::connecting : Stage::handshaking;
    ++*count_of(*peer);
    grow_tightly(peers_);
    Peer& added = **peers_.insert(peers_.begin() + at, std::move(peer));
    first_ = peers_.front()->id().value();
    ctx_.deadline_changed();
    return added;
}

/// The count that a peer is in; null: none.
std::uint32_t* Peers::count_of(Peer const& peer) {
    switch (peer.stage_) {
        case Stage::up: return peer.info.kind == LinkKind::to_leaf ? &counts_.leaves : &counts_.ultrapeers;
        case Stage::connecting:
        case Stage::handshaking:
            return peer.info.direction == Direction::outgoing ? &counts_.dialling : &counts_.handshaking;
        case Stage::closing:
        case Stage::gone: return nullptr;
    }
    return nullptr;
}

void Peers::change_stage(Peer& peer, Stage stage) {
    peer.stage_ = stage;
    if (std::uint32_t* const count = count_of(peer)) ++*count;
}

void Peers::set_stage(Peer& peer, Stage stage) {
    check(stage != Stage::up);
    if (std::uint32_t* const count = count_of(peer)) --*count;
    change_stage(peer, stage);
    if (stage != Stage::gone) return;
    any_gone_ = true;
    ctx_.links_changed();
}

void Peers::set_up(Peer& peer, LinkKind kind) {
    check(peer.stage_ == Stage::handshaking);
    --*count_of(peer);
    peer.info.kind = kind;
    change_stage(peer, Stage::up);
}

void Peers::remove_gone() {
    if (!std::exchange(any_gone_, false)) return;
    std::erase_if(peers_, [](auto const& peer) { return peer->stage_ == Stage::gone; });
    first_ = peers_.empty() ? 0 : peers_.front()->id().value();
}

Peer* Peers::find(PeerId id) {
    // Ids are given out in order, so that as a rule a peer stands where its number says.
    std::size_t const guess = id.value() - first_;
    if (guess < peers_.size() && peers_[guess]->id() == id)
        return peers_[guess]->stage_ != Stage::gone ? peers_[guess].get() : nullptr;
    auto const at = position_of(peers_, id);
    return at != peers_.end() && (*at)->id() == id && (*at)->stage_ != Stage::gone ? at->get() : nullptr;
}

Peer* Peers::find_servent(Guid const& servent) {
    auto const at = std::find_if(peers_.begin(), peers_.end(),
                                 [&](auto const& one) { return one->is_up() && one->servent == servent; });
    return at != peers_.end() ? at->get() : nullptr;
}

std::vector<Endpoint> Peers::endpoints_in_use() const {
    std::vector<Endpoint> list;
    for (auto const& peer : peers_) {
        if (peer->stage_ == Stage::gone) continue;
        if (peer->dialled()) list.emplace_back(*peer->dialled());
        if (auto const listening = peer->info.listening()) list.emplace_back(*listening);
    }
    return list;
}

void Peers::prefetch(unsigned stage, PeerId id) const noexcept {
    std::size_t const at = id.value() - first_;
    if (at >= peers_.size()) return;
    if (stage == 0)
        prefetch_line(&peers_[at]);
    else
        prefetch_peer(*peers_[at]);
}

void Peers::prefetch_all() const noexcept {
    constexpr std::size_t peers_fetched_max = 16;
    for (std::size_t at = 0; at < std::min(peers_.size(), peers_fetched_max); ++at) prefetch_peer(*peers_[at]);
}

}  // namespace praline::overlay
