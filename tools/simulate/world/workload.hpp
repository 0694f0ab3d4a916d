#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "node/base/rng.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/node_set.hpp"
#include "tools/simulate/world/run_options.hpp"

/// What is looked for, and who has it.
namespace praline::simulate::world {

using Item = std::uint32_t;

/// Draws numbers from 0 on in proportion to weights.
class WeightedDraw {
public:
    /// @pre not empty, the sum is more than 0 and less than 2^63.
    explicit WeightedDraw(std::span<std::uint64_t const> weights);
    [[nodiscard]] std::uint32_t draw(Rng& rng) const;
    [[nodiscard]] std::uint64_t total() const { return ends_.back(); }

private:
    std::vector<std::uint64_t> ends_;
};

/// How often each item is asked for, in proportion: rank i = 1, 2, … as 1 / i^exponent.
[[nodiscard]] std::vector<std::uint64_t> zipf_weights(std::uint32_t items, double exponent);

/// Copies of each item: `total` shared out by popularity as the allocation says, each share rounded, at least 1 and at most `most`.
[[nodiscard]] std::vector<std::uint64_t> allocate(std::span<std::uint64_t const> popularity, Allocation allocation,
                                                  std::uint64_t total, std::uint64_t most);

/// Files of one host that shares. Of such hosts 75 % have 100 at most, 7 % more than 1,000, and those hold more than half:
/// quantiles of the log-normal distribution through these two points, straight lines between them, cut at 30,000.
/// @source Saroiu, Gummadi, Gribble 2002.
[[nodiscard]] std::uint64_t draw_file_count(Rng& rng);

struct Wanted {
    Item item;
    Node source;
};

/// The items of one trial and where their copies are. What was placed at first stays; copies of what was found give way
/// to one another. @threads one.
class Catalogue {
public:
    /// @throws BadInput: nobody shares anything, or there are fewer copies than items.
    Catalogue(RunOptions const& options, Node nodes, Rng rng);

    /// What is asked for next, and by whom: one who does not have it.
    /// @throws BadInput: in `ask_tries_max` tries nobody was found.
    [[nodiscard]] Wanted next(Rng& rng);
    [[nodiscard]] std::vector<Node> const& holders(Item item) const { return holders_[item]; }
    [[nodiscard]] bool has(Node node, Item item) const;
    [[nodiscard]] bool shares(Node node) const { return shares_[node]; }

    /// A query found its item. @param way  from the source's neighbour to the holder that was found. @param visited  nodes that
    /// the query came to.
    void found(Wanted wanted, std::span<Node const> way, std::span<Node const> visited, Rng& rng);

private:
    void place(Item item, std::uint64_t copies, Rng& rng);
    void keep_copy(Node node, Item item, Rng& rng);

    WorkloadOptions options_;
    Node nodes_;
    WeightedDraw popularity_;
    std::vector<bool> shares_;
    std::vector<Node> sharing_;
    std::vector<WeightedDraw> hosts_;         // none: all that share alike
    std::vector<std::vector<Node>> holders_;  // of each item
    std::vector<std::vector<Item>> copies_;   // of each node: those that may give way
    std::vector<std::vector<Node>> fetched_;  // of each item, when nobody asks twice
    std::vector<Node> scratch_;
};

/// round(replication · nodes). @throws BadInput: none, or not one is left to ask.
[[nodiscard]] Node replicas_for(double replication, Node nodes);

}  // namespace praline::simulate::world
