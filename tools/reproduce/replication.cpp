// T9 and T10: how many nodes a search that asks at random has to ask, and where copies left on its way lead.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <queue>

#include "tools/reproduce/targets.hpp"
#include "tools/reproduce/work.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::reproduce {
namespace {

using simulate::world::Node;
using simulate::world::NodeSet;

constexpr char const* paper =
    "Cohen, Shenker: Replication Strategies in Unstructured Peer-to-Peer Networks, SIGCOMM 2002.";

enum class Allocation { uniform, proportional, square_root };
constexpr std::array allocations{Allocation::uniform, Allocation::proportional, Allocation::square_root};

char const* name_of(Allocation allocation) {
    switch (allocation) {
        case Allocation::uniform: return "uniform";
        case Allocation::proportional: return "proportional";
        case Allocation::square_root: return "square root";
    }
    return "";
}

/// Query rates of a Zipf law, which add up to 1.
std::vector<double> zipf(unsigned items, double exponent) {
    std::vector<double> rates(items);
    double sum = 0;
    for (unsigned rank = 0; rank < items; ++rank) sum += rates[rank] = std::pow(rank + 1.0, -exponent);
    for (double& rate : rates) rate /= sum;
    return rates;
}

std::vector<double> shares(std::vector<double> const& rates, Allocation allocation) {
    std::vector<double> share = rates;
    double sum = 0;
    for (double& one : share) {
        if (allocation == Allocation::uniform) one = 1;
        if (allocation == Allocation::square_root) one = std::sqrt(one);
        sum += one;
    }
    for (double& one : share) one /= sum;
    return share;
}

struct Case {
    unsigned items;
    double exponent, square_root;  // what the square root costs, by their formula
};
constexpr std::array cases{
    Case{100, 0.6, 88.962},   Case{100, 0.8, 79.058},   Case{100, 1.0, 66.618},   Case{100, 1.2, 53.261},
    Case{100, 2.0, 16.458},   Case{100, 2.4, 9.392},    Case{1000, 0.6, 850.446}, Case{1000, 0.8, 699.925},
    Case{1000, 1.0, 510.237}, Case{1000, 1.2, 327.417}, Case{1000, 2.0, 34.084},  Case{1000, 2.4, 13.590},
};

/// Mean number of nodes asked for one copy a node on average, the copies on distinct uniform nodes and each search
/// asking uniform nodes until one has a copy. Every item is searched for, those in demand more often; each counts by its
/// demand. Empty: the rarest item would have less than a handful of copies.
std::optional<double> searched(Case const& one, Allocation allocation, Node nodes, std::uint64_t searches, Rng rng) {
    constexpr Node copies_min = 10;
    std::vector<double> const rates = zipf(one.items, one.exponent), share = shares(rates, allocation);
    NodeSet holders{nodes};
    double mean = 0;
    for (unsigned item = 0; item < one.items; ++item) {
        auto const copies = static_cast<Node>(std::lround(share[item] * nodes));
        if (copies < copies_min) return std::nullopt;
        holders.clear();
        for (Node placed = 0; placed < copies;)
            if (holders.add(static_cast<Node>(rng.below(nodes)))) ++placed;
        auto const in_demand = static_cast<std::uint64_t>(std::lround(rates[item] * static_cast<double>(searches)));
        auto const wanted = std::max(searches / one.items / 2, in_demand);
        std::uint64_t asked = 0;
        for (std::uint64_t search = 0; search < wanted; ++search) {
            do ++asked;
            while (!holders.has(static_cast<Node>(rng.below(nodes))));
        }
        // Whole copies stand for a share that is not whole.
        double const rounded = copies / (share[item] * nodes);
        mean += rates[item] * rounded * static_cast<double>(asked) / static_cast<double>(wanted);
    }
    return mean;
}

/// One item in a network where each search leaves a copy at every node it asked, for so long.
class PathReplication {
public:
    PathReplication(Node nodes, unsigned lifetime, unsigned delay, Rng rng)
        : expires_(nodes, 0), lifetime_{lifetime}, delay_{delay}, rng_{rng} {}
    void seed(Node copies) {
        while (copies_ < copies) add(static_cast<Node>(rng_.below(expires_.size())), 0);
    }
    /// Of nodes with a copy. @pre time never goes back.
    [[nodiscard]] double share(std::uint64_t now) {
        settle(now);
        return static_cast<double>(copies_) / static_cast<double>(expires_.size());
    }
    void search(std::uint64_t now) {
        settle(now);
        if (copies_ == 0) return;
        std::vector<Node> asked;
        for (;;) {
            auto const node = static_cast<Node>(rng_.below(expires_.size()));
            asked.push_back(node);
            if (expires_[node] > now) break;
        }
        for (Node const node : asked)
            if (delay_ == 0)
                add(node, now);
            else
                coming_.push({now + delay_, node});
    }

private:
    struct Event {
        std::uint64_t at;
        Node node;
        bool operator>(Event const& other) const { return at != other.at ? at > other.at : node > other.node; }
    };
    using Events = std::priority_queue<Event, std::vector<Event>, std::greater<>>;
    void add(Node node, std::uint64_t now) {
        if (expires_[node] > now) return;  // it lives as long as it was given when it was made
        expires_[node] = now + lifetime_;
        ++copies_;
        going_.push({expires_[node], node});
    }
    void settle(std::uint64_t now) {
        for (;;) {
            bool const goes = !going_.empty() && going_.top().at <= now;
            bool const comes = !coming_.empty() && coming_.top().at <= now;
            if (!goes && !comes) return;
            if (goes && (!comes || going_.top().at <= coming_.top().at)) {
                going_.pop();
                --copies_;
            } else {
                Event const made = coming_.top();
                coming_.pop();
                add(made.node, made.at);
            }
        }
    }

