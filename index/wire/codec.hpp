#pragma once

#include <cstdint>
#include <optional>

#include "index/wire/client_messages.hpp"
#include "index/wire/server_messages.hpp"
#include "node/base/bytes.hpp"
#include "node/base/result.hpp"

/// Values to frames and back. A frame: length of the rest (32 bits, little-endian, at most `frame_octets_max`), type
/// (8 bits), fields in order; numbers little-endian, text and lists with their length before them.
/// @threads any: pure.
namespace praline::index {

[[nodiscard]] Bytes encode(FromNode const& message);
[[nodiscard]] Bytes encode(ToNode const& message);
[[nodiscard]] Bytes encode(Envelope const& envelope, ServerMessage const& message);

struct Addressed { Envelope envelope; ServerMessage message; };

/// @param frame  without the length.
/// @errors truncated, bad_length (octets left over too), bad_value, unknown_type, limit_exceeded.
[[nodiscard]] Result<FromNode> decode_from_node(ByteView frame);
[[nodiscard]] Result<ToNode> decode_to_node(ByteView frame);
[[nodiscard]] Result<Addressed> decode_between_servers(ByteView frame);

/// Length of the frame that `in` begins with, its four octets included; empty: fewer than four are there.
/// limit_exceeded: over `frame_octets_max`; bad_length: zero.
[[nodiscard]] Result<std::optional<std::size_t>> frame_octets(ByteView in);

}  // namespace praline::index
