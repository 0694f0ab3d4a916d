#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/endpoint.hpp"

/// What a GWebCache is asked under, and what it answers. @source GWebCache; node/wire/protocol/bootstrap.md
/// @threads any: pure.
namespace praline::net {

struct HttpUrl {
    std::string host;  ///< a name, or an address without brackets
    std::uint16_t port = 0;
    std::string target;  ///< path and query, as they go into a request
    friend bool operator==(HttpUrl const&, HttpUrl const&) = default;
};
/// "http://host", "http://host:port/path?query". Empty: it is none, or holds a blank or a control character.
[[nodiscard]] std::optional<HttpUrl> parse_http_url(std::string_view text);

/// Hosts of an answer: lines "ip:port" (version 1) or "H|ip:port|…" (version 2); others are skipped, and so is whatever
/// comes after `hosts_max` hosts.
[[nodiscard]] std::vector<Endpoint> parse_gwebcache(std::string_view body, std::size_t hosts_max);

}  // namespace praline::net
