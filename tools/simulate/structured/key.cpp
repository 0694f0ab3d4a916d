#include <algorithm>

#include "search/strategy/key_rules.hpp"
#include "tools/simulate/structured/geometry.hpp"

namespace praline::simulate::structured {

namespace {

using search::strategy::key_distance;

/// References of a node, and hops of a message in all.
constexpr std::size_t references_max = 64;
constexpr unsigned hops_to_live = 100, hops_of_announcement = 20;
/// Requests a node has made before anything is counted: references come from what was found.
constexpr unsigned requests_before = 10;
constexpr std::uint64_t of_learning = 0x4E7;

class KeyRouting final : public RoutingGeometry {
public:
    explicit KeyRouting(Settings const& settings)
        : keys_{keys_of(settings)},
          underlay_{underlay_of(settings)},
          nodes_{settings.nodes},
          known_(nodes_, Known{references_max}) {
        Rng chance{settings.seed, of_learning};
        join_all(chance);
        Live const all_live{nodes_, 0, chance};
        for (std::uint64_t request = 0; request < std::uint64_t{nodes_} * requests_before; ++request) {
            auto const from = static_cast<Node>(chance.below(nodes_)), to = static_cast<Node>(chance.below(nodes_));
            auto const way = travel(from, keys_[to], to, all_live);
            if (way.lookup.end != to) continue;
            for (Node const one : way.nodes)
                if (one != to) known_[one].learn(keys_[to], to);
        }
    }

    [[nodiscard]] std::size_t entries(Node node) const override { return known_[node].size(); }

    [[nodiscard]] std::optional<Node> owner(Key key, Live const& live) const override {
        std::optional<Node> best;
        Node const after = first_at_least(keys_, key);
        for (bool const forth : {true, false}) {
            Node const step = forth ? 1 : nodes_ - 1;
            Node one = forth ? after % nodes_ : (after + nodes_ - 1) % nodes_;
            for (Node tried = 0; tried < nodes_ && !live.is_up(one); ++tried) one = (one + step) % nodes_;
            if (!live.is_up(one)) continue;
            if (!best || key_distance(keys_[one], key) < key_distance(keys_[*best], key)) best = one;
        }
        return best;
    }

    [[nodiscard]] Lookup look_up(Node from, Key key, Live const& live, Rng&) const override {
        auto const to = owner(key, live);
        return to ? travel(from, key, *to, live).lookup : Lookup{};
    }

    [[nodiscard]] std::optional<double> formula_hops() const override { return std::nullopt; }

private:
    using Known = search::strategy::KeyReferences<Node>;
    struct Way {
        Lookup lookup;
        std::vector<Node> nodes;    ///< from the source to where it is
        std::vector<Node> reached;  ///< all that it came to, the source first
    };

    /// One after the other, by a message from a random contact towards the key of who joins: those on the way and it
    /// learn of each other.
    void join_all(Rng& chance) {
        std::vector<Node> order(nodes_);
        for (Node node = 0; node < nodes_; ++node) order[node] = node;
        for (Node left = nodes_; left > 1; --left) std::swap(order[left - 1], order[chance.below(left)]);
        Live const all_live{nodes_, 0, chance};
        for (Node joined = 1; joined < nodes_; ++joined) {
            Node const fresh = order[joined], contact = order[chance.below(joined)];
            for (Node const one : travel(contact, keys_[fresh], fresh, all_live, hops_of_announcement).reached) {
                known_[one].learn(keys_[fresh], fresh);
                known_[fresh].learn(keys_[one], one);
            }
        }
    }

    /// To the nearest of those that were not asked yet, and back where nobody is left; a node that was there sends it
    /// back. Who has the key knows it.
    [[nodiscard]] Way travel(Node from, Key key, Node to, Live const& live, unsigned hops_most = hops_to_live) const {
        Way way{{}, {from}, {from}};
        std::vector<Node> seen{from};
        while (!way.nodes.empty() && way.lookup.hops < hops_most) {
            Node const at = way.nodes.back();
            if (at == to) {
                way.lookup.end = at;
                return way;
            }
            auto const next = known_[at].nearest(
                key, [&](Node one) { return std::find(seen.begin(), seen.end(), one) == seen.end(); });
            if (next) {
                seen.push_back(*next);
                if (!live.is_up(*next)) {
                    ++way.lookup.timeouts;
                    continue;
                }
                way.nodes.push_back(*next);
                way.reached.push_back(*next);
            } else {
                way.nodes.pop_back();
            }
            if (way.nodes.empty()) break;
            ++way.lookup.hops;
            way.lookup.length += underlay_->distance(at, way.nodes.back());
        }
        return way;
    }

    std::vector<Key> keys_;
    std::shared_ptr<Underlay const> underlay_;
    Node nodes_;
    std::vector<Known> known_;
};

}  // namespace

std::unique_ptr<RoutingGeometry> make_key(Settings const& settings) { return std::make_unique<KeyRouting>(settings); }

}  // namespace praline::simulate::structured
