// T19: how many volunteers serve a community.
#include <string>

#include "tools/reproduce/targets.hpp"
#include "tools/simulate/volunteers/volunteers.hpp"

namespace praline::reproduce {
namespace {

using simulate::volunteers::Experiment;
using simulate::volunteers::Outcome;

Experiment experiment_of(Options const& options, std::uint32_t peers, double requirement_ms) {
    Experiment experiment;
    experiment.peers = peers;
    experiment.requirement_ms = requirement_ms;
    experiment.seed = options.seed;
    experiment.runs = peers > 100 ? 50 : options.quick ? 80 : 400;
    return experiment;
}

}  // namespace

Target volunteers(Options const& options) {
    Target target{
        "T19", "How many volunteers serve a community",
        "the Volunteers thesis, tables 4-1 and 4-2 and figures 4-1 to 4-5",
        "index/volunteer decides. Peers are points in a square whose side in milliseconds is their number, and a "
        "request takes 100 ms and the distance to the nearest server: its own topology and times are not given, and "
        "these fit its tables. Its rounds depend on the depth of its trees, which is not given either."};
    struct Row {
        std::uint32_t peers;
        double requirement_ms, servers, delay_ms;
    };
    unsigned inside = 0;
    for (auto const& row : {Row{10, 102, 3, 102}, Row{100, 150, 1, 147}, Row{100, 140, 3, 135}, Row{100, 130, 5, 123},
                            Row{100, 120, 9, 117}, Row{100, 115, 11, 114}, Row{1000, 300, 8, 292}}) {
        auto const outcome = simulate::volunteers::run(experiment_of(options, row.peers, row.requirement_ms));
        bool const is_inside = outcome.servers_p5 <= row.servers && row.servers <= outcome.servers_p95;
        inside += is_inside ? 1 : 0;
        auto const what = std::to_string(row.peers) + " peers, " + fixed(row.requirement_ms, 0) + " ms: ";
        target.checks.push_back(
            within_share(what + "mean delay, milliseconds", row.delay_ms, outcome.delay_mean, 0.06, 1));
        target.checks.push_back(at_most(what + "and no more than required", fixed(row.delay_ms, 0), row.requirement_ms,
                                        outcome.delay_mean, 1));
    }
    target.checks.push_back(
        at_least("of seven numbers of servers, those inside our 5 to 95 % of rounds", "7", 6, inside, 0));
    double width = -1;
    for (double const attack : {0.1, 0.2, 0.3, 0.4}) {
        auto attacked = experiment_of(options, 100, 120);
        attacked.attack = attack;
        auto const outcome = simulate::volunteers::run(attacked);
        auto const now = outcome.servers_p95 - outcome.servers_p5;
        if (width >= 0)
            target.checks.push_back(at_least("figure 4-3, " + fixed(100 * attack, 0) +
                                                 " % attacked: servers between the 5th and the 95th percentile",
                                             "more than with a lighter attack", width, now, 1));
        width = now;
    }
    auto attacked = experiment_of(options, 100, 120);
    attacked.attack = 0.1;
    attacked.attack_every_rounds = 5;
    attacked.timeout_ms = 300;
    auto const together = simulate::volunteers::run(attacked);
    attacked.each_for_itself = true;
    auto const alone = simulate::volunteers::run(attacked);
    target.checks.push_back(
        at_least("control: each server judges alone under attack, servers over those of the controller", "no figure", 3,
                 alone.servers_mean / together.servers_mean, 1));
    target.checks.push_back(not_checked("rounds until the requirement is held", "4 to 84",
                                        "the depth of its trees, which delays each report, is not given"));
    target.checks.push_back(
        not_checked("figure 4-2: larger communities take longer", "", "trees of reports are not simulated yet"));
    target.checks.push_back(not_checked("figure 4-4: peers that come and go", "", "not simulated yet"));
    return target;
}

}  // namespace praline::reproduce
