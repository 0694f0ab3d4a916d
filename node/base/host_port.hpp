#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "node/base/endpoint.hpp"

namespace praline {

/// What is wrong with a text that ought to name a host and a port.
enum class HostPortError : std::uint8_t {
    no_host,      ///< nothing before the port
    bad_host,     ///< characters that are in no name, or too many of them
    bad_address,  ///< what stands in brackets is no IPv6 address
    no_brackets,  ///< an IPv6 address with a port needs brackets
    no_port,
    bad_port,  ///< no number from 1 (or 0, if allowed) to 65535
};
/// What is wrong and what to write instead, as the end of a sentence: "the port is missing".
[[nodiscard]] char const* to_string(HostPortError error) noexcept;
[[noreturn]] void throw_exception_from_error(HostPortError const& error, boost::source_location const& where);

struct HostPortRules {
    std::optional<std::uint16_t> usual_port{};  ///< taken when the text names none; empty: it must
    bool any_port = false;                      ///< port 0 is allowed: to listen at any free one
};

/// A host, by name or by address, and a port, as users and other programs write them: "node.example.org:6346",
/// "192.0.2.10:6346", "[2001:db8::5]:6346". Names are not looked up here.
/// @threads any: a value.   @source RFC 3986, section 3.2.2; RFC 1035, section 2.3.4
struct HostPort {
    std::string host;  ///< a name, or an address without brackets
    std::uint16_t port = 0;
    std::optional<Address> address{};  ///< of `host`; empty: it is a name

    [[nodiscard]] static boost::system::result<HostPort, HostPortError> parse(std::string_view text,
                                                                              HostPortRules rules = {});
    /// Empty: a name.
    [[nodiscard]] std::optional<Endpoint> endpoint() const {
        return address ? std::optional{Endpoint{*address, port}} : std::nullopt;
    }
};

}  // namespace praline
