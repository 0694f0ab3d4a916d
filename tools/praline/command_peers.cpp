#include <iostream>

#include <boost/json.hpp>

#include "node/net/host_store.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"

namespace praline {
namespace json = boost::json;
namespace {

/// The host cache on disk: works while no node runs, too.
int print_known(CommandContext const& context) {
    json::array hosts;
    std::vector<std::vector<std::string>> rows{{"ADDRESS", "ULTRAPEER", "CONNECTED BEFORE"}};
    for (auto const& host : net::HostStore{context.data_directory + "/praline.db"}.load()) {
        hosts.push_back(json::object{{"address", host.endpoint.text()}, {"ultrapeer", host.ultrapeer}, {"last_seen", host.last_seen}, {"last_success", host.last_success}});
        rows.push_back({host.endpoint.text(), host.ultrapeer ? "yes" : "no", host.last_success > 0 ? "yes" : "no"});
    }
    if (context.json) print_json(json::object{{"hosts", hosts}});
    else print_table(rows);
    return exit_ok;
}

}  // namespace

int run_peers(CommandContext const& context, PeersCommand const& command) {
    if (command.known) return print_known(context);
    auto api = connect_to_node(context);
    if (command.connect) api.post("/peers", json::object{{"address", *command.connect}});
    if (command.disconnect) api.remove("/peers/" + std::to_string(*command.disconnect));
    auto const answer = api.get("/peers");
    if (context.json) {
        print_json(answer);
        return exit_ok;
    }
    std::vector<std::vector<std::string>> rows{{"ID", "ADDRESS", "KIND", "DIRECTION", "PROGRAM", "SINCE", "IN", "OUT"}};
    for (auto const& peer : list_field(answer, "peers")) {
        rows.push_back({std::to_string(number_field(peer, "id")), text_field(peer, "address"), text_field(peer, "kind"), text_field(peer, "direction"),
                        printable(text_field(peer, "user_agent")), human_seconds(real_field(peer, "connected_seconds")),
                        human_bytes(number_field(peer, "bytes_in")), human_bytes(number_field(peer, "bytes_out"))});
    }
    if (rows.size() == 1) std::cout << "No peers. Connect to one with `praline peers --connect HOST:PORT`.\n";
    else print_table(rows);
    return exit_ok;
}

}  // namespace praline
