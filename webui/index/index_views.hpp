#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "index/server/index_server.hpp"
#include "webui/api/views.hpp"

/// The status of an index server, for programs.   @threads any: pure.
namespace praline::webui {

/// Times in seconds, latencies in milliseconds, ids in hexadecimal. Field names here are the field names of the JSON.
struct LatencyView {
    std::uint64_t count = 0;
    double per_second = 0, p50_ms = 0, p90_ms = 0, p99_ms = 0, max_ms = 0;
};

struct CatalogueView {
    std::uint64_t publishers = 0, files = 0, entries = 0, disk_bytes = 0, waiting = 0;
};

/// Another server of the group.
struct IndexMemberView {
    std::string id, address;
    std::uint64_t load = 0;
    bool direct = false;
    std::optional<std::string> by_way_of;
    bool suspected = false;
    double silent_seconds = 0;
    std::uint64_t writes_missing = 0, acks_missing = 0;
    bool same = false;
    std::uint64_t differing = 0;
    double compared_seconds_ago = 0;
};

struct IndexServerView {
    std::string version, server, address, group_key, digest, problem;
    std::uint64_t incarnation = 0, load = 0;
    double uptime_seconds = 0;
    bool answers_alone = false, draining = false;
    std::uint64_t sessions = 0, publishers_here = 0, publishers = 0, searches_waiting = 0;
    CatalogueView catalogue;
    std::vector<IndexMemberView> members;
    LatencyView searches, writes;
    NamedCounts counters;
};

[[nodiscard]] boost::json::object to_json(index::server::ServerStatus const& status, std::string const& version);
/// What to_json made, read again. Throws UnreadableAnswer (webui/api/views_json.hpp).
[[nodiscard]] IndexServerView index_server_from_json(boost::json::value const& answer);

/// Prometheus text format 0.0.4: each family once, with HELP and TYPE, all its samples together.
[[nodiscard]] std::string prometheus_text(index::server::ServerStatus const& status, std::string const& version);

}  // namespace praline::webui
