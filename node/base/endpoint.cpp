#include "node/base/endpoint.hpp"

#include "node/base/host_port.hpp"
#include "node/base/text.hpp"

namespace praline {

std::string Endpoint::host_text() const { return address.is_v4() ? address.text() : '[' + address.text() + ']'; }

std::string Endpoint::text() const { return host_text() + ':' + std::to_string(port); }

std::optional<Endpoint> Endpoint::parse(std::string_view text) {
    auto const parsed = HostPort::parse(trim(text));
    return parsed ? parsed->endpoint() : std::nullopt;
}

}  // namespace praline
