#pragma once

#include <string>

struct ssl_st;

/// Inside node/net only.
namespace praline::net {

/// The certificate of the other side has to be for this host, a name or an address. A name is sent to the server, which may
/// have several certificates. False: OpenSSL has no memory.   @source RFC 6066, section 3; RFC 9525
[[nodiscard]] bool expect_certificate_of(ssl_st* connection, std::string const& host);
/// Why the certificate that was shown is not trusted, in words that follow "its certificate "; empty: nothing is wrong.
[[nodiscard]] std::string certificate_trouble(ssl_st* connection);

}  // namespace praline::net
