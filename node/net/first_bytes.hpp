#pragma once

#include <cstdint>

#include "node/base/bytes.hpp"

namespace praline::net {

enum class Protocol : std::uint8_t {
    undecided,     ///< more bytes are needed
    gnutella,      ///< "GNUTELLA CONNECT/"
    http,          ///< a method and a blank: GET, HEAD, or any other word in capitals; after an empty line or two, too
    giv,           ///< "GIV ": an answer to a push of ours
    connect_back,  ///< two line feeds: a probe whether we can be reached
    unknown,       ///< TLS, G2, garbage: closed without an answer
};

/// Tells protocols apart by the first bytes of a connection. Decides within 18 bytes.
/// @threads any: pure.   @source node/wire/protocol/connection.md
[[nodiscard]] Protocol recognise(ByteView first);

}  // namespace praline::net
