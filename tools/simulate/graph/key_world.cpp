#include "tools/simulate/graph/key_world.hpp"

#include <algorithm>

namespace praline::simulate::graph {

using search::strategy::key_of_number;

world::Node KeyWorld::add(std::uint64_t key) {
    peers_.push_back(Peer{key, search::strategy::KeyReferences<world::Node>{sizes_.references},
                          search::strategy::KeyStore{sizes_.store}});
    dead_.push_back(false);
    asked_.push_back(0);
    return nodes() - 1;
}

void KeyWorld::ring_lattice(world::Node count) {
    for (world::Node node = 0; node < count; ++node) add(key_of_number(node));
    for (world::Node node = 0; node < count; ++node)
        for (world::Node const step : {count - 2, count - 1, world::Node{1}, world::Node{2}}) {
            world::Node const other = (node + step) % count;
            if (other != node) peers_[node].references.learn(peers_[other].key, other);
        }
}

world::Node KeyWorld::announce(world::Node contact, unsigned hops_to_live, Rng& rng) {
    world::Node const fresh = add(rng.next());
    peers_[fresh].references.learn(peers_[contact].key, contact);
    world::Node at = contact;
    for (unsigned left = hops_to_live;; --left) {
        auto& references = peers_[at].references;
        auto const known = references.all();
        world::Node const next = known.empty() ? at : known[rng.below(known.size())].who;
        if (at != fresh) references.learn(peers_[fresh].key, fresh);
        if (left <= 1) return fresh;
        if (!dead_[next]) at = next;
    }
}

KeyTravel KeyWorld::travel(std::uint64_t key, world::Node source, unsigned hops_to_live, bool stop_at_copy) {
    KeyTravel result;
    ++travels_;
    way_.clear();
    way_.push_back(Visit{source, {}});
    asked_[source] = travels_;
    while (!way_.empty()) {
        Visit& here = way_.back();
        if (stop_at_copy && peers_[here.node].store.has(key)) {
            result.found = true;
            return result;
        }
        world::Node const before = way_.size() > 1 ? way_[way_.size() - 2].node : here.node;
        auto const may = [&](world::Node who) {
            return who != before && std::find(here.tried.begin(), here.tried.end(), who) == here.tried.end();
        };
        if (result.hops >= hops_to_live) return result;
        auto const next = peers_[here.node].references.nearest(key, may);
        if (!next) {
            way_.pop_back();
            continue;
        }
        here.tried.push_back(*next);
        ++result.hops;
        if (dead_[*next] || asked_[*next] == travels_) continue;
        asked_[*next] = travels_;
        way_.push_back(Visit{*next, {}});
    }
    return result;
}

KeyTravel KeyWorld::insert(std::uint64_t key, world::Node source, unsigned hops_to_live) {
    KeyTravel const result = travel(key, source, hops_to_live, false);
    if (way_.empty()) way_.push_back(Visit{source, {}});
    for (Visit const& visit : way_) {
        peers_[visit.node].store.put(key);
        if (visit.node != source) peers_[visit.node].references.learn(key, source);
    }
    return result;
}

KeyTravel KeyWorld::request(std::uint64_t key, world::Node source, unsigned hops_to_live) {
    KeyTravel const result = travel(key, source, hops_to_live, true);
    if (!result.found) return result;
    world::Node const holder = way_.back().node;
    for (Visit const& visit : way_) {
        peers_[visit.node].store.put(key);
        if (visit.node != holder) peers_[visit.node].references.learn(key, holder);
    }
    return result;
}

KeyTravel KeyWorld::probe(std::uint64_t key, world::Node source, unsigned hops_to_live) {
    return travel(key, source, hops_to_live, true);
}

}  // namespace praline::simulate::graph
