#pragma once

#include <optional>

#include "node/base/public_key.hpp"

struct ssl_st;

/// Inside node/net only.
namespace praline::net {

/// The Ed25519 key of the certificate that the other side of a connection has shown; empty: none.
[[nodiscard]] std::optional<PublicKey> shown_key(ssl_st* connection);

}  // namespace praline::net
