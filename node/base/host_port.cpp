#include "node/base/host_port.hpp"

#include <algorithm>
#include <stdexcept>

#include "node/base/text.hpp"

namespace praline {
namespace {

constexpr std::size_t host_characters_max = 253;  // RFC 1035

bool is_host_name(std::string_view text) {
    return text.size() <= host_characters_max && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == ':' || c == '"' || c == '[' ||
                      c == ']' || c == 0x7F;
           });
}

struct HostPortPieces {
    std::string_view host;
    std::optional<std::string_view> port;
    bool bracketed = false;
};

boost::system::result<HostPortPieces, HostPortError> host_port_pieces(std::string_view text) {
    if (text.starts_with('[')) {
        auto const close = text.find(']');
        if (close == std::string_view::npos) return HostPortError::bad_address;
        HostPortPieces pieces{text.substr(1, close - 1), {}, true};
        auto const rest = text.substr(close + 1);
        if (rest.empty()) return pieces;
        if (rest.front() != ':') return HostPortError::bad_port;
        pieces.port = rest.substr(1);
        return pieces;
    }
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) return HostPortPieces{text, {}, false};
    if (text.find(':') != colon)
        return Address::parse(text) || Address::parse(text.substr(0, colon)) ? HostPortError::no_brackets
                                                                             : HostPortError::bad_host;
    return HostPortPieces{text.substr(0, colon), text.substr(colon + 1), false};
}

}  // namespace

char const* to_string(HostPortError error) noexcept {
    switch (error) {
        case HostPortError::no_host: return "the host is missing";
        case HostPortError::bad_host: return "the host is neither a name nor an address";
        case HostPortError::bad_address:
            return "what stands in brackets must be an IPv6 address, such as [2001:db8::5]";
        case HostPortError::no_brackets:
            return "an IPv6 address is written in brackets before the port, such as [2001:db8::5]:6346";
        case HostPortError::no_port: return "the port is missing";
        case HostPortError::bad_port: return "the port must be a number up to 65535";
    }
    return "it cannot be understood";
}

void throw_exception_from_error(HostPortError const& error, boost::source_location const&) {
    throw std::invalid_argument{to_string(error)};
}

boost::system::result<HostPort, HostPortError> HostPort::parse(std::string_view text, HostPortRules rules) {
    auto const pieces = host_port_pieces(text);
    if (!pieces) return pieces.error();
    HostPort result;
    if (pieces->bracketed) {
        auto const colon = pieces->host.find(':');
        result.address = colon == std::string_view::npos ? std::nullopt : Address::parse(pieces->host);
        if (!result.address) return HostPortError::bad_address;
    } else {
        if (pieces->host.empty()) return HostPortError::no_host;
        if (!is_host_name(pieces->host)) return HostPortError::bad_host;
        result.address = Address::parse(pieces->host);
    }
    result.host = pieces->host;
    if (!pieces->port && !rules.usual_port) return HostPortError::no_port;
    auto const port = pieces->port ? parse_number(*pieces->port) : std::optional<std::uint64_t>{*rules.usual_port};
    if (!port || *port > 65535 || (*port == 0 && !rules.any_port)) return HostPortError::bad_port;
    result.port = static_cast<std::uint16_t>(*port);
    return result;
}

}  // namespace praline
