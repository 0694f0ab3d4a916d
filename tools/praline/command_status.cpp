#include <iostream>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"

namespace praline {
namespace json = boost::json;

namespace {

std::string index_status_text(json::value const& index) {
    if (!bool_field(index, "configured")) return "no index server is configured";
    auto const problem = printable(text_field(index, "problem"));
    auto const server = text_field(index, "server");
    if (server.empty()) return problem.empty() ? "looking for a server" : problem;
    auto const stand_by = text_field(index, "stand_by");
    std::string text = "signed in to " + server + (stand_by.empty() ? "" : ", " + stand_by + " stands by") + "; ";
    auto const replicas = number_field(index, "replicas");
    if (!bool_field(index, "published"))
        text += "what is shared is being published";
    else if (replicas == 0)
        text += "nothing is shared";
    else
        text += "what is shared is at " + std::to_string(replicas) + " of " +
                std::to_string(number_field(index, "members")) + " servers";
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
            std::cout << text_field(answer, "link") << '\n';
        return exit_ok;
    }
    auto const status = api.get("/status");
    if (context.json) {
        print_json(status);
        return exit_ok;
    }
    auto const number = [&](char const* key) { return std::to_string(number_field(status, key)); };
    std::vector<std::vector<std::string>> const rows{
        {"Praline", text_field(status, "version") + ", up " + human_seconds(real_field(status, "uptime_seconds"))},
        {"role", text_field(status, "role") + " (mode " + text_field(status, "mode") + ", network " +
                     text_field(status, "network") + ")"},
        {"listening", text_field(status, "listen")},
        {"data", text_field(status, "data_directory")},
        {"downloads", text_field(status, "downloads_directory")},
        {"links", number("links_to_ultrapeers") + " to ultrapeers, " + number("links_to_leaves") + " to leaves, " +
                      number("known_hosts") + " hosts known"},
        {"shared", number("shared_files") + " files, " + human_bytes(number_field(status, "shared_bytes")) + ", " +
                       number("files_waiting") + " waiting" +
                       after_dot(printable(text_field(status, "library_problem")))},
        {"busy with", number("searches_open") + " searches, " + number("downloads_active") + " downloads, " +
                          number("uploads_active") + " uploads"},
        {"received", human_bytes(number_field(status, "bytes_downloaded"))},
        {"sent", human_bytes(number_field(status, "bytes_uploaded"))},
        {"index", index_status_text(status.at("index"))},
    };
    print_table(rows);
    return exit_ok;
}

}  // namespace praline
