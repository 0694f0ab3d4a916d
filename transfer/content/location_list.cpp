#include "transfer/content/location_list.hpp"

#include <algorithm>

#include "node/base/host_port.hpp"
#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {

namespace {

constexpr std::uint16_t usual_port = 6346;
constexpr std::uint16_t http_port = 80;
constexpr std::string_view url_scheme = "http://";

std::optional<Endpoint> endpoint_of(std::string_view text, std::uint16_t port) {
    auto const parsed = HostPort::parse(text, {.usual_port = port});
    auto const endpoint = parsed ? parsed->endpoint() : std::nullopt;
    return endpoint && !endpoint->is_unusable() ? endpoint : std::nullopt;
}

/// "192.0.2.1:6346/uri-res/N2R?urn:sha1:…", the scheme being taken off.
std::optional<NamedLocation> location_of_url(std::string_view url) {
    auto const slash = url.find('/');
    auto const question = url.find('?');
    if (slash == std::string_view::npos || question == std::string_view::npos || question < slash) return std::nullopt;
    if (!equals_ignoring_case(url.substr(slash, question - slash), "/uri-res/N2R")) return std::nullopt;
    auto const urn = Urn::parse(url.substr(question + 1));
    auto const endpoint = endpoint_of(url.substr(0, slash), http_port);
    if (!urn || !urn->sha1 || !endpoint) return std::nullopt;
    return NamedLocation{*endpoint, urn->sha1};
}

std::optional<NamedLocation> location_of(std::string_view item) {
    item = item.substr(0, item.find_first_of(" \t"));  // a date, or what a later program adds
    if (item.size() > url_scheme.size() && equals_ignoring_case(item.substr(0, url_scheme.size()), url_scheme))
        return location_of_url(item.substr(url_scheme.size()));
    auto const endpoint = endpoint_of(item, usual_port);
    return endpoint ? std::optional{NamedLocation{*endpoint}} : std::nullopt;
}

}  // namespace

void read_locations(std::string_view value, std::vector<NamedLocation>& locations) {
    // Item by item, and not far: a head may hold thousands.
    for (std::size_t items = 0; !value.empty() && items < location_items_max; ++items) {
        if (locations.size() >= locations_per_head_max) return;
        auto const end = std::min(value.find(','), value.size());
        auto const location = location_of(trim(value.substr(0, end)));
        value.remove_prefix(std::min(end + 1, value.size()));
        if (location && std::find(locations.begin(), locations.end(), *location) == locations.end())
            locations.push_back(*location);
    }
}

std::string location_list(std::vector<Endpoint> const& endpoints) {
    std::string text;
    for (auto const& endpoint : endpoints) text += (text.empty() ? "" : ", ") + endpoint.text();
    return text;
}

std::string location_lines(std::vector<Endpoint> const& good, std::vector<Endpoint> const& bad) {
    std::string lines;
    if (!good.empty()) lines += "X-Alt: " + location_list(good) + "\r\n";
    if (!bad.empty()) lines += "X-NAlt: " + location_list(bad) + "\r\n";
    return lines;
}

}  // namespace praline::content
