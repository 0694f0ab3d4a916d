#include <cstdio>
#include <iostream>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/print.hpp"
#include "tools/praline/run_index.hpp"

/// The subcommands of `praline index` that talk to a running server, and the systemd unit.
namespace praline {
namespace json = boost::json;

namespace {

ApiClient connect_to_index(CommandContext const& context) {
    auto server = find_running_node(context.data_directory);
    if (!server)
        throw ApiError{"No index server is running on the data directory " + context.data_directory +
                           ". Start one with `praline index`, or name its directory with --data.",
                       0, "not_running"};
    return ApiClient{std::move(*server), {"index server", "praline index"}};
}

std::string decimal(double value, char const* unit) {
    char text[48];
    std::snprintf(text, sizeof text, "%.1f%s", value, unit);
    return text;
}

std::string latency_text(json::value const& status, char const* key) {
    auto const& latency = status.as_object().at(key);
    return decimal(real_field(latency, "per_second"), " a second, half within ") +
           decimal(real_field(latency, "p50_ms"), " ms, 99 % within ") +
           decimal(real_field(latency, "p99_ms"), " ms, ") + std::to_string(number_field(latency, "count")) + " in all";
}

std::string way_text(json::value const& member) {
    if (bool_field(member, "direct")) return "direct";
    auto const relay = text_field(member, "by_way_of");
    return relay.empty() ? "no way" : "by way of " + relay;
}

void print_members(json::value const& status) {
    std::vector<std::vector<std::string>> rows{{"SERVER", "ID", "WAY", "HEARD", "WE LACK", "IT LACKS", "CATALOGUE"}};
    for (auto const& member : list_field(status, "members")) {
        auto const differing = number_field(member, "differing");
        rows.push_back({text_field(member, "address"), text_field(member, "id"), way_text(member),
                        human_seconds(real_field(member, "silent_seconds")) + " ago" +
                            (bool_field(member, "suspected") ? ", suspected" : ""),
                        std::to_string(number_field(member, "writes_missing")),
                        std::to_string(number_field(member, "acks_missing")),
                        bool_field(member, "same") ? "the same"
                        : differing > 0            ? std::to_string(differing) + " differ"
                                                   : "not compared yet"});
    }
    if (rows.size() > 1) {
        std::cout << '\n';
        print_table(rows);
    }
}

}  // namespace

int run_index_status(CommandContext const& context, IndexCommand const& command) {
    auto api = connect_to_index(context);
    if (command.login_link) {
        auto const answer = api.post("/login-links", json::object{});
        if (context.json)
            print_json(answer);
        else
            std::cout << text_field(answer, "link") << '\n';
        return exit_ok;
    }
    auto const status = api.get("/index/status");
    if (context.json) {
        print_json(status);
        return exit_ok;
    }
    auto const number = [](json::value const& of, char const* key) { return std::to_string(number_field(of, key)); };
    auto const& catalogue = status.as_object().at("catalogue");
    std::string const state = bool_field(status, "draining")        ? "draining"
                              : bool_field(status, "answers_alone") ? "complete"
                                                                    : "young: it asks another server too";
    print_table({
        {"index server",
         text_field(status, "server") + ", up " + human_seconds(real_field(status, "uptime_seconds")) + ", " + state},
        {"reached at", text_field(status, "address")},
        {"group's key", text_field(status, "group_key")},
        {"nodes", number(status, "sessions") + " connected, " + number(status, "publishers_here") + " signed in"},
        {"publishers", number(status, "publishers") + " in the group"},
        {"catalogue", number(catalogue, "entries") + " entries, " + number(catalogue, "files") + " files, " +
                          human_bytes(number_field(catalogue, "disk_bytes"))},
        {"digest", text_field(status, "digest")},
        {"searches", latency_text(status, "searches")},
        {"changes", latency_text(status, "writes")},
    });
    print_members(status);
    if (auto const problem = text_field(status, "problem"); !problem.empty())
        std::cout << '\n' << printable(problem) << '\n';
    return exit_ok;
}

int run_index_drain(CommandContext const& context) {
    auto const answer = connect_to_index(context).post("/index/drain", json::object{});
    if (context.json)
        print_json(answer);
    else
        std::cout << "The index server sends its nodes to other servers, then stops.\n";
    return exit_ok;
}

int run_index_unit() {
    std::cout << index_unit_text();
    return exit_ok;
}

}  // namespace praline
