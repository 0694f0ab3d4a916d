#include "node/net/gwebcache.hpp"

#include <algorithm>
#include <string>

#include "fuzz/fuzz.hpp"
#include "node/base/text.hpp"

namespace {

using namespace praline;

constexpr std::size_t hosts_max = 20;

void require_hosts(std::string_view text) {
    auto const hosts = net::parse_gwebcache(text, hosts_max);
    fuzz::require(hosts.size() <= hosts_max);
    // Both versions of the answer name the same hosts.
    std::string first, second;
    for (auto const& host : hosts) {
        fuzz::require(!host.is_unusable());
        first += host.text() + "\r\n";
        second += "H|" + host.text() + "|1\n";
    }
    fuzz::require(net::parse_gwebcache(first, hosts_max) == hosts);
    fuzz::require(net::parse_gwebcache(second, hosts_max) == hosts);
    auto const few = net::parse_gwebcache(text, 2);
    fuzz::require(few.size() == std::min<std::size_t>(hosts.size(), 2));
    fuzz::require(std::equal(few.begin(), few.end(), hosts.begin()));
}

void require_url(std::string const& text) {
    auto const url = net::parse_http_url(text);
    if (!url) return;
    fuzz::require(!url->host.empty() && url->port != 0 && url->target.starts_with('/'));
    // It becomes a line of a request, which ends at a blank.
    fuzz::require(std::all_of(url->target.begin(), url->target.end(),
                              [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '\x7F'; }));
    bool const v6 = url->host.find(':') != std::string::npos;
    auto const again = net::parse_http_url("http://" + (v6 ? '[' + url->host + ']' : url->host) + ':' +
                                           std::to_string(url->port) + url->target);
    fuzz::require(again == url);
}

}  // namespace

/// Any bytes as what a GWebCache answers and as its address: hosts that can be one, no more than asked for.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = as_text(fuzz::view(data, size));
    require_hosts(text);
    require_url(std::string{text});
    require_url("http://" + std::string{text});
    return 0;
}
