#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "tools/simulate/volunteers/volunteers.hpp"

namespace praline::simulate {

/// A command line of `simulate volunteers`.
struct VolunteersOrder {
    volunteers::Experiment experiment;
    bool json = false;
};

/// Adds the subcommand; when it is given, `action` carries it out.   @pre `order` outlives both
void add_volunteers(CLI::App& app, VolunteersOrder& order, std::function<int()>& action);

/// One JSON object, whose fields are fixed.
[[nodiscard]] std::string to_json(volunteers::Experiment const& experiment, volunteers::Outcome const& outcome);
/// The same for people.
[[nodiscard]] std::string to_text(volunteers::Experiment const& experiment, volunteers::Outcome const& outcome);

}  // namespace praline::simulate
