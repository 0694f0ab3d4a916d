#include "transfer/upload/location_exchange.hpp"

#include <array>

#include "node/base/host_port.hpp"
#include "node/base/text.hpp"
#include "transfer/upload/limits.hpp"

namespace praline::upload {

namespace {

constexpr std::array<std::string_view, 3> good_names{"X-Alt", "X-Gnutella-Alternate-Location", "Alt-Location"};
constexpr std::uint16_t usual_port = 6346;

bool is_good(std::string_view name) {
    for (auto const one : good_names)
        if (equals_ignoring_case(name, one)) return true;
    return false;
}

std::optional<Endpoint> listening_of(wire::HeaderBlock const& head) {
    for (auto const* name : {"X-Node", "Listen-IP"}) {
        auto const text = head.get(name);
        auto const parsed = text ? HostPort::parse(trim(*text), {.usual_port = usual_port}) : HostPort::parse("");
        auto const endpoint = parsed ? parsed->endpoint() : std::nullopt;
        if (endpoint && !endpoint->is_unusable()) return endpoint;
    }
    return std::nullopt;
}

std::vector<Endpoint> own_endpoints(SaidLocations const& said, Address const& peer) {
    std::vector<Endpoint> own;
    if (said.listening) own.push_back(*said.listening);
    for (auto const& one : said.good)
        if (one.endpoint.address == peer) own.push_back(one.endpoint);
    return own;
}

}  // namespace

SaidLocations read_said_locations(wire::HeaderBlock const& head) {
    SaidLocations said;
    for (auto const& line : head.headers) {
        if (is_good(line.name)) content::read_locations(line.value, said.good);
        if (equals_ignoring_case(line.name, "X-NAlt")) content::read_locations(line.value, said.bad);
    }
    said.listening = listening_of(head);
    said.has_part = parse_number(trim(head.get("X-Downloaded").value_or(""))).value_or(0) > 0;
    said.takes_v6 = to_lower_ascii(head.get("X-Features").value_or("")).find("ip/6") != std::string::npos;
    return said;
}

void learn(content::AltLocations& table, Sha1 const& file, SaidLocations const& said, Address const& peer,
           Instant now) {
    for (auto const& one : said.good)
        if (one.sha1.value_or(file) == file) table.named(file, one.endpoint, peer, now);
    for (auto const& one : said.bad)
        if (one.sha1.value_or(file) == file) table.denied(file, one.endpoint, peer, now);
    // Where else it can be called says nothing of the file, and of its address it knows best.
    if (said.has_part && said.listening && said.listening->address == peer)
        table.named(file, *said.listening, peer, now);
}

std::string location_lines(content::AltLocations const& table, Sha1 const& file, SaidLocations const& said,
                           Address const& peer, Instant now) {
    content::AltLocations::Asker const asker{peer, own_endpoints(said, peer), said.takes_v6 || peer.is_v6()};
    return content::location_lines(table.confirmed(file, asker, locations_told_max, now),
                                   table.refusing(file, asker, locations_told_max, now));
}

}  // namespace praline::upload
