#pragma once

#include <memory>
#include <optional>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "index/link/keys.hpp"

/// TLS as index links want it: 1.3 only, both sides show an Ed25519 certificate that only its owner has signed. Inside
/// index/link only.
namespace praline::index::link {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
using TlsContextPtr = std::shared_ptr<boost::asio::ssl::context>;

/// Shows the certificate of `own`, for either side; a listener accepts a peer that shows none.
/// Throws std::runtime_error with a sentence.
[[nodiscard]] TlsContextPtr make_tls_context(Ed25519Key const& own);

/// After the handshake: the key whose possession the other side has proved; empty: it showed none.
[[nodiscard]] std::optional<PublisherId> proved_key(TlsStream& stream);

}  // namespace praline::index::link
