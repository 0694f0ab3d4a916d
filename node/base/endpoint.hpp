#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "node/base/address.hpp"

namespace praline {

/// An address and a port.
/// @threads any: a value of 18 bytes.
struct Endpoint {
    Address address;
    std::uint16_t port = 0;

    constexpr Endpoint() = default;
    constexpr Endpoint(Address the_address, std::uint16_t the_port) : address{the_address}, port{the_port} {}
    /// IPv4 as Gnutella's fixed fields hold it. @param v4  host order: 127.0.0.1 is 0x7F000001.
    constexpr Endpoint(std::uint32_t v4, std::uint16_t the_port) : address{Address::v4(v4)}, port{the_port} {}

    friend constexpr auto operator<=>(Endpoint const&, Endpoint const&) = default;
    /// "192.0.2.10:6346", "[2001:db8::5]:6346"
    [[nodiscard]] std::string text() const;
    /// The address as it stands before a port: "192.0.2.10", "[2001:db8::5]"
    [[nodiscard]] std::string host_text() const;
    /// As `text` writes it, port 1 to 65535; blank round it is ignored. No names: HostPort takes those.
    [[nodiscard]] static std::optional<Endpoint> parse(std::string_view text);

    [[nodiscard]] bool is_loopback() const { return address.is_loopback(); }
    [[nodiscard]] bool is_private() const { return address.is_private(); }
    /// Never a host: port 0, or an address of the scope `none`.
    [[nodiscard]] bool is_unusable() const { return port == 0 || address.scope() == AddressScope::none; }
};

}  // namespace praline

template <>
struct std::hash<praline::Endpoint> {
    std::size_t operator()(praline::Endpoint const& endpoint) const noexcept {
        if (auto const number = endpoint.address.v4_number())
            return std::hash<std::uint64_t>{}((std::uint64_t{*number} << 16) | endpoint.port);
        return std::hash<praline::Address>{}(endpoint.address) ^ endpoint.port;
    }
};
