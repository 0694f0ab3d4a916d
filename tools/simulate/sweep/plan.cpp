#include "tools/simulate/sweep/plan.hpp"

#include <algorithm>
#include <string_view>

#include "node/base/text.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::sweep {

namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

/// Every combination.
std::vector<Values> points_of(std::vector<Varied> const& varied) {
    std::size_t points = 1;
    for (auto const& one : varied) {
        if (one.values.size() > world::points_max / points)
            throw world::BadInput{"that makes more than " + std::to_string(world::points_max) + " points"};
        points *= one.values.size();
    }
    std::vector<Values> all(points);
    for (std::size_t point = 0; point < points; ++point) {
        std::size_t rest = point;
        for (std::size_t at = varied.size(); at-- > 0; rest /= varied[at].values.size())
            all[point].emplace_back(varied[at].key, varied[at].values[rest % varied[at].values.size()]);
        std::reverse(all[point].begin(), all[point].end());
    }
    return all;
}

world::Request request_of(Job const& job, Values const& values) {
    auto request = defaults_of(job.command);
    auto settings = job.settings;
    for (auto const& [key, value] : values) settings.push_back({key, value, "--vary " + key});
    auto complaints = world::apply(settings, request);
    if (complaints.empty() && request.topology.empty())
        complaints.emplace_back("a topology is needed: --topology SPEC, or a line of a scenario");
    if (complaints.empty() && job.command == "run" && request.strategy.empty())
        complaints.emplace_back("a strategy is needed: --strategy NAME, or a line of a scenario");
    std::string text;
    for (auto const& complaint : complaints) text += (text.empty() ? "" : "\n") + complaint;
    if (!text.empty()) throw world::BadInput{text};
    return request;
}

}  // namespace

Varied parse_varied(std::string const& text) {
    auto const equals = text.find('=');
    std::string key = text.substr(0, equals);
    std::replace(key.begin(), key.end(), '-', '_');
    if (equals == std::string::npos) throw world::BadInput{"--vary wants KEY=VALUE,VALUE…, not \"" + text + "\""};
    if (world::key_named(key) == nullptr) throw world::BadInput{"--vary " + key + ": there is no such key"};
    if (key == "threads" || key == "strategy" || key == "strategies")
        throw world::BadInput{"--vary " + key + ": every point has all strategies and the same threads; use " +
                              (key == "threads" ? "--threads" : "--strategies")};
    Varied varied{key, {}};
    for (auto const value : split(std::string_view{text}.substr(equals + 1), ',')) varied.values.emplace_back(value);
    if (varied.values.empty()) throw world::BadInput{"--vary " + key + ": no value is named"};
    return varied;
}

std::vector<Cell> cells_of(Job const& job) {
    for (std::size_t at = 0; at < job.varied.size(); ++at)
        for (std::size_t before = 0; before < at; ++before)
            if (job.varied[at].key == job.varied[before].key)
                throw world::BadInput{"--vary " + job.varied[at].key + " is there twice; name all values in one"};
    std::vector<Cell> cells;
    for (auto const& values : points_of(job.varied)) {
        auto const request = request_of(job, values);
        auto const strategies = job.command == "run" ? std::vector{request.strategy} : request.strategies;
        for (auto const& strategy : strategies) {
            cells.push_back({request, request.options, values});
            cells.back().options.strategy = world::strategy_named(strategy);
        }
    }
    return cells;
}

world::Request defaults_of(std::string const& command) {
    world::Request request;
    request.options.log_events = command != "run";
    return request;
}

}  // namespace praline::simulate::sweep
