#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "node/base/check.hpp"
#include "tools/simulate/structured/geometry.hpp"

namespace praline::simulate::structured {

namespace {

constexpr unsigned columns_max = 16;  // b is at most 4
constexpr std::uint64_t of_tables = 0x9A57;

class Pastry final : public RoutingGeometry {
public:
    explicit Pastry(Settings const& settings)
        : keys_{keys_of(settings)},
          underlay_{underlay_of(settings)},
          nodes_{settings.nodes},
          settings_{settings.pastry},
          noticed_(settings.nodes, true),
          first_row_(1, 0) {
        praline::check(settings_.digit_bits > 0 && columns() <= columns_max);
        Rng chance{settings.seed, of_tables};
        for (Node node = 0; node < nodes_; ++node) {
            for (unsigned row = 0; settings_.has_table && row < rows_max() && fill_row(node, row, chance); ++row) {}
            first_row_.push_back(rows_.size());
        }
    }

    [[nodiscard]] std::size_t entries(Node node) const override {
        std::vector<Node> all = leaves(node);
        for (auto row = first_row_[node]; row < first_row_[node + 1]; ++row)
            for (Node const one : rows_[row])
                if (one != nobody) all.push_back(one);
        std::sort(all.begin(), all.end());
        return static_cast<std::size_t>(std::unique(all.begin(), all.end()) - all.begin());
    }

    [[nodiscard]] std::optional<Node> owner(Key key, Live const& live) const override {
        Node const after = first_at_least(keys_, key);
        std::optional<Node> best;
        for (Node step = 0; step < nodes_; ++step) {
            Node const one = ring(after % nodes_, step);
            if (!live.is_up(one)) continue;
            best = one;
            break;
        }
        for (Node step = 1; step <= nodes_; ++step) {
            Node const one = ring(after % nodes_, nodes_ - step % nodes_);
            if (!live.is_up(one)) continue;
            if (!best || is_nearer(one, *best, key)) best = one;
            break;
        }
        return best;
    }

    [[nodiscard]] Lookup look_up(Node from, Key key, Live const& live, Rng&) const override {
        Lookup lookup;
        Node at = from;
        while (lookup.hops < hops_max) {
            auto const next = step(at, key, live, lookup);
            if (!next || *next == at) {
                lookup.end = at;
                return lookup;
            }
            lookup.length += underlay_->distance(at, *next);
            ++lookup.hops;
            at = *next;
        }
        return lookup;
    }

    [[nodiscard]] std::vector<Node> way(Node from, Key key, Live const& live) const override {
        Lookup unused;
        std::vector<Node> all{from};
        while (all.size() < hops_max) {
            auto const next = step(all.back(), key, live, unused);
            if (!next || *next == all.back()) break;
            all.push_back(*next);
        }
        return all;
    }

    [[nodiscard]] std::optional<Repaired> repaired(Live const& live) const override {
        auto after = std::make_unique<Pastry>(*this);
        std::uint64_t requests = 0;
        for (Node node = 0; node < nodes_; ++node) after->noticed_[node] = live.is_up(node);
        after->has_noticed_ = true;
        for (Node const node : live.all_up()) {
            // Of each leaf that has failed the farthest on its side is asked for its own leaf set.
            for (Node const leaf : leaves(node)) requests += live.is_up(leaf) ? 0 : 1;
            for (auto row = first_row_[node]; row < first_row_[node + 1]; ++row) {
                for (unsigned column = 0; column < columns(); ++column) {
                    Node& entry = after->rows_[row][column];
                    if (entry != nobody && !live.is_up(entry))
                        entry = ask_for_entry(node, row - first_row_[node], column, live, requests);
                }
            }
        }
        auto const failed = static_cast<double>(nodes_ - live.all_up().size());
        double const each = failed > 0 ? static_cast<double>(requests) / failed : 0;
        return Repaired{std::move(after), each};
    }

    [[nodiscard]] std::optional<double> formula_hops() const override {
        return std::log2(static_cast<double>(nodes_)) / settings_.digit_bits;
    }

private:
    [[nodiscard]] Node ring(Node node, Node steps) const {
        Node const rest = nodes_ - node;
        return steps < rest ? node + steps : steps - rest;
    }
    [[nodiscard]] static Key apart(Key one, Key other) { return std::min(one - other, other - one); }
    [[nodiscard]] bool is_nearer(Node one, Node other, Key key) const {
        return apart(keys_[one], key) < apart(keys_[other], key);
    }
    [[nodiscard]] unsigned shared_digits(Key one, Key other) const {
        return static_cast<unsigned>(std::countl_zero(one ^ other)) / settings_.digit_bits;
    }
    [[nodiscard]] unsigned digit(Key key, unsigned row) const {
        return static_cast<unsigned>(key >> (key_bits - settings_.digit_bits * (row + 1))) % columns();
    }
    [[nodiscard]] unsigned columns() const { return 1U << settings_.digit_bits; }
    [[nodiscard]] unsigned rows_max() const { return key_bits / settings_.digit_bits; }
    [[nodiscard]] Node each_side() const { return settings_.leaves / 2; }
    /// Its leaf set is everybody.
    [[nodiscard]] bool knows_all() const { return nodes_ <= settings_.leaves + 1; }
    /// The nearest on one side, of those that are not known to have failed; the nearest first.
    [[nodiscard]] std::vector<Node> side_of(Node node, Node step) const {
        std::vector<Node> side;
        add_side(side, node, step);
        return side;
    }
    void add_side(std::vector<Node>& all, Node node, Node step) const {
        auto const enough = all.size() + each_side();
        for (Node one = ring(node, step); one != node && all.size() < enough; one = ring(one, step))
            if (noticed_[one]) all.push_back(one);
    }
    [[nodiscard]] std::vector<Node> leaves(Node node) const {
        std::vector<Node> all;
        all.reserve(settings_.leaves);
        if (knows_all()) {
            for (Node step = 1; step < nodes_; ++step)
                if (noticed_[ring(node, step)]) all.push_back(ring(node, step));
            return all;
        }
        for (Node const step : {Node{1}, nodes_ - 1}) add_side(all, node, step);
        return all;
    }

