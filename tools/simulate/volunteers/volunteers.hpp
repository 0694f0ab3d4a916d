#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace praline::simulate::volunteers {

constexpr std::uint32_t peers_max = 100'000;
constexpr unsigned runs_max = 10'000, rounds_max = 100'000;

/// Peers are points in a square whose side in milliseconds is their number, and a request takes `service_ms` and the
/// distance to the nearest live server. One of them serves at first; `index/volunteer` decides who else does.
struct Experiment {
    std::uint32_t peers = 100;
    double requirement_ms = 120;
    double service_ms = 100;
    double attack = 0;  ///< from time to time each live server goes down with this probability, for one to ten rounds
    unsigned attack_every_rounds = 10;
    double timeout_ms = 0;  ///< what a client waits once for a server that is gone, before it asks the next
    unsigned rounds = 200;
    unsigned runs = 400;  ///< each with other points
    std::uint64_t seed = 1;
    bool each_for_itself = false;  ///< the control: see `index::volunteer::Options`
};

/// Of the rounds of the second half, in which what there is to learn is learnt.
struct Outcome {
    double servers_p5 = 0, servers_p50 = 0, servers_p95 = 0, servers_mean = 0;  ///< that are up
    double delay_mean = 0;                                                      ///< of all peers that are up, in ms
    double rounds_met = 0;                    ///< share of those that hold the requirement
    std::optional<double> rounds_to_met_p50;  ///< to the first that holds it; empty: half of the runs never come there
};

/// The same on every machine. @pre numbers within their limits, 0 <= attack <= 1
[[nodiscard]] Outcome run(Experiment const& experiment);

}  // namespace praline::simulate::volunteers
