#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "tools/simulate/applications/objects.hpp"
#include "tools/simulate/applications/storage.hpp"
#include "tools/simulate/applications/web_cache.hpp"
#include "tools/simulate/applications/work_units.hpp"

namespace praline::simulate {

/// Command lines of `simulate storage`, `web-cache`, `work-units` and `objects`.
struct ApplicationOrders {
    applications::StorageExperiment storage;
    applications::WebCacheExperiment web_cache;
    applications::WorkUnitsExperiment work_units;
    applications::ObjectsExperiment objects;
    std::string underlay = "transit-stub";  ///< of the objects
    bool no_diversion = false, json = false;
};

/// Adds the subcommands; when one is given, `action` carries it out.   @pre `orders` outlives both
void add_applications(CLI::App& app, ApplicationOrders& orders, std::function<int()>& action);

}  // namespace praline::simulate
