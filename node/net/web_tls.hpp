#pragma once

#include <string>

#include "node/net/tls.hpp"

namespace praline::net {

/// For a client of web servers: TLS 1.2 or 1.3, and a certificate for the name of the host that an authority has signed
/// which this system trusts, or `ca_file` (PEM; empty: none). `Stream::expect_host` says which host.
/// Throws std::runtime_error with a sentence.   @source RFC 9110, section 4.3.4; RFC 9325, section 3.1.1
[[nodiscard]] TlsContextPtr make_web_tls_context(std::string const& ca_file);

}  // namespace praline::net
