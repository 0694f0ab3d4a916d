#include "index/client/client_files.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "node/base/text.hpp"
#include "node/store/durable_file.hpp"

namespace praline::index::client {
namespace {

constexpr std::int64_t no_round_trip = -1;

}  // namespace

ServerStore::ServerStore(std::string const& database_file) : database_{database_file} {
    database_.run(
        "CREATE TABLE IF NOT EXISTS index_servers (endpoint TEXT PRIMARY KEY, server INTEGER NOT NULL,"
        " round_trip_us INTEGER NOT NULL) WITHOUT ROWID");
}

std::vector<KnownServer> ServerStore::load() {
    std::vector<KnownServer> servers;
    auto rows = database_.prepare("SELECT endpoint, server, round_trip_us FROM index_servers ORDER BY endpoint");
    while (rows.step()) {
        auto const endpoint = Endpoint::parse(rows.text(0));
        if (!endpoint) continue;
        KnownServer server;
        server.endpoint = *endpoint;
        server.id = ServerId{static_cast<std::uint64_t>(rows.integer(1))};
        if (rows.integer(2) != no_round_trip) server.round_trip = Duration{rows.integer(2)};
        servers.push_back(server);
    }
    return servers;
}

void ServerStore::save(std::vector<KnownServer> const& servers) {
    store::Transaction transaction{database_};
    database_.run("DELETE FROM index_servers");
    auto insert = database_.prepare("INSERT OR REPLACE INTO index_servers VALUES (?, ?, ?)");
    for (auto const& server : servers) {
        insert.bind(1, std::string_view{server.endpoint.text()})
            .bind(2, static_cast<std::int64_t>(server.id.value()))
            .bind(3, server.round_trip ? std::int64_t{server.round_trip->count()} : no_round_trip)
            .run();
    }
    transaction.commit();
}

PinnedKey::PinnedKey(std::string file) : file_{std::move(file)} {
    std::ifstream in{file_};
    if (!in) return;
    std::string line;
    std::getline(in, line);
    auto const bytes = from_hex(trim(line));
    if (!bytes || bytes->size() != PublisherId::size_bytes)
        throw std::runtime_error{
            "The file " + file_ +
            " does not hold the key of an index group. Delete it to accept the key that is shown next."};
    PublisherId key;
    std::transform(bytes->begin(), bytes->end(), key.bytes.begin(),
                   [](std::byte byte) { return static_cast<std::uint8_t>(byte); });
    key_ = key;
}

void PinnedKey::pin(PublisherId const& key) {
    key_ = key;
    store::write_file_durably(file_, key.hex() + "\n", 0600);
}

std::string PinnedKey::refusal(Endpoint server) const {
    return "The index server at " + server.text() +
           " shows another key than its group did before, so it may be somebody else's. If its "
           "operator has changed the key, delete " +
           file_ + " and start the node again.";
}

}  // namespace praline::index::client
