#include "tools/simulate/volunteers_command.hpp"

#include <cstdio>

#include "tools/simulate/report/text_forms.hpp"

namespace praline::simulate {

namespace {

using report::rounded;
using report::shortest;
using volunteers::Experiment;
using volunteers::Outcome;

constexpr double longest_ms = 1e9;
constexpr std::uint32_t few_peers = 100, more_peers = 300;
constexpr unsigned runs_of_few = 400, runs_of_more = 100, runs_of_many = 50;

unsigned usual_runs(std::uint32_t peers) {
    return peers <= few_peers ? runs_of_few : peers <= more_peers ? runs_of_more : runs_of_many;
}

}  // namespace

void add_volunteers(CLI::App& app, VolunteersOrder& order, std::function<int()>& action) {
    auto* const command = app.add_subcommand(
        "volunteers", "peers that become servers while answers take too long: how many there are, and what they bring");
    auto& experiment = order.experiment;
    command->add_option("--peers", experiment.peers, "points in a square whose side is so many milliseconds")
        ->check(CLI::Range(1U, volunteers::peers_max))
        ->required();
    command
        ->add_option("--requirement", experiment.requirement_ms,
                     "mean delay that is to be held, in ms: the service and the way to the nearest server")
        ->check(CLI::Range(1.0, longest_ms))
        ->required();
    command->add_option("--service", experiment.service_ms, "what a server needs for a request, in ms")
        ->check(CLI::Range(0.0, longest_ms))
        ->capture_default_str();
    command
        ->add_option("--attack", experiment.attack,
                     "each live server goes down with this probability, again and again, for one to ten rounds")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command->add_option("--attack-every", experiment.attack_every_rounds, "rounds from one attack to the next")
        ->check(CLI::Range(1U, volunteers::rounds_max))
        ->capture_default_str();
    command->add_option("--timeout", experiment.timeout_ms, "what a client waits once for a server that is gone, in ms")
        ->check(CLI::Range(0.0, longest_ms))
        ->capture_default_str();
    command->add_flag("--each-for-itself", experiment.each_for_itself,
                      "for comparison: each server judges by its own clients alone, and none retires");
    command->add_option("--rounds", experiment.rounds, "of a run; figures are of the second half")
        ->check(CLI::Range(2U, volunteers::rounds_max))
        ->capture_default_str();
    command->add_option("--seed", experiment.seed, "of all points and attacks")->capture_default_str();
    experiment.runs = 0;
    command
        ->add_option("--runs", experiment.runs, "with other points each; 400 up to 100 peers, 100 up to 300, else 50")
        ->check(CLI::Range(1U, volunteers::runs_max));
    command->add_flag("--json", order.json, "print JSON");
    command->callback([&] {
        action = [&] {
            if (order.experiment.runs == 0) order.experiment.runs = usual_runs(order.experiment.peers);
            auto const outcome = volunteers::run(order.experiment);
            auto const text = order.json ? to_json(order.experiment, outcome) : to_text(order.experiment, outcome);
            std::printf("%s\n", text.c_str());
            return 0;
        };
    });
}

std::string to_json(Experiment const& experiment, Outcome const& outcome) {
    auto const to_met = outcome.rounds_to_met_p50 ? shortest(*outcome.rounds_to_met_p50) : std::string{"null"};
    return "{\"peers\":" + std::to_string(experiment.peers) +
           ",\"requirement_ms\":" + shortest(experiment.requirement_ms) +
           ",\"service_ms\":" + shortest(experiment.service_ms) + ",\"attack\":" + shortest(experiment.attack) +
           ",\"attack_every\":" + std::to_string(experiment.attack_every_rounds) +
           ",\"timeout_ms\":" + shortest(experiment.timeout_ms) +
           ",\"each_for_itself\":" + (experiment.each_for_itself ? "true" : "false") +
           ",\"rounds\":" + std::to_string(experiment.rounds) + ",\"runs\":" + std::to_string(experiment.runs) +
           ",\"seed\":" + std::to_string(experiment.seed) + ",\"servers_p5\":" + shortest(outcome.servers_p5) +
           ",\"servers_p50\":" + shortest(outcome.servers_p50) + ",\"servers_p95\":" + shortest(outcome.servers_p95) +
           ",\"servers_mean\":" + shortest(outcome.servers_mean) + ",\"delay_mean\":" + shortest(outcome.delay_mean) +
           ",\"rounds_met\":" + shortest(outcome.rounds_met) + ",\"rounds_to_met_p50\":" + to_met + "}";
}

std::string to_text(Experiment const& experiment, Outcome const& outcome) {
    constexpr double per_cent = 100;
    auto const to_met = outcome.rounds_to_met_p50
                            ? "first held in round " + rounded(*outcome.rounds_to_met_p50, 0) + " (median)"
                            : std::string{"not held by half of the runs"};
    return std::to_string(experiment.peers) + " peers, mean delay to be held " + rounded(experiment.requirement_ms, 1) +
           " ms, " + std::to_string(experiment.runs) + " runs of " + std::to_string(experiment.rounds) +
           " rounds:\n  servers     " + rounded(outcome.servers_mean, 2) + " in the mean, " +
           rounded(outcome.servers_p5, 0) + " to " + rounded(outcome.servers_p95, 0) +
           " in nine of ten rounds\n  mean delay  " + rounded(outcome.delay_mean, 1) + " ms; requirement held in " +
           rounded(per_cent * outcome.rounds_met, 1) + " % of the rounds, " + to_met;
}

}  // namespace praline::simulate
