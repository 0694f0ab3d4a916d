#include "node/overlay/peers.hpp"

#include <catch2/catch.hpp>

#include "unit/node/overlay/parts.hpp"

namespace peers_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;

namespace {

/// The slow twin of the counts that are kept.
Peers::Counts counted(Peers const& peers) {
    Peers::Counts counts;
    for (auto const& peer : peers.all()) {
        if (peer->is_up()) {
            ++(peer->info.kind == LinkKind::to_leaf ? counts.leaves : counts.ultrapeers);
        } else if (peer->stage() == Stage::connecting || peer->stage() == Stage::handshaking) {
            ++(peer->info.direction == Direction::outgoing ? counts.dialling : counts.handshaking);
        }
    }
    return counts;
}

void change_at_random(Parts& parts, Rng& rng) {
    auto const all = parts.peers.all();
    if (all.empty() || rng.below(4) == 0) {
        auto const direction = rng.below(2) == 0 ? Direction::incoming : Direction::outgoing;
        parts.peers.add(parts.peers.allot(), direction,
                        {0x0A000000U + static_cast<std::uint32_t>(rng.below(50)), 6346});
        return;
    }
    Peer& peer = *all[rng.below(all.size())];
    switch (peer.stage()) {
        case Stage::connecting:
            return parts.peers.set_stage(peer, rng.below(3) == 0 ? Stage::gone : Stage::handshaking);
        case Stage::handshaking:
            if (rng.below(4) == 0) return parts.peers.set_stage(peer, Stage::closing);
            return parts.peers.set_up(peer, rng.below(2) == 0 ? LinkKind::to_leaf : LinkKind::to_ultrapeer);
        case Stage::up: return parts.peers.set_stage(peer, rng.below(2) == 0 ? Stage::closing : Stage::gone);
        case Stage::closing: return parts.peers.set_stage(peer, Stage::gone);
        case Stage::gone: return;
    }
}

}  // namespace

TEST_CASE("slot counts are those of a walk over all peers, and a peer is found until it is gone") {
    Rng rng{5};
    Parts parts;
    for (int step = 0; step < 3000; ++step) {
        change_at_random(parts, rng);
        auto const expected = counted(parts.peers);
        auto const& counts = parts.peers.counts();
        REQUIRE(counts.ultrapeers == expected.ultrapeers);
        REQUIRE(counts.leaves == expected.leaves);
        REQUIRE(counts.dialling == expected.dialling);
        REQUIRE(counts.handshaking == expected.handshaking);
        for (auto const& peer : parts.peers.all()) {
            REQUIRE(parts.peers.find(peer->id()) == (peer->stage() == Stage::gone ? nullptr : peer.get()));
            REQUIRE(parts.peers.find_up(peer->id()) == (peer->is_up() ? peer.get() : nullptr));
        }
        if (rng.below(5) != 0) continue;
        parts.peers.remove_gone();
        for (auto const& peer : parts.peers.all()) REQUIRE(peer->stage() != Stage::gone);
    }
    CHECK(parts.peers.find(PeerId{1'000'000}) == nullptr);
}

TEST_CASE("ids are never given out twice, also when a host chose one itself") {
    Parts parts;
    parts.peers.add(PeerId{7}, Direction::incoming, {0x0A000001, 1});
    CHECK(parts.peers.allot() == PeerId{8});
    parts.peers.add(PeerId{3}, Direction::incoming, {0x0A000002, 1});
    CHECK(parts.peers.allot() == PeerId{9});
    CHECK(parts.peers.all().front()->id() == PeerId{3});  // in order
}

TEST_CASE("an endpoint is in use while its peer is called or linked, and no longer") {
    Parts parts;
    Peer& called = parts.peers.add(parts.peers.allot(), Direction::outgoing, {0x0A000005, 6346});
    Peer& caller = parts.link();
    CHECK(parts.peers.endpoints_in_use() == std::vector{called.info.remote});
    caller.info.listening_port = 1234;
    CHECK(parts.peers.endpoints_in_use() == std::vector{called.info.remote, *caller.info.listening()});
    called.called_off = true;
    parts.peers.set_stage(caller, Stage::gone);
    CHECK(parts.peers.endpoints_in_use().empty());
}

TEST_CASE("a servent is found by the GUID of its link") {
    Parts parts;
    Peer& peer = parts.link();
    peer.servent = servent_of(5);
    CHECK(parts.peers.find_servent(servent_of(5)) == &peer);
    CHECK(parts.peers.find_servent(servent_of(6)) == nullptr);
    parts.peers.set_stage(peer, Stage::closing);
    CHECK(parts.peers.find_servent(servent_of(5)) == nullptr);
}

}  // namespace peers_test
