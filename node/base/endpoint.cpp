#include "node/base/endpoint.hpp"

#include "node/base/text.hpp"

namespace praline {

std::string Endpoint::address_text() const {
    std::string result;
    for (int shift = 24; shift >= 0; shift -= 8) {
        result += std::to_string((address >> shift) & 255U);
        if (shift > 0) result += '.';
    }
    return result;
}

std::string Endpoint::text() const {
    return address_text() + ':' + std::to_string(port);
}

std::optional<std::uint32_t> Endpoint::parse_address(std::string_view text) {
    std::uint32_t address = 0;
    for (int part = 0; part < 4; ++part) {
        auto const end = part < 3 ? text.find('.') : text.size();
        if (end == std::string_view::npos || end == 0 || end > 3) return std::nullopt;
        auto const number = parse_number(text.substr(0, end));
        if (!number || *number > 255) return std::nullopt;
        address = (address << 8) | static_cast<std::uint32_t>(*number);
        text.remove_prefix(part < 3 ? end + 1 : end);
    }
    return address;
}

std::optional<Endpoint> Endpoint::parse(std::string_view text) {
    text = trim(text);
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto const address = parse_address(text.substr(0, colon));
    auto const port = parse_number(text.substr(colon + 1));
    if (!address || !port || *port == 0 || *port > 65535) return std::nullopt;
    return Endpoint{*address, static_cast<std::uint16_t>(*port)};
}

bool Endpoint::is_private() const {
    return is_loopback() || (address >> 24) == 10 || (address >> 20) == 0xAC1 || (address >> 16) == 0xC0A8 ||
           (address >> 16) == 0xA9FE || (address >> 22) == (0x64400000U >> 22);
}

}  // namespace praline