    std::vector<std::uint64_t> expires_;  // of each node's copy
    std::uint64_t lifetime_, delay_;
    Rng rng_;
    Node copies_ = 0;
    Events going_, coming_;
};

struct Settled {
    double mean, least, most;
};

Settled settle(unsigned delay, std::uint64_t until, Rng rng) {
    constexpr Node nodes = 10'000;
    constexpr unsigned lifetime = 100, query_every = 2;
    constexpr std::uint64_t warm_up = 2000;
    PathReplication one{nodes, lifetime, delay, rng};
    one.seed(nodes / 20);
    Settled result{0, 1, 0};
    std::uint64_t samples = 0;
    for (std::uint64_t now = query_every; now <= until; now += query_every) {
        one.search(now);
        if (now <= warm_up) continue;
        double const share = one.share(now);
        result.mean += share;
        result.least = std::min(result.least, share);
        result.most = std::max(result.most, share);
        ++samples;
    }
    result.mean /= static_cast<double>(samples);
    return result;
}

}  // namespace

Target replication_costs(Options const& options) {
    constexpr double tolerance = 0.03;
    Node const nodes = options.quick ? 200'000 : 1'000'000;
    std::uint64_t const searches = options.quick ? 20'000 : 60'000;
    Target target{"T9", "What a search costs, by how copies are spread", paper,
                  std::to_string(nodes) +
                      " nodes, one copy a node on average, on distinct uniform nodes; a search asks uniform "
                      "nodes until one has a copy; demand after Zipf with exponent w over m items, some " +
                      std::to_string(searches) +
                      " searches each. Theirs: m for uniform and proportional, (sum of the roots of "
                      "the rates) squared for the square root."};
    struct Job {
        Case one;
        Allocation allocation;
    };
    std::vector<Job> jobs;
    for (Case const& one : cases)
        for (Allocation const allocation : allocations) jobs.push_back({one, allocation});
    auto const results = each<std::optional<double>>(jobs.size(), options.threads, [&](std::size_t at) {
        return searched(jobs[at].one, jobs[at].allocation, nodes, searches, chance_of(options.seed, 9, at));
    });
    for (std::size_t at = 0; at < jobs.size(); ++at) {
        auto const& [one, allocation] = jobs[at];
        std::string const what =
            std::string{name_of(allocation)} + ", m=" + std::to_string(one.items) + ", w=" + fixed(one.exponent, 1);
        double const theirs = allocation == Allocation::square_root ? one.square_root : one.items;
        if (results[at])
            target.checks.push_back(within_share(what, theirs, *results[at], tolerance, 3));
        else
            target.checks.push_back(
                not_checked(what, fixed(theirs, 3), "too few copies of the rarest item in a network of this size"));
    }
    return target;
}

Target path_replication(Options const& options) {
    std::uint64_t const until = options.quick ? 40'000 : 400'000;
    Target target{
        "T10", "Copies left on the way of a search settle by themselves", paper,
        "10,000 nodes, one item; a search every 2 time units asks uniform nodes until one has a copy and leaves a "
        "copy at every node it asked; a copy lives 100. Over " +
            std::to_string(until) + " time units."};
    auto const runs = each<Settled>(2, options.threads, [&](std::size_t at) {
        return settle(at == 0 ? 0 : 25, until, chance_of(options.seed, 10, at));
    });
    Check share = within_share("share of nodes with a copy", 0.0707, runs[0].mean, 0.10, 4);
    share.remark = "their figure: the fixed point, the root of 0.005";
    target.checks.push_back(share);
    // Their band is read off a plot, so what leaves it now and then by a little still agrees.
    target.checks.push_back(between("least share seen", "0.03 (Fig. 6)", 0.02, 0.0707, runs[0].least, 3));
    target.checks.push_back(between("greatest share seen", "0.1 (Fig. 6)", 0.0707, 0.15, runs[0].most, 3));
    target.checks.push_back(
        at_least("the same, when copies appear 25 later", "swings further (Fig. 7)", runs[0].most, runs[1].most, 3));
    return target;
}

}  // namespace praline::reproduce
