#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/base/rng.hpp"
#include "tools/simulate/structured/underlay.hpp"

/// Structured overlays: every key belongs to one node, and each node knows enough of the others to send a lookup nearer.
namespace praline::simulate::structured {

using Key = std::uint64_t;
constexpr unsigned key_bits = 64;
constexpr Node nobody = ~Node{0};  ///< of an entry that is empty

constexpr std::uint64_t lookups_max = 100'000'000;
constexpr unsigned dims_max = 10;

/// Which nodes are up. Those that are not have failed at once, and nobody has noticed before it asks them.
class Live {
public:
    Live(Node nodes, double failed, Rng chance);
    [[nodiscard]] bool is_up(Node node) const { return up_[node]; }
    [[nodiscard]] std::vector<Node> const& all_up() const { return all_up_; }

private:
    std::vector<bool> up_;
    std::vector<Node> all_up_;
};

struct Lookup {
    unsigned hops =
        0;  ///< messages from node to node on the way to the owner; of Kademlia rounds of requests until it answers
    unsigned timeouts = 0;       ///< nodes that were asked and had failed
    double length = 0;           ///< of the way, by the underlay
    std::optional<Node> end;     ///< where it ended as at the owner; empty: it got no further
    std::vector<Node> failed{};  ///< where whoever asks all nodes himself has found them, and does not ask them again
};

struct ChordSettings {
    Node successors = 20;  ///< a node's list; the owner is known from it
};
struct PastrySettings {
    unsigned digit_bits = 4;  ///< b
    Node leaves = 16;         ///< L, half of them on each side
    bool has_table = true;    ///< else it routes by its leaf set alone
    bool is_near = true;      ///< entries are near nodes of those that fit; else any
};
struct Settings {
    Node nodes = 1000;
    unsigned dims = 2;  ///< of CAN
    std::uint64_t seed = 1;
    std::shared_ptr<Underlay const> underlay{};  ///< null: the plane of this seed
    bool even_keys = false;                      ///< nodes have keys as far from each other as can be; else random ones
    ChordSettings chord{};
    PastrySettings pastry{};
};

class RoutingGeometry;
/// An overlay whose nodes have noticed who has failed.
struct Repaired {
    std::unique_ptr<RoutingGeometry> overlay;
    double requests_mean = 0;  ///< that were made for each node that failed
};

/// One overlay whose joins have come to rest: tables are as they are when every join is over and repaired.
/// @threads any, as it does not change
class RoutingGeometry {
public:
    virtual ~RoutingGeometry() = default;
    /// Entries of a node's tables, each other node once.
    [[nodiscard]] virtual std::size_t entries(Node node) const = 0;
    /// Who has the key while these are up; empty: nobody, before repair.
    [[nodiscard]] virtual std::optional<Node> owner(Key key, Live const& live) const = 0;
    /// @pre `from` is up
    [[nodiscard]] virtual Lookup look_up(Node from, Key key, Live const& live, Rng& chance) const = 0;
    /// The nodes of a lookup, from the first to where it ends. Empty: whoever asks does not go from node to node.
    [[nodiscard]] virtual std::vector<Node> way(Node, Key, Live const&) const { return {}; }
    /// What those that are up make of their tables once they have noticed each failure. Empty: it is not simulated.
    [[nodiscard]] virtual std::optional<Repaired> repaired(Live const&) const { return std::nullopt; }
    /// Mean hops by the formula of its paper; empty: it has none.
    [[nodiscard]] virtual std::optional<double> formula_hops() const = 0;
};

/// Where an overlay prefers near nodes, an entry is the nearest of so many that fit: what joins along near nodes and
/// their exchanges bring about.
constexpr std::uint64_t tried_for_entry = 200;

/// A lookup that has not come to its end after so many hops never does.
constexpr unsigned hops_max = 10'000;

[[nodiscard]] std::shared_ptr<Underlay const> underlay_of(Settings const& settings);
/// All different, in rising order: node 0 has the lowest.
[[nodiscard]] std::vector<Key> keys_of(Settings const& settings);
/// The first of these rising keys that is no less, as std::lower_bound; `keys.size()`: none. Quick where keys are spread
/// evenly: it begins where the key would be if they were quite even.
[[nodiscard]] Node first_at_least(std::vector<Key> const& keys, Key key);

/// Stoica et al. 2001, with a list of successors from which the owner is known. Whoever looks a key up asks all nodes
/// himself, and each that has failed once.
[[nodiscard]] std::unique_ptr<RoutingGeometry> make_chord(Settings const& settings);
/// Ratnasamy et al. 2001: joins at random points, which split zones in the order of the dimensions.
[[nodiscard]] std::unique_ptr<RoutingGeometry> make_can(Settings const& settings);
/// Maymounkov and Mazières 2002: k 20, α 3, b 1.
[[nodiscard]] std::unique_ptr<RoutingGeometry> make_kademlia(Settings const& settings);
/// Rowstron and Druschel 2001, with the repair of its section on node departure.
[[nodiscard]] std::unique_ptr<RoutingGeometry> make_pastry(Settings const& settings);

/// Zhao et al. 2004: digits of 4 bits, entries of three links, surrogate routing to the root of a key.
[[nodiscard]] std::unique_ptr<RoutingGeometry> make_tapestry(Settings const& settings);
/// Clarke et al. 2001 (Freenet): references are learnt from joins, which go towards the key of the new node, and from what
/// was found; a request goes back where nobody is left to ask. A node cannot know that no other is nearer to a key: a
/// request ends when it comes to the node that is nearest.
[[nodiscard]] std::unique_ptr<RoutingGeometry> make_key(Settings const& settings);

}  // namespace praline::simulate::structured
