#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "tools/simulate/structured/lookups.hpp"

namespace praline::simulate {

/// A command line of `simulate structured`.
struct StructuredOrder {
    structured::Experiment experiment;
    std::vector<std::string> overlays;
    std::string underlay = "plane";
    bool ideal = false, json = false;
};

/// Adds the subcommand; when it is given, `action` carries it out.   @pre `order` outlives both
void add_structured(CLI::App& app, StructuredOrder& order, std::function<int()>& action);

/// What is printed. @throws BadInput naming an overlay that is not known
[[nodiscard]] std::string carry_out(StructuredOrder const& order);

}  // namespace praline::simulate
