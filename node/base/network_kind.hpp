#pragma once

#include <cstdint>

namespace praline {

/// From where an IPv4 address can be reached.
enum class NetworkKind : std::uint8_t {
    none,        ///< 0/8, 224/4 and above: never a host
    loopback,    ///< 127/8
    link_local,  ///< 169.254/16
    site,        ///< RFC 1918, and 100.64/10 of RFC 6598
    internet,
};

[[nodiscard]] constexpr NetworkKind network_kind(std::uint32_t address) noexcept {
    std::uint32_t const first = address >> 24;
    if (first == 0 || first >= 224) return NetworkKind::none;
    if (first == 127) return NetworkKind::loopback;
    if ((address >> 16) == 0xA9FE) return NetworkKind::link_local;
    bool const site = first == 10 || (address >> 20) == 0xAC1 || (address >> 16) == 0xC0A8 || (address >> 22) == (0x64400000U >> 22);
    return site ? NetworkKind::site : NetworkKind::internet;
}

}  // namespace praline
