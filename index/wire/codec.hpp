#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "index/wire/client_messages.hpp"
#include "index/wire/server_messages.hpp"
#include "node/base/bytes.hpp"
#include "node/base/result.hpp"

/// Values to frames and back. A frame: length of the rest (32 bits, little-endian, at most `frame_bytes_max`), type
/// (8 bits), fields in order; numbers little-endian, text and lists with their length (16 bits) before them.
/// @threads any: pure.   @source index/wire/protocol.md
namespace praline::index {

// What goes in must be what the other side takes, or `encode` ends the program: entries and queries that `fits_wire`,
// agents of plain text (UTF-8 without control characters) and at most `agent_bytes_max`, lists within limits.hpp. What
// keeps to that fits a frame. A sentence may be anything: it is cut to `sentence_bytes_max`, and what is not plain
// text becomes '?'.
[[nodiscard]] Bytes encode(FromNode const& message);
[[nodiscard]] Bytes encode(ToNode const& message);
[[nodiscard]] Bytes encode(Envelope const& envelope, ServerMessage const& message);

/// 1 to `name_bytes_max` bytes of UTF-8, no control character, no '/', neither "." nor "..".
[[nodiscard]] bool is_file_name(std::string_view name);
/// The name is one, and the size at most `size_bytes_max`.
[[nodiscard]] bool fits_wire(Entry const& entry);
/// Words and kind are plain text within their limits, and a URN names something.
[[nodiscard]] bool fits_wire(Query const& query);

struct Addressed {
    Envelope envelope;
    ServerMessage message;
};

/// Of a `SignIn`, `Welcome` or `Hello` of another protocol only `protocol` is read, so that one can say so.
/// @param frame  without the length.
/// @errors truncated, bad_length (bytes left over too), bad_value, unknown_type, limit_exceeded.
[[nodiscard]] Result<FromNode> decode_from_node(ByteView frame);
[[nodiscard]] Result<ToNode> decode_to_node(ByteView frame);
[[nodiscard]] Result<Addressed> decode_between_servers(ByteView frame);

/// Length of the frame that `in` begins with, its four bytes included; empty: fewer than four are there.
/// limit_exceeded: over `frame_bytes_max`; bad_length: zero.
[[nodiscard]] Result<std::optional<std::size_t>> frame_bytes(ByteView in);

}  // namespace praline::index
