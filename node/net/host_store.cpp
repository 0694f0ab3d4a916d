#include "node/net/host_store.hpp"

#include <algorithm>

#include "node/net/system_clock.hpp"

namespace praline::net {

HostStore::HostStore(std::string const& database_file) : database_{database_file} {
    database_.run(
        "CREATE TABLE IF NOT EXISTS hosts (endpoint TEXT PRIMARY KEY, ultrapeer INTEGER NOT NULL,"
        " last_seen INTEGER NOT NULL, last_success INTEGER NOT NULL, failures INTEGER NOT NULL) WITHOUT ROWID");
}

std::vector<overlay::HostRecord> HostStore::load() {
    std::vector<overlay::HostRecord> hosts;
    // A clock that was ahead would make its hosts the latest for as long as it was wrong.
    auto const now = unix_now();
    auto rows = database_.prepare(
        "SELECT endpoint, ultrapeer, last_seen, last_success, failures FROM hosts"
        " ORDER BY last_success DESC, endpoint");
    while (rows.step()) {
        auto const endpoint = Endpoint::parse(rows.text(0));
        if (!endpoint) continue;
        hosts.push_back({*endpoint, rows.integer(1) != 0, std::min<UnixSeconds>(rows.integer(2), now),
                         std::min<UnixSeconds>(rows.integer(3), now), static_cast<std::uint32_t>(rows.integer(4))});
    }
    return hosts;
}

void HostStore::save(std::vector<overlay::HostRecord> const& hosts) {
    store::Transaction transaction{database_};
    database_.run("DELETE FROM hosts");
    auto insert = database_.prepare("INSERT OR REPLACE INTO hosts VALUES (?, ?, ?, ?, ?)");
    for (auto const& host : hosts) {
        insert.bind(1, std::string_view{host.endpoint.text()})
            .bind(2, std::int64_t{host.ultrapeer})
            .bind(3, host.last_seen)
            .bind(4, host.last_success)
            .bind(5, std::int64_t{host.failures})
            .run();
    }
    transaction.commit();
}

}  // namespace praline::net