    /// Asks for the entry in place of one that has failed: nodes of its row, then of the rows below, for what they have
    /// there. @return nobody: none has one that is up
    [[nodiscard]] Node ask_for_entry(Node node, std::size_t row, unsigned column, Live const& live,
                                     std::uint64_t& requests) const {
        auto const first = first_row_[node];
        for (auto i = first + row; i < first_row_[node + 1]; ++i) {
            for (unsigned other = 0; other < columns(); ++other) {
                Node const asked = rows_[i][other];
                if (asked == nobody || !live.is_up(asked) || (i == first + row && other == column)) continue;
                ++requests;
                if (first_row_[asked] + row >= first_row_[asked + 1]) continue;
                Node const told = rows_[first_row_[asked] + row][column];
                if (told != nobody && told != node && live.is_up(told)) return told;
            }
        }
        return nobody;
    }

    /// @return whether there may be entries in the next row
    bool fill_row(Node node, unsigned row, Rng& chance) {
        unsigned const shift = key_bits - settings_.digit_bits * (row + 1);
        Key const above =
            row == 0 ? 0 : keys_[node] >> (shift + settings_.digit_bits) << (shift + settings_.digit_bits);
        auto& entries = rows_.emplace_back();
        entries.fill(nobody);
        bool more = false;
        for (unsigned column = 0; column < columns(); ++column) {
            Key const low = above | Key{column} << shift;
            Key const high = low | ((Key{1} << shift) - 1);
            Node const begin = first_at_least(keys_, low);
            Node const end = high == ~Key{0} ? nodes_ : first_at_least(keys_, high + 1);
            if (column == digit(keys_[node], row)) {
                more = end - begin > 1;
                continue;
            }
            if (begin < end) entries[column] = nearest_of(node, begin, end, chance);
        }
        return more;
    }
    [[nodiscard]] Node nearest_of(Node node, Node begin, Node end, Rng& chance) const {
        Node best = nobody;
        auto const consider = [&](Node one) {
            if (best == nobody || underlay_->distance(node, one) < underlay_->distance(node, best)) best = one;
        };
        if (!settings_.is_near) return begin + static_cast<Node>(chance.below(end - begin));
        if (end - begin <= tried_for_entry)
            for (Node one = begin; one < end; ++one) consider(one);
        else
            for (std::uint64_t i = 0; i < tried_for_entry; ++i)
                consider(begin + static_cast<Node>(chance.below(end - begin)));
        return best;
    }

    /// The farthest leaf on one side.
    [[nodiscard]] Node last_leaf(Node node, Node step) const {
        if (!has_noticed_) return ring(node, step == 1 ? each_side() : nodes_ - each_side());
        return side_of(node, step).back();
    }

    /// The node itself: it is the nearest that it knows. Empty: likewise, as nobody nearer answers.
    [[nodiscard]] std::optional<Node> step(Node at, Key key, Live const& live, Lookup& lookup) const {
        bool is_among_leaves = knows_all();
        if (!is_among_leaves) {
            Key const low = keys_[last_leaf(at, nodes_ - 1)], high = keys_[last_leaf(at, 1)];
            is_among_leaves = key - low <= high - low;
        }
        if (is_among_leaves) {
            auto near = leaves(at);
            return nearest_up(at, near, key, live, lookup);
        }
        auto const row = shared_digits(keys_[at], key);
        auto const have = first_row_[at + 1] - first_row_[at];
        if (row < have) {
            Node const entry = rows_[first_row_[at] + row][digit(key, row)];
            if (entry != nobody) {
                if (live.is_up(entry)) return entry;
                ++lookup.timeouts;
            }
        }
        auto near = leaves(at);
        // Whoever is nearer than this node and shares as many digits.
        for (auto i = first_row_[at]; i < first_row_[at + 1]; ++i)
            for (Node const one : rows_[i])
                if (one != nobody && i >= first_row_[at] + row) near.push_back(one);
        std::erase_if(near, [&](Node one) { return shared_digits(keys_[one], key) < row; });
        return nearest_up(at, near, key, live, lookup);
    }
    [[nodiscard]] std::optional<Node> nearest_up(Node at, std::vector<Node>& some, Key key, Live const& live,
                                                 Lookup& lookup) const {
        std::erase_if(some, [&](Node one) { return !is_nearer(one, at, key); });
        if (some.empty()) return at;
        auto const nearer = [&](Node one, Node other) { return is_nearer(one, other, key); };
        if (Node const best = *std::min_element(some.begin(), some.end(), nearer); live.is_up(best)) return best;
        std::sort(some.begin(), some.end(), nearer);
        for (Node const one : some) {
            if (live.is_up(one)) return one;
            ++lookup.timeouts;
        }
        return at;
    }

    std::vector<Key> keys_;
    std::shared_ptr<Underlay const> underlay_;
    Node nodes_;
    PastrySettings settings_;
    bool has_noticed_ = false;   // that somebody has failed
    std::vector<bool> noticed_;  // false: everybody knows that it has failed
    std::vector<std::array<Node, columns_max>> rows_;
    std::vector<std::size_t> first_row_;  // of each node, in `rows_`
};

}  // namespace

std::unique_ptr<RoutingGeometry> make_pastry(Settings const& settings) { return std::make_unique<Pastry>(settings); }

}  // namespace praline::simulate::structured
