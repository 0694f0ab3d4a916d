#include <algorithm>
#include <array>
#include <limits>

#include "tools/simulate/structured/geometry.hpp"

namespace praline::simulate::structured {

namespace {

constexpr std::uint64_t of_joins = 0xCA4;

using Point = std::array<double, dims_max>;

/// Half open in each dimension; a torus of side 1.
struct Zone {
    Point low{}, high{};
    unsigned splits = 0;
};

class Can final : public RoutingGeometry {
public:
    explicit Can(Settings const& settings)
        : underlay_{underlay_of(settings)}, dims_{settings.dims}, nodes_{settings.nodes}, neighbours_(settings.nodes) {
        Rng chance{settings.seed, of_joins};
        Zone whole;
        for (unsigned dim = 0; dim < dims_; ++dim) whole.high[dim] = 1;
        zones_.push_back(whole);
        tree_.push_back({});
        while (zones_.size() < nodes_) join(random_point(chance));
    }

    [[nodiscard]] std::size_t entries(Node node) const override { return neighbours_[node].size(); }

    [[nodiscard]] std::optional<Node> owner(Key key, Live const& live) const override {
        Node const node = at(point_of(key));
        return live.is_up(node) ? std::optional{node} : std::nullopt;
    }

    [[nodiscard]] Lookup look_up(Node from, Key key, Live const& live, Rng&) const override {
        Lookup lookup;
        auto const wanted = point_of(key);
        Node at_node = from;
        std::vector<Node> been{from};
        while (lookup.hops < hops_max) {
            if (gap(zones_[at_node], wanted) == 0) {
                lookup.end = at_node;
                return lookup;
            }
            auto const next = step(at_node, wanted, live, been, lookup);
            if (!next) return lookup;
            lookup.length += underlay_->distance(at_node, *next);
            ++lookup.hops;
            at_node = *next;
            been.push_back(at_node);
        }
        return lookup;
    }

    [[nodiscard]] std::optional<double> formula_hops() const override {
        auto const dims = static_cast<double>(dims_);
        return dims / 4 * std::pow(static_cast<double>(nodes_), 1 / dims);
    }

private:
    /// Of the tree of splits: a leaf is a zone.
    struct Branch {
        unsigned dim = 0;
        double cut = 0;
        std::uint32_t low = 0, high = 0;  // 0: a leaf
        Node zone = 0;
    };

    [[nodiscard]] Point random_point(Rng& chance) const {
        Point point{};
        for (unsigned dim = 0; dim < dims_; ++dim) point[dim] = unit(chance);
        return point;
    }
    [[nodiscard]] Point point_of(Key key) const {
        Rng chance{key};
        return random_point(chance);
    }
    [[nodiscard]] std::uint32_t leaf(Point const& point) const {
        std::uint32_t branch = 0;
        while (tree_[branch].low != 0)
            branch = point[tree_[branch].dim] < tree_[branch].cut ? tree_[branch].low : tree_[branch].high;
        return branch;
    }
    [[nodiscard]] Node at(Point const& point) const { return tree_[leaf(point)].zone; }

    void join(Point const& point) {
        auto const branch = leaf(point);
        Node const old = tree_[branch].zone;
        auto const fresh = static_cast<Node>(zones_.size());
        Zone& low = zones_[old];
        unsigned const dim = low.splits++ % dims_;
        double const cut = (low.low[dim] + low.high[dim]) / 2;
        Zone high = low;
        low.high[dim] = high.low[dim] = cut;
        zones_.push_back(high);
        auto const first = static_cast<std::uint32_t>(tree_.size());
        tree_[branch] = {dim, cut, first, first + 1, 0};
        tree_.push_back({0, 0, 0, 0, old});
        tree_.push_back({0, 0, 0, 0, fresh});
        auto const before = std::move(neighbours_[old]);
        neighbours_[old].clear();
        for (Node const one : before) {
            std::erase(neighbours_[one], old);
            for (Node const half : {old, fresh}) {
                if (!touch(zones_[one], zones_[half])) continue;
                neighbours_[one].push_back(half);
                neighbours_[half].push_back(one);
            }
        }
        neighbours_[old].push_back(fresh);
        neighbours_[fresh].push_back(old);
    }

    /// They share a face: next to each other in one dimension, overlapping in all others.
    [[nodiscard]] bool touch(Zone const& one, Zone const& other) const {
        unsigned next_to = 0;
        for (unsigned dim = 0; dim < dims_; ++dim) {
            if (one.low[dim] < other.high[dim] && other.low[dim] < one.high[dim]) continue;
            bool const is_next = one.high[dim] == other.low[dim] || other.high[dim] == one.low[dim] ||
                                 (one.low[dim] == 0 && other.high[dim] == 1) ||
                                 (other.low[dim] == 0 && one.high[dim] == 1);
            if (!is_next) return false;
            ++next_to;
        }
        return next_to == 1;
    }
    /// Square of the way from a zone to a point on the torus.
    [[nodiscard]] double gap(Zone const& zone, Point const& point) const {
        double sum = 0;
        for (unsigned dim = 0; dim < dims_; ++dim) {
            if (zone.low[dim] <= point[dim] && point[dim] < zone.high[dim]) continue;
            auto const way = [&](double edge) {
                auto const straight = std::abs(edge - point[dim]);
                return std::min(straight, 1 - straight);
            };
            auto const nearest = std::min(way(zone.low[dim]), way(zone.high[dim]));
            sum += nearest * nearest;
        }
        return sum;
    }
    /// The neighbour that is nearest to the point; one that has failed is passed over, as are those where it has been.
    [[nodiscard]] std::optional<Node> step(Node from, Point const& wanted, Live const& live,
                                           std::vector<Node> const& been, Lookup& lookup) const {
        std::vector<std::pair<double, Node>> order;
        for (Node const one : neighbours_[from]) order.emplace_back(gap(zones_[one], wanted), one);
        std::sort(order.begin(), order.end());
        for (auto const& [gap, one] : order) {
            if (std::find(been.begin(), been.end(), one) != been.end()) continue;
            if (live.is_up(one)) return one;
            ++lookup.timeouts;
        }
        return std::nullopt;
    }

    std::shared_ptr<Underlay const> underlay_;
    unsigned dims_;
    Node nodes_;
    std::vector<Zone> zones_;
    std::vector<Branch> tree_;
    std::vector<std::vector<Node>> neighbours_;
};

}  // namespace

std::unique_ptr<RoutingGeometry> make_can(Settings const& settings) { return std::make_unique<Can>(settings); }

}  // namespace praline::simulate::structured
