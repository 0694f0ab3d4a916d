#include "tools/simulate/structured_command.hpp"

#include <algorithm>
#include <cstdio>

#include "tools/simulate/report/report.hpp"
#include "tools/simulate/report/text_forms.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate {

namespace {

using report::rounded;
using report::shortest;

std::string number(std::optional<double> const& value) { return value ? shortest(*value) : "null"; }
std::string number(std::optional<double> const& value, int decimals) { return value ? rounded(*value, decimals) : "-"; }

std::string names() {
    std::string text;
    for (auto const& overlay : structured::overlays()) text += (text.empty() ? "" : ", ") + std::string{overlay.name};
    return text;
}

/// By formula: hops alone.
std::string json_of(std::string const& name, StructuredOrder const& order,
                    std::optional<structured::Outcome> const& outcome, std::optional<double> const& hops) {
    auto const& experiment = order.experiment;
    auto const of = [&](auto const& field) { return outcome ? number(field) : std::string{"null"}; };
    return "{\"overlay\":\"" + name + "\",\"nodes\":" + std::to_string(experiment.settings.nodes) +
           ",\"hops_mean\":" + number(hops) +
           ",\"hops_max\":" + (outcome ? std::to_string(outcome->hops_max) : std::string{"null"}) +
           ",\"timeouts_mean\":" + of(outcome ? outcome->timeouts_mean : std::nullopt) +
           ",\"success_rate\":" + of(outcome ? std::optional{outcome->success_rate} : std::nullopt) +
           ",\"entries_mean\":" + of(outcome ? std::optional{outcome->entries_mean} : std::nullopt) +
           ",\"stretch_mean\":" + of(outcome ? outcome->stretch_mean : std::nullopt) +
           ",\"lookups\":" + std::to_string(outcome ? experiment.lookups : 0) +
           ",\"fail\":" + shortest(experiment.failed) + ",\"dims\":" + std::to_string(experiment.settings.dims) +
           ",\"seed\":" + std::to_string(experiment.settings.seed) + ",\"ideal\":" + (order.ideal ? "true" : "false") +
           ",\"underlay\":" + report::json_text(order.underlay) + "}";
}

std::string row_of(std::string const& name, std::optional<structured::Outcome> const& outcome,
                   std::optional<double> const& hops) {
    std::string row = name;
    row.resize(std::max<std::size_t>(row.size(), 10), ' ');
    std::vector<std::string> const fields{number(hops, 3),
                                          outcome ? std::to_string(outcome->hops_max) : "-",
                                          number(outcome ? outcome->timeouts_mean : std::nullopt, 2),
                                          number(outcome ? std::optional{outcome->success_rate} : std::nullopt, 4),
                                          number(outcome ? std::optional{outcome->entries_mean} : std::nullopt, 1),
                                          number(outcome ? outcome->stretch_mean : std::nullopt, 2)};
    for (auto const& field : fields)
        row += std::string(std::max<std::size_t>(10, field.size()) - field.size(), ' ') + field;
    return row + '\n';
}

}  // namespace

std::string carry_out(StructuredOrder const& order) {
    for (auto const& name : order.overlays)
        if (structured::overlay_named(name) == nullptr)
            throw world::BadInput{"overlay " + name + " is not simulated; there are " + names()};
    auto experiment = order.experiment;
    auto& settings = experiment.settings;
    settings.underlay = structured::make_underlay(order.underlay, settings.nodes, settings.seed);
    if (order.ideal && order.experiment.failed > 0)
        throw world::BadInput{"--ideal prints formulas, which know of no failures: leave out --fail"};
    if (std::llround(order.experiment.failed * settings.nodes) >= settings.nodes)
        throw world::BadInput{"no node is left up with --fail " + shortest(order.experiment.failed)};
    std::string text = order.json ? "[" : "overlay     hops mean       max  timeouts   success   entries   stretch\n";
    for (auto const& name : order.overlays) {
        auto const geometry = structured::overlay_named(name)->make(settings);
        std::optional<structured::Outcome> outcome;
        if (!order.ideal) outcome = structured::look_up(*geometry, experiment);
        auto const hops = outcome ? outcome->hops_mean : geometry->formula_hops();
        if (order.json)
            text += (text.size() > 1 ? ",\n " : "") + json_of(name, order, outcome, hops);
        else
            text += row_of(name, outcome, hops);
    }
    return order.json ? text + "]\n" : text;
}

void add_structured(CLI::App& app, StructuredOrder& order, std::function<int()>& action) {
    auto* const command = app.add_subcommand(
        "structured", "lookups in structured overlays: hops to the node that has a random key, asked by a random node");
    auto& experiment = order.experiment;
    command->add_option("--overlays", order.overlays, "of " + names())->delimiter(',')->required();
    command->add_option("--nodes", experiment.settings.nodes, "whose joins have come to rest")
        ->check(CLI::Range(1U, structured::nodes_max))
        ->capture_default_str();
    command->add_option("--lookups", experiment.lookups, "of each overlay")
        ->check(CLI::Range(std::uint64_t{1}, structured::lookups_max))
        ->capture_default_str();
    command->add_option("--fail", experiment.failed, "so many of the nodes fail at once, and nothing is repaired yet")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command->add_option("--dims", experiment.settings.dims, "dimensions of CAN")
        ->check(CLI::Range(1U, structured::dims_max))
        ->capture_default_str();
    command
        ->add_option("--underlay", order.underlay,
                     "where nodes are and how long messages take: plane, waxman[:ROUTERS:ALPHA:BETA], "
                     "transit-stub[:DOMAINS:ROUTERS:STUBS:ROUTERS] (ROUTERS of a transit and of a stub domain) or "
                     "matrix:FILE (round trips)")
        ->option_text("FORM")
        ->capture_default_str();
    command->add_flag("--ideal", order.ideal, "the formula of its paper in place of lookups");
    command->add_option("--seed", experiment.settings.seed, "of keys, places, failures and lookups")
        ->capture_default_str();
    command->add_option("--threads", experiment.threads, "the result is the same with any number")
        ->check(CLI::Range(1U, world::threads_max))
        ->capture_default_str();
    command->add_flag("--json", order.json, "print JSON");
    command->callback([&] {
        action = [&] {
            std::printf("%s", carry_out(order).c_str());
            return 0;
        };
    });
}

}  // namespace praline::simulate
