#include <algorithm>
#include <bit>

#include "tools/simulate/structured/geometry.hpp"

namespace praline::simulate::structured {

namespace {

constexpr std::size_t bucket_nodes = 20, asked_at_once = 3;
constexpr std::uint64_t of_buckets = 0x4AD;

class Kademlia final : public RoutingGeometry {
public:
    explicit Kademlia(Settings const& settings)
        : keys_{keys_of(settings)}, underlay_{underlay_of(settings)}, nodes_{settings.nodes} {
        Rng chance{settings.seed, of_buckets};
        first_.push_back(0);
        for (Node node = 0; node < nodes_; ++node) {
            fill_buckets(node, chance);
            first_.push_back(known_.size());
        }
    }

    [[nodiscard]] std::size_t entries(Node node) const override { return first_[node + 1] - first_[node]; }

    [[nodiscard]] std::optional<Node> owner(Key key, Live const& live) const override {
        return closest_up(key, 0, nodes_, key_bits, live);
    }

    [[nodiscard]] Lookup look_up(Node from, Key key, Live const& live, Rng&) const override {
        Lookup lookup;
        auto const wanted = owner(key, live);
        std::vector<Candidate> list{{from, keys_[from] ^ key, true}};
        std::vector<Node> failed;
        learn(list, failed, from, key);
        std::sort(list.begin(), list.end(), nearer);
        if (wanted == from) return lookup.end = wanted, lookup;
        while (lookup.hops < hops_max) {
            std::vector<Node> asked;
            for (auto& one : list) {
                if (one.asked) continue;
                one.asked = true;
                asked.push_back(one.node);
                if (asked.size() == asked_at_once) break;
            }
            if (asked.empty()) return lookup;
            ++lookup.hops;
            double longest = 0;
            bool is_there = false;
            for (Node const one : asked) {
                longest = std::max(longest, underlay_->distance(from, one));
                if (!live.is_up(one)) {
                    ++lookup.timeouts;
                    failed.push_back(one);
                    std::erase_if(list, [&](Candidate const& each) { return each.node == one; });
                    continue;
                }
                is_there = is_there || one == wanted;
                learn(list, failed, one, key);
            }
            lookup.length += longest;
            if (is_there) return lookup.end = wanted, lookup;
            std::sort(list.begin(), list.end(), nearer);
            if (list.size() > bucket_nodes) list.resize(bucket_nodes);
        }
        return lookup;
    }

    [[nodiscard]] std::optional<double> formula_hops() const override { return std::log2(static_cast<double>(nodes_)); }

private:
    struct Candidate {
        Node node = 0;
        Key far = 0;
        bool asked = false;
    };
    static bool nearer(Candidate const& one, Candidate const& other) { return one.far < other.far; }
    static bool knows(std::vector<Candidate> const& list, Node node) {
        return std::any_of(list.begin(), list.end(), [&](Candidate const& one) { return one.node == node; });
    }

    /// Nodes whose keys share exactly so many leading bits with that of the node.
    [[nodiscard]] std::pair<Node, Node> range_of(Node node, unsigned shared) const {
        Key const bit = Key{1} << (key_bits - 1 - shared);
        Key const low = (keys_[node] ^ bit) & ~(bit - 1);
        auto const begin = std::lower_bound(keys_.begin(), keys_.end(), low);
        auto const end = std::upper_bound(begin, keys_.end(), low | (bit - 1));
        return {static_cast<Node>(begin - keys_.begin()), static_cast<Node>(end - keys_.begin())};
    }
    void fill_buckets(Node node, Rng& chance) {
        for (unsigned shared = 0; shared < key_bits; ++shared) {
            auto const [begin, end] = range_of(node, shared);
            auto const size = static_cast<std::size_t>(end - begin);
            if (size <= bucket_nodes) {
                for (Node one = begin; one < end; ++one) known_.push_back(one);
            } else {
                auto const before = static_cast<std::ptrdiff_t>(known_.size());
                while (known_.size() - static_cast<std::size_t>(before) < bucket_nodes) {
                    Node const one = begin + static_cast<Node>(chance.below(size));
                    if (std::find(known_.begin() + before, known_.end(), one) == known_.end()) known_.push_back(one);
                }
            }
            // Nobody shares more.
            bool const is_last = node_alone(node, shared + 1);
            if (is_last) break;
        }
    }
    [[nodiscard]] bool node_alone(Node node, unsigned shared) const {
        auto const common = [&](Node other) { return std::countl_zero(keys_[node] ^ keys_[other]); };
        bool const before = node > 0 && static_cast<unsigned>(common(node - 1)) >= shared;
        bool const after = node + 1 < nodes_ && static_cast<unsigned>(common(node + 1)) >= shared;
        return !before && !after;
    }
    /// The nodes nearest to the key that `of` knows.
    void learn(std::vector<Candidate>& list, std::vector<Node> const& failed, Node of, Key key) const {
        std::vector<Candidate> told;
        for (auto i = first_[of]; i < first_[of + 1]; ++i) told.push_back({known_[i], keys_[known_[i]] ^ key, false});
        auto const most = static_cast<std::ptrdiff_t>(std::min(told.size(), bucket_nodes));
        std::partial_sort(told.begin(), told.begin() + most, told.end(), nearer);
        told.resize(static_cast<std::size_t>(most));
        for (auto const& one : told)
            if (!knows(list, one.node) && std::find(failed.begin(), failed.end(), one.node) == failed.end())
                list.push_back(one);
    }
    /// By the tree of the keys: `bit` bits below the common beginning of nodes [begin, end).
    [[nodiscard]] std::optional<Node> closest_up(Key key, Node begin, Node end, unsigned bit, Live const& live) const {
        if (begin == end) return std::nullopt;
        if (end - begin == 1 || bit == 0) return live.is_up(begin) ? std::optional{begin} : std::nullopt;
        Key const mask = Key{1} << (bit - 1);
        auto const middle = static_cast<Node>(std::partition_point(keys_.begin() + begin, keys_.begin() + end,
                                                                   [&](Key one) { return (one & mask) == 0; }) -
                                              keys_.begin());
        bool const high = (key & mask) != 0;
        auto const found =
            high ? closest_up(key, middle, end, bit - 1, live) : closest_up(key, begin, middle, bit - 1, live);
        if (found) return found;
        return high ? closest_up(key, begin, middle, bit - 1, live) : closest_up(key, middle, end, bit - 1, live);
    }

    std::vector<Key> keys_;
    std::shared_ptr<Underlay const> underlay_;
    Node nodes_;
    std::vector<Node> known_;
    std::vector<std::size_t> first_;  // of each node, in `known_`
};

}  // namespace

std::unique_ptr<RoutingGeometry> make_kademlia(Settings const& settings) {
    return std::make_unique<Kademlia>(settings);
}

}  // namespace praline::simulate::structured
