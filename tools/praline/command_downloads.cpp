#include <iostream>
#include <map>

#include <boost/json.hpp>

#include "node/base/path_text.hpp"
#include "node/base/text.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/paths.hpp"
#include "tools/praline/print.hpp"
#include "webui/api/views_json.hpp"

namespace praline {
namespace json = boost::json;

namespace {

std::string percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0
               ? "-"
               : std::to_string(static_cast<unsigned>(static_cast<double>(part) / static_cast<double>(whole) * 100)) +
                     " %";
}

std::string state_of(webui::DownloadView const& one) {
    return one.queue_place ? one.state + ", place " + std::to_string(*one.queue_place) : one.state;
}

/// A row of the table: a download, or a folder with what its files sum up to.
struct Row {
    std::string id, name, state, priority;
    std::uint64_t files = 0, completed = 0, size_bytes = 0, verified_bytes = 0;
};

std::vector<Row> rows_of(std::vector<webui::DownloadView> const& downloads, bool each_file) {
    std::vector<Row> rows;
    std::map<std::string, std::size_t> of_group;
    for (auto const& one : downloads) {
        bool const is_group = !one.group.empty() && !each_file;
        auto const name = each_file && !one.below.empty() ? one.below + "/" + one.name : one.name;
        auto const [at, is_new] = is_group ? of_group.emplace(one.group, rows.size()) : std::pair{of_group.end(), true};
        if (is_new)
            rows.push_back(
                {is_group ? one.group : one.id, is_group ? one.group_name + "/" : name, state_of(one), one.priority});
        auto& row = is_group ? rows[at->second] : rows.back();
        ++row.files;
        row.completed += one.state == "completed" ? 1 : 0;
        row.size_bytes += one.size_bytes;
        row.verified_bytes += one.verified_bytes;
        if (is_group) row.state = std::to_string(row.completed) + " of " + std::to_string(row.files) + " files";
    }
    return rows;
}

void print_downloads(json::value const& answer, bool each_file) {
    std::vector<std::vector<std::string>> table{{"ID", "STATE", "PRIORITY", "SIZE", "VERIFIED", "NAME"}};
    for (auto const& row : rows_of(webui::list_from_json<webui::DownloadView>(answer, "downloads"), each_file))
        table.push_back({row.id, row.state, row.priority, human_bytes(row.size_bytes),
                         percent(row.verified_bytes, row.size_bytes), printable(row.name)});
    if (table.size() == 1)
        std::cout << "There are no downloads.\n";
    else
        print_table(table);
}

json::object change_of(DownloadsCommand const& command) {
    json::object change;
    if (command.priority) change["priority"] = *command.priority;
    if (command.folder) change["folder"] = command.folder->empty() ? "" : path_text(absolute_path(*command.folder));
    if (command.move) change["move"] = *command.move;
    return change;
}

}  // namespace

int run_downloads(CommandContext const& context, DownloadsCommand const& command) {
    using Act = DownloadsCommand::Act;
    auto const change = change_of(command);
    if (command.act == Act::set && change.empty()) {
        std::cerr << "Say what is to change: --priority, --folder or --move.\n";
        return exit_usage;
    }
    auto api = connect_to_node(context);
    for (auto const& id : command.ids) {
        auto const path = "/downloads/" + percent_encode(id);
        switch (command.act) {
            case Act::list: break;
            case Act::set: api.patch(path, change); break;
            case Act::pause: api.post(path + "/pause", json::object{}); break;
            case Act::resume: api.post(path + "/resume", json::object{}); break;
            case Act::remove: api.remove(path); break;
        }
    }
    auto const answer = api.get("/downloads");
    if (context.json)
        print_json(answer);
    else
        print_downloads(answer, command.files);
    return exit_ok;
}

}  // namespace praline
