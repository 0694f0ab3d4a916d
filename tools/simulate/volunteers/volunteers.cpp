#include "tools/simulate/volunteers/volunteers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "index/volunteer/controller.hpp"
#include "node/base/rng.hpp"

namespace praline::simulate::volunteers {

namespace {

namespace volunteer = index::volunteer;
using volunteer::PeerId;

constexpr unsigned down_rounds_max = 10;

struct Peer {
    double x = 0, y = 0;
    bool is_server = false;
    unsigned down_until = 0;  // a round
    PeerId server = 0;        // the nearest that is up
    double distance = 0;      // to it
    bool waits = false;       // the one it asked is gone
};

/// One farm of volunteers.
class Farm {
public:
    Farm(Experiment const& experiment, std::uint64_t run)
        : experiment_{experiment}, chance_{experiment.seed, run}, peers_(experiment.peers) {
        volunteer::Options options;
        options.requirement_ms = experiment.requirement_ms;
        options.service_ms = experiment.service_ms;
        options.each_for_itself = experiment.each_for_itself;
        controller_.emplace(options);
        for (auto& peer : peers_) peer.x = side() * unit(), peer.y = side() * unit();
        peers_.front().is_server = true;
        find_servers();
    }

    void round(unsigned number) {
        number_ = number;
        for (auto& peer : peers_) peer.waits = false;
        bool const is_attacked = experiment_.attack > 0 && number % experiment_.attack_every_rounds == 0;
        if (is_attacked) attack();
        bool const some_came =
            std::any_of(peers_.begin(), peers_.end(), [&](Peer const& one) { return one.down_until == number; });
        if (is_attacked || some_came) find_servers();
        auto const reports = report();
        if (reports.empty()) return;
        auto const decision = controller_->round(reports.front().server, reports);
        std::vector<PeerId> invited;
        for (auto const server : decision.inviting)
            if (auto const worst = worst_client_of(server)) invited.push_back(*worst);
        for (auto const peer : invited) peers_[peer].is_server = true;
        if (decision.retiring) peers_[*decision.retiring].is_server = false;
        if (!invited.empty() || decision.retiring) find_servers();
    }

    [[nodiscard]] std::uint64_t servers() const {
        return static_cast<std::uint64_t>(
            std::count_if(peers_.begin(), peers_.end(), [&](Peer const& one) { return serves(one); }));
    }
    /// Of those that are up; empty: nobody serves.
    [[nodiscard]] std::optional<double> delay_ms() const {
        if (servers() == 0) return std::nullopt;
        double sum = 0;
        std::uint64_t count = 0;
        for (auto const& peer : peers_)
            if (is_up(peer)) sum += delay_of(peer), ++count;
        return sum / static_cast<double>(count);
    }

private:
    [[nodiscard]] double side() const { return experiment_.peers; }
    [[nodiscard]] double unit() {
        constexpr int bits = 53;
        return std::ldexp(static_cast<double>(chance_.next() >> (64 - bits)), -bits);
    }
    [[nodiscard]] bool is_up(Peer const& peer) const { return peer.down_until <= number_; }
    [[nodiscard]] bool serves(Peer const& peer) const { return peer.is_server && is_up(peer); }

    void attack() {
        for (auto& peer : peers_)
            if (serves(peer) && unit() < experiment_.attack)
                peer.down_until = number_ + 1 + static_cast<unsigned>(chance_.below(down_rounds_max));
        for (auto& peer : peers_) peer.waits = !serves(peers_[peer.server]);
    }
    [[nodiscard]] double delay_of(Peer const& peer) const {
        return experiment_.service_ms + peer.distance + (peer.waits ? experiment_.timeout_ms : 0);
    }
    void find_servers() {
        std::vector<PeerId> up;
        for (PeerId id = 0; id < peers_.size(); ++id)
            if (serves(peers_[id])) up.push_back(id);
        for (auto& peer : peers_) {
            auto nearest = std::numeric_limits<double>::infinity();
            for (auto const id : up) {
                auto const x = peers_[id].x - peer.x, y = peers_[id].y - peer.y;
                if (auto const square = x * x + y * y; square < nearest) nearest = square, peer.server = id;
            }
            peer.distance = std::sqrt(nearest);
        }
    }
    /// By number of the server; empty: nobody serves.
    [[nodiscard]] std::vector<volunteer::Report> report() const {
        std::vector<volunteer::Report> all(peers_.size()), reports;
        if (servers() == 0) return reports;
        for (auto const& peer : peers_) {
            if (!is_up(peer)) continue;
            auto& report = all[peer.server];
            report.delay_sum_ms += delay_of(peer);
            ++report.delays;
            if (!peer.is_server) ++report.clients;
        }
        for (PeerId id = 0; id < peers_.size(); ++id) {
            if (!serves(peers_[id])) continue;
            all[id].server = id;
            reports.push_back(all[id]);
        }
        return reports;
    }
    [[nodiscard]] std::optional<PeerId> worst_client_of(PeerId server) const {
        std::optional<PeerId> worst;
        for (PeerId id = 0; id < peers_.size(); ++id) {
            auto const& peer = peers_[id];
            if (peer.is_server || !is_up(peer) || peer.server != server) continue;
            if (!worst || peer.distance > peers_[*worst].distance) worst = id;
        }
        return worst;
    }

    Experiment experiment_;
    Rng chance_;
    std::vector<Peer> peers_;
    std::optional<volunteer::Controller> controller_;
    unsigned number_ = 0;
};

/// By the nearest rank. @pre sorted, not empty
template <class T>
double quantile(std::vector<T> const& sorted, double share) {
    auto const rank = std::ceil(share * static_cast<double>(sorted.size()));
    return static_cast<double>(sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1]);
}

}  // namespace

Outcome run(Experiment const& experiment) {
    constexpr double low = 0.05, middle = 0.5, high = 0.95;
    std::vector<std::uint64_t> servers;
    std::vector<unsigned> to_met;
    double delays = 0, sum = 0;
    std::uint64_t known = 0, met = 0;
    for (unsigned number = 0; number < experiment.runs; ++number) {
        Farm farm{experiment, number};
        std::optional<unsigned> first;
        for (unsigned round = 1; round <= experiment.rounds; ++round) {
            farm.round(round);
            auto const delay = farm.delay_ms();
            bool const holds = delay && *delay <= experiment.requirement_ms;
            if (holds && !first) first = round;
            if (round <= experiment.rounds / 2) continue;
            servers.push_back(farm.servers());
            sum += static_cast<double>(servers.back());
            if (delay) delays += *delay, ++known;
            met += holds ? 1 : 0;
        }
        to_met.push_back(first.value_or(std::numeric_limits<unsigned>::max()));
    }
    std::sort(servers.begin(), servers.end());
    std::sort(to_met.begin(), to_met.end());
    Outcome outcome;
    outcome.servers_p5 = quantile(servers, low);
    outcome.servers_p50 = quantile(servers, middle);
    outcome.servers_p95 = quantile(servers, high);
    outcome.servers_mean = sum / static_cast<double>(servers.size());
    outcome.delay_mean = known == 0 ? 0 : delays / static_cast<double>(known);
    outcome.rounds_met = static_cast<double>(met) / static_cast<double>(servers.size());
    if (auto const half = quantile(to_met, middle); half <= experiment.rounds) outcome.rounds_to_met_p50 = half;
    return outcome;
}

}  // namespace praline::simulate::volunteers
