#include "node/net/gwebcache.hpp"

#include <algorithm>

#include "node/base/host_port.hpp"
#include "node/base/text.hpp"

namespace praline::net {

std::optional<HttpUrl> parse_http_url(std::string_view text) {
    constexpr std::string_view scheme = "http://";
    constexpr std::uint16_t http_port = 80;
    if (!text.starts_with(scheme)) return std::nullopt;
    text.remove_prefix(scheme.size());
    // A blank would end the target within the line of a request.
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; }))
        return std::nullopt;
    auto const path = std::min(text.find_first_of("/?#"), text.size());
    auto const host = HostPort::parse(text.substr(0, path), {.usual_port = http_port});
    if (!host) return std::nullopt;
    auto target = std::string{text.substr(path, text.find('#') - path)};
    if (!target.starts_with('/')) target.insert(0, 1, '/');
    return HttpUrl{host->host, host->port, std::move(target)};
}

std::vector<Endpoint> parse_gwebcache(std::string_view body, std::size_t hosts_max) {
    std::vector<Endpoint> hosts;
    for (auto line : split(body, '\n')) {
        if (hosts.size() >= hosts_max) break;
        if (line.starts_with("H|") || line.starts_with("h|")) {
            line.remove_prefix(2);
            line = line.substr(0, line.find('|'));
        }
        auto const endpoint = Endpoint::parse(line);
        if (endpoint && !endpoint->is_unusable()) hosts.push_back(*endpoint);
    }
    return hosts;
}

}  // namespace praline::net
