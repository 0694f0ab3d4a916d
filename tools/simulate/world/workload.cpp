#include "tools/simulate/world/workload.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::world {
namespace {

constexpr double weight_one =
    1ULL << 40;  // of rank 1; ranks beyond 2^40 / i^exponent < 1 are asked for as seldom as can be

bool contains(std::vector<Node> const& nodes, Node node) {
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

}  // namespace

WeightedDraw::WeightedDraw(std::span<std::uint64_t const> weights) : ends_(weights.size()) {
    std::partial_sum(weights.begin(), weights.end(), ends_.begin());
}

std::uint32_t WeightedDraw::draw(Rng& rng) const {
    // The high half of a product: unlike a remainder it hardly moves when the total does, so a mathematics library that
    // rounds one weight differently does not change every draw.
    __extension__ using Wide = unsigned __int128;
    auto const at = static_cast<std::uint64_t>(Wide{rng.next()} * total() >> 64);
    return static_cast<std::uint32_t>(std::upper_bound(ends_.begin(), ends_.end(), at) - ends_.begin());
}

std::vector<std::uint64_t> zipf_weights(std::uint32_t items, double exponent) {
    std::vector<std::uint64_t> weights;
    for (std::uint32_t rank = 1; rank <= items; ++rank)
        weights.push_back(std::max<std::uint64_t>(
            1, static_cast<std::uint64_t>(std::llround(weight_one / std::pow(rank, exponent)))));
    return weights;
}

std::vector<std::uint64_t> allocate(std::span<std::uint64_t const> popularity, Allocation allocation,
                                    std::uint64_t total, std::uint64_t most) {
    std::vector<double> shares;
    for (std::uint64_t const weight : popularity) {
        auto const exact = static_cast<double>(weight);
        shares.push_back(allocation == Allocation::uniform        ? 1
                         : allocation == Allocation::proportional ? exact
                                                                  : std::sqrt(exact));
    }
    double const sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    std::vector<std::uint64_t> copies;
    for (double const share : shares)
        copies.push_back(std::clamp<std::uint64_t>(
            static_cast<std::uint64_t>(std::llround(static_cast<double>(total) * (share / sum))), 1, most));
    return copies;
}

std::uint64_t draw_file_count(Rng& rng) {
    struct Quantile {
        std::uint64_t below, files;
    };  // of 10,000
    static constexpr std::array quantiles{Quantile{0, 1},         Quantile{2500, 2},       Quantile{4000, 7},
                                          Quantile{5000, 14},     Quantile{6000, 30},      Quantile{7000, 65},
                                          Quantile{7500, 100},    Quantile{8000, 162},     Quantile{8500, 283},
                                          Quantile{9000, 572},    Quantile{9300, 1000},    Quantile{9500, 1625},
                                          Quantile{9700, 3201},   Quantile{9800, 5262},    Quantile{9900, 11'518},
                                          Quantile{9950, 23'600}, Quantile{10'000, 30'000}};
    std::uint64_t const at = rng.below(10'000);
    auto const upper = std::upper_bound(quantiles.begin(), quantiles.end(), at,
                                        [](std::uint64_t value, Quantile const& one) { return value < one.below; });
    auto const lower = upper - 1;
    return lower->files + (upper->files - lower->files) * (at - lower->below) / (upper->below - lower->below);
}

Catalogue::Catalogue(RunOptions const& options, Node nodes, Rng rng)
    : options_{options.workload},
      nodes_{nodes},
      popularity_{zipf_weights(options_.items, options_.zipf)},
      shares_(nodes, true),
      holders_(options_.items),
      copies_(options_.copying == Copying::none ? 0 : nodes),
      fetched_(options_.fetch_once ? options_.items : 0) {
    auto riders = static_cast<Node>(std::lround(options_.free_riders * nodes));
    if (riders >= nodes) throw BadInput{"with so many free riders nobody shares anything"};
    while (riders > 0)
        if (auto const node = static_cast<Node>(rng.below(nodes)); shares_[node]) shares_[node] = false, --riders;
    for (Node node = 0; node < nodes; ++node)
        if (shares_[node]) sharing_.push_back(node);
    if (options_.files == FileCounts::measured) {
        std::vector<std::uint64_t> files;
        for (std::size_t host = 0; host < sharing_.size(); ++host) files.push_back(draw_file_count(rng));
        hosts_.emplace_back(files);
    }
    double const wanted = options.replication * static_cast<double>(nodes) * options_.items;
    if (wanted < options_.items) throw BadInput{"with this replication there is not one copy of each item"};
    if (wanted > static_cast<double>(copies_max))
        throw BadInput{"with this replication there are more copies than " + std::to_string(copies_max)};
    auto const copies =
        allocate(zipf_weights(options_.items, options_.zipf), options_.allocation,
                 static_cast<std::uint64_t>(std::llround(wanted)), std::min<std::uint64_t>(sharing_.size(), nodes - 1));
    for (Item item = 0; item < options_.items; ++item) place(item, copies[item], rng);
}

/// A host that has it already is drawn again; after too many such draws, as when few hosts hold nearly everything, the next that
/// has it not is taken.
void Catalogue::place(Item item, std::uint64_t copies, Rng& rng) {
    scratch_.clear();
    auto const draw = [&] {
        return hosts_.empty() ? static_cast<std::size_t>(rng.below(sharing_.size())) : hosts_.front().draw(rng);
    };
    std::vector<bool> taken(sharing_.size(), false);
    while (scratch_.size() < copies) {
        std::size_t at = draw();
        for (unsigned tries = 1; taken[at] && tries < place_tries_max; ++tries) at = draw();
        while (taken[at]) at = (at + 1) % sharing_.size();
        taken[at] = true;
        scratch_.push_back(sharing_[at]);
    }
    holders_[item] = scratch_;
}

bool Catalogue::has(Node node, Item item) const { return contains(holders_[item], node); }

Wanted Catalogue::next(Rng& rng) {
    for (unsigned tries = 0; tries < ask_tries_max; ++tries) {
        Item const item = popularity_.draw(rng);
        auto const source = static_cast<Node>(rng.below(nodes_));
        if (has(source, item) || (options_.fetch_once && contains(fetched_[item], source))) continue;
        return {item, source};
    }
    throw BadInput{
        "nearly every node has what is asked for: fewer queries, more items or a smaller replication, please"};
}

void Catalogue::keep_copy(Node node, Item item, Rng& rng) {
    if (!shares_[node] || has(node, item)) return;
    auto& copies = copies_[node];
    if (copies.size() >= options_.store) {
        Item& victim = copies[rng.below(copies.size())];
        std::erase(holders_[victim], node);
        victim = copies.back();
        copies.pop_back();
    }
    copies.push_back(item);
    holders_[item].push_back(node);
}

void Catalogue::found(Wanted wanted, std::span<Node const> way, std::span<Node const> visited, Rng& rng) {
    if (options_.fetch_once) fetched_[wanted.item].push_back(wanted.source);
    switch (options_.copying) {
        case Copying::none: return;
        case Copying::owner: return keep_copy(wanted.source, wanted.item, rng);
        case Copying::path:
            keep_copy(wanted.source, wanted.item, rng);
            for (Node const node : way) keep_copy(node, wanted.item, rng);
            return;
        case Copying::random:
            scratch_.assign(visited.begin(), visited.end());
            for (std::size_t left = scratch_.size(), copies = std::min(way.size(), left); copies > 0;
                 --copies, --left) {
                std::swap(scratch_[rng.below(left)], scratch_[left - 1]);
                keep_copy(scratch_[left - 1], wanted.item, rng);
            }
            return;
    }
}

Node replicas_for(double replication, Node nodes) {
    if (!(replication > 0) || !(replication < 1))
        throw BadInput{"the replication is a share: more than 0, less than 1"};
    auto const replicas = static_cast<Node>(std::lround(replication * nodes));
    if (replicas == 0)
        throw BadInput{"with this replication not one of " + std::to_string(nodes) + " nodes holds a match"};
    if (replicas >= nodes) throw BadInput{"with this replication every node holds a match and none is left to ask"};
    return replicas;
}

}  // namespace praline::simulate::world
