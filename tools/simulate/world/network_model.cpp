#include "tools/simulate/world/network_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "tools/simulate/world/chance.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::world {
namespace {

void check_share(char const* name, double share) {
    if (!(share >= 0) || !(share < 1)) throw BadInput{std::string{name} + " is a share: at least 0, less than 1"};
}

/// That much of 2^32.
std::uint64_t below_for(double share) { return static_cast<std::uint64_t>(std::llround(share * 4294967296.0)); }

/// Exactly so many nodes of each kind, on distinct uniform nodes.
std::vector<Fate> draw_fates(NetworkOptions const& options, Node nodes, Rng rng) {
    if (options.failed <= 0 && options.droppers <= 0 && options.liars <= 0) return {};
    auto const count = [&](double share) { return static_cast<std::uint64_t>(std::llround(share * nodes)); };
    std::uint64_t failed = count(options.failed), droppers = count(options.droppers), liars = count(options.liars);
    std::vector<Fate> fates(nodes, Fate::honest);
    for (Node node = 0; node < nodes; ++node) {
        std::uint64_t const drawn = rng.below(nodes - node);
        if (drawn < failed)
            fates[node] = Fate::failed, --failed;
        else if (drawn < failed + droppers)
            fates[node] = Fate::dropper, --droppers;
        else if (drawn < failed + droppers + liars)
            fates[node] = Fate::liar, --liars;
    }
    return fates;
}

/// Delays at which so many of 1,000 links are reached; straight lines between. Of the measurements are the two in the
/// middle (Saroiu, Gummadi, Gribble 2002, seen from Seattle); the ends are ours.
struct Quantile {
    std::uint32_t thousandths, delay_ms;
};
constexpr std::array<Quantile, 4> measured_delays{{{0, 10}, {200, 70}, {800, 280}, {1000, 1000}}};

}  // namespace

void check_network(NetworkOptions const& options) {
    check_share("the loss", options.loss);
    check_share("the part of failed nodes", options.failed);
    check_share("the time that nodes are away", options.away);
    check_share("the part of nodes that drop queries", options.droppers);
    check_share("the part of nodes that lie", options.liars);
    if (options.failed + options.droppers + options.liars > 1)
        throw BadInput{"failed nodes, those that drop queries and those that lie are together more than all"};
    if (options.latency_low_ms == 0) throw BadInput{"the latency is at least 1 ms"};
    if (std::max(options.latency_low_ms, options.latency_high_ms) > latency_ms_max)
        throw BadInput{"the latency is at most " + std::to_string(latency_ms_max) + " ms"};
    if (options.latency == Latency::uniform && options.latency_high_ms < options.latency_low_ms)
        throw BadInput{"the highest latency is less than the lowest"};
    if (options.results_enough == 0) throw BadInput{"enough results are at least 1"};
}

std::uint64_t Sessions::draw_ms(Rng& rng) {
    // (0, 1]; whole seconds, so that the last bit of a power does not matter.
    double const share = (static_cast<double>(rng.next() >> 11) + 1) / 9007199254740992.0;
    double const seconds = static_cast<double>(shortest_ms) / 1000 * std::pow(share, -1 / alpha);
    return static_cast<std::uint64_t>(std::min(std::round(seconds), 1e12)) * 1000;
}

NetworkModel::NetworkModel(NetworkOptions const& options, Node nodes, std::uint64_t seed) : options_{options} {
    check_network(options);
    Rng salts = stream_of(seed, Purpose::network);
    passage_salt_ = salts.next();
    link_salt_ = salts.next();
    churn_salt_ = salts.next();
    fates_ = draw_fates(options, nodes, Rng{salts.next()});
    loss_below_ = below_for(options.loss);
    away_below_ = below_for(options.away);
    if (options.latency == Latency::uniform) latency_span_ = options.latency_high_ms - options.latency_low_ms + 1;
    double const stretch = options.away / (1 - options.away);
    absence_mean_ms_ =
        static_cast<std::uint64_t>(std::llround(static_cast<double>(Sessions::mean_ms) * std::min(stretch, 1000.0)));
    absence_shortest_ms_ = static_cast<std::uint64_t>(
        std::llround(static_cast<double>(Sessions::shortest_ms) * std::min(stretch, 1000.0)));
}

std::uint32_t NetworkModel::delay_max_ms() const {
    switch (options_.latency) {
        case Latency::constant: return options_.latency_low_ms;
        case Latency::uniform: return options_.latency_high_ms;
        case Latency::per_link: return measured_delays.back().delay_ms;
    }
    return 1;
}

QueryNetwork NetworkModel::query(std::uint64_t number, std::uint64_t turn) const {
    QueryNetwork network;
    network.model_ = this;
    network.query_salt_ = QueryNetwork::draw(passage_salt_ ^ number);
    network.churn_salt_ = QueryNetwork::draw(churn_salt_ ^ number);
    return network.turn(turn);
}

std::uint32_t QueryNetwork::link_delay(Node one, Node other) const {
    std::uint64_t const key = std::uint64_t{std::min(one, other)} << 32 | std::max(one, other);
    std::uint64_t const millionths = (draw(model_->link_salt_ ^ key) >> 32) * 1'000'000 >> 32;
    std::size_t above = 1;
    while (millionths >= std::uint64_t{measured_delays[above].thousandths} * 1000) ++above;
    Quantile const low = measured_delays[above - 1], high = measured_delays[above];
    std::uint64_t const part = millionths - std::uint64_t{low.thousandths} * 1000,
                        whole = (high.thousandths - low.thousandths) * 1000ULL;
    return low.delay_ms + static_cast<std::uint32_t>(part * (high.delay_ms - low.delay_ms) / whole);
}

QueryNetwork::Stay QueryNetwork::stay(Node node) const {
    std::uint64_t const drawn = draw(churn_salt_ ^ node);
    bool const away = (drawn & 0xffff'ffffU) < model_->away_below_;
    std::uint64_t const mean = away ? model_->absence_mean_ms_ : Sessions::mean_ms;
    std::uint64_t const shortest = away ? model_->absence_shortest_ms_ : Sessions::shortest_ms;
    std::uint64_t const changes_at = (drawn >> 32) * mean >> 32;
    return {!away, changes_at <= shortest ? std::optional{changes_at} : std::nullopt};
}

bool QueryNetwork::there_with_churn(Node node, std::uint64_t after_ms) const {
    Stay const stay_of = stay(node);
    bool const changed = stay_of.until_ms && *stay_of.until_ms <= after_ms;
    return stay_of.there != changed;
}

}  // namespace praline::simulate::world
