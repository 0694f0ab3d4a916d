#include <algorithm>
#include <array>
#include <bit>

#include "tools/simulate/structured/geometry.hpp"

namespace praline::simulate::structured {

namespace {

constexpr unsigned bits_of_digit = 4, digits = 1U << bits_of_digit, levels_max = key_bits / bits_of_digit;
/// Of each entry: the nearest, and what takes its place when it fails.
constexpr std::size_t links_of_entry = 3;
constexpr std::uint64_t of_entries = 0x7A9E;

class Tapestry final : public RoutingGeometry {
public:
    explicit Tapestry(Settings const& settings)
        : keys_{keys_of(settings)}, underlay_{underlay_of(settings)}, nodes_{settings.nodes}, first_level_(1, 0) {
        Rng chance{settings.seed, of_entries};
        for (Node node = 0; node < nodes_; ++node) {
            Range same{0, nodes_};
            for (unsigned level = 0; level < levels_max && same.end - same.begin > 1; ++level) {
                fill_level(node, level, same, chance);
                same = part_of(same, level, digit(keys_[node], level));
            }
            first_level_.push_back(levels_.size());
        }
    }

    [[nodiscard]] std::size_t entries(Node node) const override {
        std::vector<Node> all;
        for (auto level = first_level_[node]; level < first_level_[node + 1]; ++level)
            for (auto const& entry : levels_[level])
                for (Node const one : entry)
                    if (one != nobody) all.push_back(one);
        std::sort(all.begin(), all.end());
        return static_cast<std::size_t>(std::unique(all.begin(), all.end()) - all.begin());
    }

    /// The root: digit by digit, and in place of a digit that nobody has the next one that somebody has.
    [[nodiscard]] std::optional<Node> owner(Key key, Live const& live) const override {
        Range same{0, nodes_};
        if (!somebody(same, live)) return std::nullopt;
        for (unsigned level = 0; level < levels_max && same.end - same.begin > 1; ++level) {
            for (unsigned step = 0; step < digits; ++step) {
                auto const part = part_of(same, level, (digit(key, level) + step) % digits);
                if (!somebody(part, live)) continue;
                same = part;
                break;
            }
        }
        return somebody(same, live);
    }

    [[nodiscard]] Lookup look_up(Node from, Key key, Live const& live, Rng&) const override {
        Lookup lookup;
        Node before = from;
        walk(from, key, live, lookup, [&](Node at) {
            lookup.length += underlay_->distance(before, at);
            ++lookup.hops;
            before = at;
        });
        lookup.end = before;
        return lookup;
    }

    [[nodiscard]] std::vector<Node> way(Node from, Key key, Live const& live) const override {
        Lookup unused;
        std::vector<Node> all{from};
        walk(from, key, live, unused, [&](Node at) { all.push_back(at); });
        return all;
    }

    [[nodiscard]] std::optional<double> formula_hops() const override {
        return std::log2(static_cast<double>(nodes_)) / bits_of_digit;
    }

private:
    using Entry = std::array<Node, links_of_entry>;
    struct Range {
        Node begin = 0, end = 0;
    };

    [[nodiscard]] static unsigned digit(Key key, unsigned level) {
        return static_cast<unsigned>(key >> (key_bits - bits_of_digit * (level + 1))) % digits;
    }
    /// Those of a range, all of which share the digits above, that have this one.
    [[nodiscard]] Range part_of(Range const& same, unsigned level, unsigned wanted) const {
        unsigned const shift = key_bits - bits_of_digit * (level + 1);
        Key const above = level == 0 ? 0 : keys_[same.begin] >> (shift + bits_of_digit) << (shift + bits_of_digit);
        Key const low = above | Key{wanted} << shift, high = low | ((Key{1} << shift) - 1);
        Node const end = high == ~Key{0} ? nodes_ : first_at_least(keys_, high + 1);
        return {first_at_least(keys_, low), end};
    }
    [[nodiscard]] static std::optional<Node> somebody(Range const& some, Live const& live) {
        for (Node one = some.begin; one < some.end; ++one)
            if (live.is_up(one)) return one;
        return std::nullopt;
    }

    void fill_level(Node node, unsigned level, Range const& same, Rng& chance) {
        auto& entries = levels_.emplace_back();
        for (unsigned wanted = 0; wanted < digits; ++wanted) {
            entries[wanted].fill(nobody);
            if (wanted != digit(keys_[node], level))
                fill_entry(node, part_of(same, level, wanted), entries[wanted], chance);
        }
    }
    void fill_entry(Node node, Range const& fit, Entry& entry, Rng& chance) const {
        std::array<double, links_of_entry> lengths{};
        std::size_t filled = 0;
        auto const consider = [&](Node one) {
            double const length = underlay_->distance(node, one);
            if (filled == links_of_entry && length >= lengths.back()) return;
            if (std::find(entry.begin(), entry.end(), one) != entry.end()) return;
            if (filled < links_of_entry) ++filled;
            std::size_t at = filled - 1;
            for (; at > 0 && lengths[at - 1] > length; --at) entry[at] = entry[at - 1], lengths[at] = lengths[at - 1];
            entry[at] = one;
            lengths[at] = length;
        };
        Node const size = fit.end - fit.begin;
        if (size <= tried_for_entry)
            for (Node one = fit.begin; one < fit.end; ++one) consider(one);
        else
            for (std::uint64_t i = 0; i < tried_for_entry; ++i)
                consider(fit.begin + static_cast<Node>(chance.below(size)));
    }

    /// @param come  is called for each node after the first
    template <class Come>
    void walk(Node at, Key key, Live const& live, Lookup& lookup, Come come) const {
        // What a node has at this level and below shares all digits of the way so far.
        for (unsigned level = 0; first_level_[at] + level < first_level_[at + 1]; ++level) {
            Node const next = step(at, level, key, live, lookup);
            if (next == at) continue;
            at = next;
            come(at);
        }
    }
    /// Itself: it has the digit that comes next.
    [[nodiscard]] Node step(Node at, unsigned level, Key key, Live const& live, Lookup& lookup) const {
        auto const& entries = levels_[first_level_[at] + level];
        for (unsigned wanted = digit(key, level);; wanted = (wanted + 1) % digits) {
            if (wanted == digit(keys_[at], level)) return at;
            for (Node const link : entries[wanted]) {
                if (link == nobody) break;
                if (live.is_up(link)) return link;
                ++lookup.timeouts;
            }
        }
    }

    std::vector<Key> keys_;
    std::shared_ptr<Underlay const> underlay_;
    Node nodes_;
    std::vector<std::array<Entry, digits>> levels_;
    std::vector<std::size_t> first_level_;  // of each node, in `levels_`
};

}  // namespace

std::unique_ptr<RoutingGeometry> make_tapestry(Settings const& settings) {
    return std::make_unique<Tapestry>(settings);
}

}  // namespace praline::simulate::structured
