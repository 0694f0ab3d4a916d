#include "node/base/host_port.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <string>

#include "fuzz/fuzz.hpp"

namespace {

using namespace praline;

/// The same text as the C library reads it.
std::optional<Address> parse_by_library(std::string const& text) {
    if (text.find('\0') != std::string::npos) return std::nullopt;
    Address::V6Bytes bytes{};
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return Address::v6(bytes);
    in_addr v4{};
    if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return Address::v4(ntohl(v4.s_addr));
    return std::nullopt;
}

void require_address(Address const& address) {
    auto const text = address.text();
    fuzz::require(Address::parse(text) == address && parse_by_library(text) == address);
    fuzz::require(address.is_v4() != address.is_v6() && address.is_v4() == address.v4_number().has_value());
    fuzz::require(!address.is_unspecified() || address.scope() == AddressScope::none);
    AddressPrefix const prefix{address};
    if (auto const embedded = address.embedded_v4()) fuzz::require(prefix == AddressPrefix{*embedded});
    // Neighbours in one /64 count as one host; IPv4 hosts count each for itself.
    auto bytes = address.bytes();
    bytes[15] ^= 1U;
    auto const next = Address::v6(bytes);
    bool const same_host = address.is_v6() && !address.embedded_v4() && !next.embedded_v4();
    if (same_host) fuzz::require(AddressPrefix{next} == prefix);
    if (address.is_v4()) fuzz::require(AddressPrefix{next} != prefix);
}

void require_host_port(std::string_view text, HostPortRules rules) {
    auto const parsed = HostPort::parse(text, rules);
    if (!parsed) {
        fuzz::require(!std::string_view{to_string(parsed.error())}.empty());
        return;
    }
    fuzz::require(!parsed->host.empty() && (parsed->port != 0 || rules.any_port));
    fuzz::require(parsed->address == Address::parse(parsed->host));
    fuzz::require(parsed->endpoint().has_value() == parsed->address.has_value());
    bool const v6 = parsed->host.find(':') != std::string::npos;
    auto const again =
        HostPort::parse((v6 ? '[' + parsed->host + ']' : parsed->host) + ':' + std::to_string(parsed->port), rules);
    fuzz::require(again && again->host == parsed->host && again->port == parsed->port);
    if (auto const endpoint = parsed->endpoint(); endpoint && endpoint->port != 0)
        fuzz::require(Endpoint::parse(endpoint->text()) == endpoint);
}

}  // namespace

/// Any bytes as an address, by its text and by its bytes, and as a host with a port; beside what the C library reads.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string const text{as_text(fuzz::view(data, size))};
    auto const address = Address::parse(text);
    if (auto const by_library = parse_by_library(text)) fuzz::require(address == by_library);
    if (address) require_address(*address);
    if (size >= Address::v6_bytes) {
        Address::V6Bytes bytes{};
        std::copy_n(data, bytes.size(), bytes.begin());
        require_address(Address::v6(bytes));
    }
    require_host_port(text, {});
    require_host_port(text, {.usual_port = std::uint16_t{6346}, .any_port = true});
    if (auto const endpoint = Endpoint::parse(text)) fuzz::require(Endpoint::parse(endpoint->text()) == endpoint);
    return 0;
}
