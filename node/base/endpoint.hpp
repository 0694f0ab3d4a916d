#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace praline {

/// An IPv4 address and a port. Gnutella's fixed fields hold nothing else.
struct Endpoint {
    std::uint32_t address = 0;  ///< host order: 127.0.0.1 is 0x7F000001
    std::uint16_t port = 0;

    friend auto operator<=>(Endpoint const&, Endpoint const&) = default;
    /// "192.0.2.10:6346"
    [[nodiscard]] std::string text() const;
    /// "192.0.2.10"
    [[nodiscard]] std::string address_text() const;
    /// Dotted address, colon, port 1 to 65535; blank round it is ignored. No names.
    [[nodiscard]] static std::optional<Endpoint> parse(std::string_view text);
    [[nodiscard]] static std::optional<std::uint32_t> parse_address(std::string_view text);

    [[nodiscard]] bool is_loopback() const { return (address >> 24) == 127; }
    /// Loopback, RFC 1918, link-local or shared address space: means something on this machine or network only.
    [[nodiscard]] bool is_private() const;
    /// 0/8, 224/4 and above: never a host.
    [[nodiscard]] bool is_unusable() const { return port == 0 || (address >> 24) == 0 || (address >> 28) >= 14; }
};

}  // namespace praline

template <>
struct std::hash<praline::Endpoint> {
    std::size_t operator()(praline::Endpoint const& endpoint) const noexcept {
        return std::hash<std::uint64_t>{}((std::uint64_t{endpoint.address} << 16) | endpoint.port);
    }
};
