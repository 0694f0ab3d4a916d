#include <algorithm>

#include "tools/simulate/structured/geometry.hpp"

namespace praline::simulate::structured {

namespace {

class Chord final : public RoutingGeometry {
public:
    explicit Chord(Settings const& settings)
        : keys_{keys_of(settings)},
          underlay_{underlay_of(settings)},
          nodes_{settings.nodes},
          known_{std::min(settings.chord.successors, nodes_ - 1)} {
        first_finger_.push_back(0);
        for (Node node = 0; node < nodes_; ++node) {
            // The nearest fingers are successors.
            Node last = ring(node, known_);
            for (unsigned bit = 0; bit < key_bits; ++bit) {
                Node const finger = successor(keys_[node] + (Key{1} << bit));
                if (way(node, finger) <= way(node, last) || finger == node) continue;
                fingers_.push_back(finger);
                last = finger;
            }
            first_finger_.push_back(fingers_.size());
        }
    }

    [[nodiscard]] std::size_t entries(Node node) const override {
        return known_ + first_finger_[node + 1] - first_finger_[node];
    }

    [[nodiscard]] std::optional<Node> owner(Key key, Live const& live) const override {
        Node node = successor(key);
        for (Node step = 0; step < nodes_; ++step, node = ring(node, 1))
            if (live.is_up(node)) return node;
        return std::nullopt;
    }

    [[nodiscard]] Lookup look_up(Node from, Key key, Live const& live, Rng&) const override {
        Lookup lookup;
        Node at = from;
        // It has the key itself if that lies between its predecessor and it.
        if (successor(key) == at) return ended(lookup, at);
        while (lookup.hops < hops_max) {
            auto const next = step(at, key, live, lookup);
            if (!next) return lookup;
            lookup.length += underlay_->distance(at, next->node);
            ++lookup.hops;
            at = next->node;
            if (next->is_owner) return ended(lookup, at);
        }
        return lookup;
    }

    [[nodiscard]] std::optional<double> formula_hops() const override {
        return std::log2(static_cast<double>(nodes_)) / 2;
    }

private:
    struct Step {
        Node node = 0;
        bool is_owner = false;
    };
    static Lookup ended(Lookup lookup, Node at) {
        lookup.end = at;
        return lookup;
    }
    [[nodiscard]] Node ring(Node node, Node steps) const { return (node + steps) % nodes_; }
    [[nodiscard]] Node successor(Key key) const {
        Node const at = first_at_least(keys_, key);
        return at == nodes_ ? 0 : at;
    }
    /// Clockwise.
    [[nodiscard]] Key way(Node from, Node to) const { return keys_[to] - keys_[from]; }

    static void note_failed(Node node, Lookup& lookup) {
        if (std::find(lookup.failed.begin(), lookup.failed.end(), node) != lookup.failed.end()) return;
        lookup.failed.push_back(node);
        ++lookup.timeouts;
    }
    [[nodiscard]] std::optional<Step> step(Node at, Key key, Live const& live, Lookup& lookup) const {
        Key const wanted = key - keys_[at];
        // The owner is in the list of successors.
        if (wanted <= way(at, ring(at, known_))) {
            for (Node i = 1; i <= known_; ++i) {
                Node const one = ring(at, i);
                if (way(at, one) < wanted) continue;
                if (live.is_up(one)) return Step{one, true};
                note_failed(one, lookup);
            }
            // All that could have it have failed, as far as it knows: on to the last of the list that is before them.
        }
        // The farthest that is known before the key.
        for (auto i = first_finger_[at + 1]; i-- > first_finger_[at];) {
            if (way(at, fingers_[i]) >= wanted) continue;
            if (live.is_up(fingers_[i])) return Step{fingers_[i], false};
            note_failed(fingers_[i], lookup);
        }
        for (Node i = known_; i > 0; --i) {
            Node const one = ring(at, i);
            if (way(at, one) >= wanted) continue;
            if (live.is_up(one)) return Step{one, false};
            note_failed(one, lookup);
        }
        return std::nullopt;
    }

    std::vector<Key> keys_;
    std::shared_ptr<Underlay const> underlay_;
    Node nodes_, known_;  // nodes in all, and in a list of successors
    std::vector<Node> fingers_;
    std::vector<std::size_t> first_finger_;  // of each node, in `fingers_`; the nearest first
};

}  // namespace

std::unique_ptr<RoutingGeometry> make_chord(Settings const& settings) { return std::make_unique<Chord>(settings); }

}  // namespace praline::simulate::structured
