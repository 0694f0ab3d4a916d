#include <array>
#include <iostream>
#include <stdexcept>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/config.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "webui/api/views_json.hpp"

namespace praline {
namespace json = boost::json;
namespace {

/// Throws std::invalid_argument with a sentence for what is no rate: it was written so on the command line.
json::object change_of(LimitsCommand const& command) {
    json::object change;
    auto const add = [&](char const* key, std::optional<std::string> const& rate) {
        if (!rate) return;
        Config scratch;
        if (auto const problem = set_value(scratch, key, *rate); !problem.empty()) throw std::invalid_argument{problem};
        change[key] = *rate;
    };
    add("upload_limit", command.upload);
    add("download_limit", command.download);
    add("overlay_limit", command.overlay);
    return change;
}

bool is_limit(std::string const& key) {
    return key == "upload_limit" || key == "download_limit" || key == "overlay_limit" || key == "bandwidth_schedule";
}

void print_limits(std::vector<webui::SettingView> const& settings) {
    std::vector<std::vector<std::string>> table{{"LIMIT", "VALUE", "FROM"}};
    std::vector<std::string> rules;
    for (auto const& one : settings) {
        if (!is_limit(one.key)) continue;
        if (one.list)
            rules = one.values;
        else
            table.push_back({one.key, printable(one.value), one.source});
    }
    print_table(table);
    for (auto const& rule : rules) std::cout << "Rule: " << printable(rule) << '\n';
}

}  // namespace

int run_limits(CommandContext const& context, LimitsCommand const& command) {
    auto const change = change_of(command);
    auto api = connect_to_node(context);
    if (!change.empty()) api.patch("/settings", change);
    auto const answer = api.get("/settings");
    if (!context.json) {
        print_limits(webui::list_from_json<webui::SettingView>(answer, "settings"));
        return exit_ok;
    }
    json::array limits;
    for (auto const& one : webui::list_in(answer, "settings"))
        if (is_limit(std::string{one.at("key").as_string()})) limits.push_back(one);
    print_json(json::object{{"settings", std::move(limits)}});
    return exit_ok;
}

}  // namespace praline
