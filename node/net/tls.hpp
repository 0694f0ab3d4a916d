#pragma once

#include <memory>

#include "node/identity/ed25519_key.hpp"

namespace boost::asio::ssl {
class context;
}

/// TLS between programs of Praline: 1.3 only; each side shows an Ed25519 certificate that only its owner has signed, if any, and who
/// is to be trusted is decided by the key that it proves.
namespace praline::net {

/// Settings and certificate of one side; for many connections. OpenSSL stays behind it.
using TlsContextPtr = std::shared_ptr<boost::asio::ssl::context>;

/// Shows the certificate of `own`, for either side; a server accepts a client that shows none.
/// Throws std::runtime_error with a sentence.   @source RFC 8446 (TLS 1.3), RFC 8410 (Ed25519 in certificates)
[[nodiscard]] TlsContextPtr make_tls_context(identity::Ed25519Key const& own);

}  // namespace praline::net
