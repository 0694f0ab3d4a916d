#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>

#include <boost/json.hpp>

#include "node/base/text.hpp"
#include "node/net/host_store.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/node_storage.hpp"
#include "tools/praline/print.hpp"
#include "webui/api/views_json.hpp"

namespace praline {
namespace json = boost::json;
namespace {

constexpr std::chrono::seconds wait_for_peer_max{5};
constexpr std::chrono::milliseconds ask_again_after{50};

std::vector<overlay::HostRecord> known_hosts(std::string const& database) {
    try {
        return net::HostStore{database}.load();
    } catch (store::DatabaseError const& error) {
        throw std::runtime_error{node_database_advice(error, database)};
    }
}

/// The host cache on disk: works while no node runs, too.
int print_known(CommandContext const& context) {
    json::array hosts;
    std::vector<std::vector<std::string>> rows{{"ADDRESS", "ULTRAPEER", "CONNECTED BEFORE"}};
    auto const database = context.data_directory + "/praline.db";
    std::error_code error;
    // No node has run there yet: no hosts are known.
    auto const known =
        std::filesystem::exists(database, error) ? known_hosts(database) : std::vector<overlay::HostRecord>{};
    for (auto const& host : known) {
        hosts.push_back(json::object{{"address", host.endpoint.text()},
                                     {"ultrapeer", host.ultrapeer},
                                     {"last_seen", host.last_seen},
                                     {"last_success", host.last_success}});
        rows.push_back({host.endpoint.text(), host.ultrapeer ? "yes" : "no", host.last_success > 0 ? "yes" : "no"});
    }
    if (context.json)
        print_json(json::object{{"hosts", hosts}});
    else if (rows.size() == 1)
        std::cout << "No hosts are known yet.\n";
    else
        print_table(rows);
    return exit_ok;
}

std::vector<webui::NamedPeerView> named_peers_in(json::value const& answer) {
    return webui::list_from_json<webui::NamedPeerView>(answer, "named");
}

/// Waits until it is known whether the named peer is connected; the node goes on trying in any case.
void wait_for_peer(ApiClient& api, std::string const& name) {
    auto const give_up = std::chrono::steady_clock::now() + wait_for_peer_max;
    for (;;) {
        for (auto const& peer : named_peers_in(api.get("/peers"))) {
            if (peer.name != name) continue;
            if (peer.state == "connected") return;
            if (peer.state == "failed" || peer.state == "unknown_name")
                throw ApiError{peer.problem, 0, "not_connected"};
        }
        if (std::chrono::steady_clock::now() >= give_up)
            throw ApiError{
                name + " has not answered yet; the node goes on trying, and `praline peers` shows how far it is.", 0,
                "not_connected"};
        std::this_thread::sleep_for(ask_again_after);
    }
}

void print_not_connected(std::vector<webui::NamedPeerView> const& named) {
    for (auto const& peer : named) {
        if (peer.state == "connected") continue;
        auto const guess = peer.state == "connecting" ? "connecting" : "its name is being looked up";
        std::cout << "Not connected: " << printable(peer.name) << " ("
                  << (peer.problem.empty() ? guess : printable(peer.problem)) << ")\n";
    }
}

}  // namespace

int run_peers(CommandContext const& context, PeersCommand const& command) {
    if (command.known) return print_known(context);
    auto api = connect_to_node(context);
    if (command.connect) {
        auto const name = std::string{trim(*command.connect)};
        api.post("/peers", json::object{{"address", name}});
        wait_for_peer(api, name);
    }
    if (command.forget) api.remove("/peers?address=" + percent_encode(trim(*command.forget)));
    if (command.disconnect) api.remove("/peers/" + std::to_string(*command.disconnect));
    auto const answer = api.get("/peers");
    if (context.json) {
        print_json(answer);
        return exit_ok;
    }
    std::vector<std::vector<std::string>> rows{{"ID", "ADDRESS", "KIND", "DIRECTION", "PROGRAM", "SINCE", "IN", "OUT"}};
    for (auto const& peer : webui::list_from_json<webui::PeerView>(answer, "peers"))
        rows.push_back({std::to_string(peer.id), peer.address, peer.kind, peer.direction, printable(peer.user_agent),
                        human_seconds(peer.connected_seconds), human_bytes(peer.bytes_in),
                        human_bytes(peer.bytes_out)});
    if (rows.size() == 1)
        std::cout << "No peers. Connect to one with `praline peers --connect HOST:PORT`.\n";
    else
        print_table(rows);
    print_not_connected(named_peers_in(answer));
    return exit_ok;
}

}  // namespace praline
