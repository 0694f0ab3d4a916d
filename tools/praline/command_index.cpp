#include <cstdio>
#include <iostream>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/print.hpp"
#include "tools/praline/run_index.hpp"
#include "webui/api/views_json.hpp"
#include "webui/index/index_views.hpp"

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

std::string latency_text(webui::LatencyView const& latency) {
    return decimal(latency.per_second, " a second, half within ") + decimal(latency.p50_ms, " ms, 99 % within ") +
           decimal(latency.p99_ms, " ms, ") + std::to_string(latency.count) + " in all";
}

std::string way_text(webui::IndexMemberView const& member) {
    if (member.direct) return "direct";
    return member.by_way_of ? "by way of " + *member.by_way_of : "no way";
}

std::string comparison_text(webui::IndexMemberView const& member) {
    if (member.same) return "the same";
    return member.differing > 0 ? std::to_string(member.differing) + " differ" : "not compared yet";
}

void print_members(std::vector<webui::IndexMemberView> const& members) {
    std::vector<std::vector<std::string>> rows{{"SERVER", "ID", "WAY", "HEARD", "WE LACK", "IT LACKS", "CATALOGUE"}};
    for (auto const& member : members)
        rows.push_back({member.address, member.id, way_text(member),
                        human_seconds(member.silent_seconds) + " ago" + (member.suspected ? ", suspected" : ""),
                        std::to_string(member.writes_missing), std::to_string(member.acks_missing),
                        comparison_text(member)});
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
            std::cout << webui::from_json<webui::LoginLinkView>(answer).link << '\n';
        return exit_ok;
    }
    auto const answer = api.get("/index/status");
    if (context.json) {
        print_json(answer);
        return exit_ok;
    }
    auto const status = webui::index_server_from_json(answer);
    auto const number = [](std::uint64_t count) { return std::to_string(count); };
    std::string const state = status.draining        ? "draining"
                              : status.answers_alone ? "complete"
                                                     : "young: it asks another server too";
    print_table({
        {"index server", status.server + ", up " + human_seconds(status.uptime_seconds) + ", " + state},
        {"reached at", status.address},
        {"group's key", status.group_key},
        {"nodes", number(status.sessions) + " connected, " + number(status.publishers_here) + " signed in"},
        {"publishers", number(status.publishers) + " in the group"},
        {"catalogue", number(status.catalogue.entries) + " entries, " + number(status.catalogue.files) + " files, " +
                          human_bytes(status.catalogue.disk_bytes)},
        {"digest", status.digest},
        {"searches", latency_text(status.searches)},
        {"changes", latency_text(status.writes)},
    });
    print_members(status.members);
    if (!status.problem.empty()) std::cout << '\n' << printable(status.problem) << '\n';
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
