#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "index/server/index_server.hpp"

/// The status of an index server, for programs.   @threads any: pure.
namespace praline::webui {

/// The fields are those of `ServerStatus`; times in seconds, latencies in milliseconds, ids in hexadecimal.
[[nodiscard]] boost::json::object to_json(index::server::ServerStatus const& status, std::string const& version);

/// Prometheus text format 0.0.4: each family once, with HELP and TYPE, all its samples together.
[[nodiscard]] std::string prometheus_text(index::server::ServerStatus const& status, std::string const& version);
inline constexpr char prometheus_content_type[] = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace praline::webui
