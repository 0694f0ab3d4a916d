#include <iostream>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "webui/api/views_json.hpp"

namespace praline {
namespace json = boost::json;

namespace {

std::string index_status_text(webui::IndexView const& index) {
    if (!index.configured) return "no index server is configured";
    auto const problem = printable(index.problem);
    if (index.server.empty()) return problem.empty() ? "looking for a server" : problem;
    std::string text =
        "signed in to " + index.server + (index.stand_by.empty() ? "" : ", " + index.stand_by + " stands by") + "; ";
    if (!index.published)
        text += "what is shared is being published";
    else if (index.replicas == 0)
        text += "nothing is shared";
    else
        text += "what is shared is at " + std::to_string(index.replicas) + " of " + std::to_string(index.members) +
                " servers";
    return problem.empty() ? text : text + ". " + problem;
}

std::string after_dot(std::string const& problem) { return problem.empty() ? problem : ". " + problem; }

}  // namespace

int run_status(CommandContext const& context, StatusCommand const& command) {
    auto api = connect_to_node(context);
    if (command.stop) {
        api.post("/shutdown", json::object{});
        if (!context.json) std::cout << "The node is stopping.\n";
        return exit_ok;
    }
    if (command.login_link) {
        auto const answer = api.post("/login-links", json::object{});
        if (context.json)
            print_json(answer);
        else
            std::cout << webui::from_json<webui::LoginLinkView>(answer).link << '\n';
        return exit_ok;
    }
    auto const answer = api.get("/status");
    if (context.json) {
        print_json(answer);
        return exit_ok;
    }
    auto const status = webui::from_json<webui::StatusView>(answer);
    auto const number = [](std::uint64_t count) { return std::to_string(count); };
    std::vector<std::vector<std::string>> const rows{
        {"Praline", status.version + ", up " + human_seconds(status.uptime_seconds)},
        {"role", status.role + " (mode " + status.mode + ", network " + status.network + ")"},
        {"listening", status.listen},
        {"data", status.data_directory},
        {"downloads", status.downloads_directory},
        {"links", number(status.links_to_ultrapeers) + " to ultrapeers, " + number(status.links_to_leaves) +
                      " to leaves, " + number(status.known_hosts) + " hosts known"},
        {"shared", number(status.shared_files) + " files, " + human_bytes(status.shared_bytes) + ", " +
                       number(status.files_waiting) + " waiting" + after_dot(printable(status.library_problem))},
        {"busy with", number(status.searches_open) + " searches, " + number(status.downloads_active) + " downloads, " +
                          number(status.uploads_active) + " uploads"},
        {"received", human_bytes(status.bytes_downloaded)},
        {"sent", human_bytes(status.bytes_uploaded)},
        {"index", index_status_text(status.index)},
    };
    print_table(rows);
    return exit_ok;
}

}  // namespace praline
