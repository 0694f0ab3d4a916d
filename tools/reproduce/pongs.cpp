// T15: what pings and pongs cost when pongs come from a cache.
#include <algorithm>
#include <vector>

#include "node/overlay/pong_cache.hpp"
#include "node/wire/codec.hpp"
#include "tools/reproduce/targets.hpp"
#include "tools/reproduce/work.hpp"
#include "tools/simulate/world/generators.hpp"

namespace praline::reproduce {
namespace {

using overlay::PongCache;
using simulate::world::Graph;
using simulate::world::Node;

constexpr std::chrono::seconds ping_every{3};
constexpr std::size_t pongs_per_ping = 10, cache_size = 100, pongs_per_level = 3;
constexpr unsigned hops_max = 5;

/// Nodes that ping each neighbour every few seconds and answer with their own pong and others out of their cache. A
/// pong bears its birth where it would bear the number of files.
class Network {
public:
    Network(Network const&) = delete;
    Network& operator=(Network const&) = delete;
    Network(Graph const& graph, Rng rng)
        : graph_{graph}, rng_{rng}, limits_{limits()}, caches_(graph.nodes(), PongCache{limits_}) {
        for (Node node = 0; node < graph.nodes(); ++node) phase_.push_back(rng_.below(milliseconds_each));
        for (Node node = 0; node < graph.nodes(); ++node) order_.push_back(node);
        std::sort(order_.begin(), order_.end(),
                  [&](Node a, Node b) { return phase_[a] != phase_[b] ? phase_[a] < phase_[b] : a < b; });
    }
    struct Totals {
        std::uint64_t bytes = 0, pings = 0, pongs = 0, milliseconds = 0;
        std::uint32_t oldest = 0, farthest = 0;  // in milliseconds, in hops
    };
    /// Every node pings once in each round, at its own time.
    void round(bool counted) {
        for (Node const node : order_) {
            now_ms_ = static_cast<std::uint32_t>(rounds_ * milliseconds_each + phase_[node]);
            for (Node const other : graph_.neighbours(node)) ping(node, other, counted);
        }
        ++rounds_;
        if (counted) totals_.milliseconds += milliseconds_each;
    }
    [[nodiscard]] Totals const& totals() const { return totals_; }

private:
    static constexpr std::uint64_t milliseconds_each = std::chrono::milliseconds{ping_every}.count();
    [[nodiscard]] Instant now() const { return Instant{std::chrono::milliseconds{now_ms_}}; }
    [[nodiscard]] wire::Pong own(Node node) const {
        wire::Pong pong;
        pong.endpoint = Endpoint{0x0A000000U + node, 6346};
        pong.files = now_ms_;
        return pong;
    }
    void ping(Node from, Node to, bool counted) {
        if (counted) {
            totals_.bytes += wire::encode_message(Guid{}, wire::Function::ping, Ttl{1}, Hops{0}, wire::Ping{}).size();
            ++totals_.pings;
        }
        pong(from, to, own(to), 1, counted);
        std::vector<std::pair<wire::Pong, unsigned>> given;  // the caches change while they are read
        for (auto const* one : caches_[to].choose({pongs_per_ping - 1, pongs_per_level, PeerId{from}}, now(), rng_))
            given.emplace_back(one->pong, one->hops.value() + 1U);
        for (auto const& [one, hops] : given) pong(from, to, one, hops, counted);
    }
    void pong(Node to, Node by, wire::Pong const& pong, unsigned hops, bool counted) {
        if (counted) {
            totals_.bytes += wire::encode_message(Guid{}, wire::Function::pong, Ttl{1}, Hops{0}, pong).size();
            ++totals_.pongs;
            totals_.oldest = std::max(totals_.oldest, now_ms_ - pong.files);
            totals_.farthest = std::max<std::uint32_t>(totals_.farthest, hops);
        }
        if (hops < hops_max) caches_[to].insert({pong, 0, Hops{static_cast<std::uint8_t>(hops)}, PeerId{by}, now()});
    }

    static overlay::Limits limits() {
        overlay::Limits limits;
        limits.pongs_cached_max = limits.pongs_cached_per_link_max = cache_size;
        limits.pongs_cached_for = ping_every;
        return limits;
    }

    Graph const& graph_;
    Rng rng_;
    overlay::Limits limits_;
    std::vector<PongCache> caches_;
    std::vector<std::uint64_t> phase_;
    std::vector<Node> order_;
    std::uint64_t rounds_ = 0;
    std::uint32_t now_ms_ = 0;
    Totals totals_;
};

}  // namespace

Target pong_caching(Options const& options) {
    constexpr unsigned rounds_before = 10;
    unsigned const rounds = options.quick ? 10 : 40;
    constexpr Node nodes = 400;
    constexpr std::uint32_t degree = 4;
    Target target{
        "T15", "What pong caching costs, and how old pongs get",
        "Rohrs, Falco: Ping/pong scheme, Gnutella Developer Forum 2002: 10 pongs for a ping every 3 s; 5 hops at most.",
        "the node's own pong cache and codec in a random network of 400 nodes with 4 links each over " +
            std::to_string(rounds * ping_every.count()) +
            " s of virtual time, each node pinging at moments of its own; pongs "
            "kept for 3 s, as they describe. (The node as shipped keeps them for 120 s, so its pongs may be older.)"};
    Rng rng = chance_of(options.seed, 15);
    Graph const graph = simulate::world::two_tier_graph(nodes, degree, 0, Rng{rng.next()}).largest_component();
    Network network{graph, Rng{rng.next()}};
    for (unsigned round = 0; round < rounds_before; ++round) network.round(false);
    for (unsigned round = 0; round < rounds; ++round) network.round(true);
    auto const& totals = network.totals();
    double const seconds = static_cast<double>(totals.milliseconds) / 1000;
    double const directions = 2.0 * static_cast<double>(graph.links());
    double const bytes = static_cast<double>(totals.bytes) / directions / seconds;
    double const pongs = static_cast<double>(totals.pongs) / static_cast<double>(totals.pings);
    target.checks.push_back(within_share("bytes a second on a connection, each way", 131, bytes, 0.005, 2));
    target.checks.push_back(within_share("pongs for a ping", 10, pongs, 0.005, 2));
    target.checks.push_back(at_most("age of the oldest pong, seconds", "at most 15", 15, totals.oldest / 1000.0, 1));
    target.checks.push_back(at_most("hops of the farthest pong", "at most 5", hops_max, totals.farthest, 0));
    return target;
}

}  // namespace praline::reproduce
