#pragma once

#include <cstdint>

#include "node/base/byte_writer.hpp"
#include "node/base/bytes.hpp"
#include "node/base/result.hpp"
#include "node/wire/limits.hpp"
#include "node/wire/message.hpp"

namespace praline::wire {

/// Decodes the fixed header that starts every overlay message.
/// @param in   may hold more than one message; what follows the header is left alone.
/// @return     `payload_bytes` is in bytes, at most `payload_bytes_max`; `function` may be any value.
/// @errors     truncated: fewer than `header_bytes` bytes; limit_exceeded: length over the limit (a desynchronised
///             stream, as a rule).
/// @threads    any: pure.   @source Gnutella 0.6, section 2.2.1; node/wire/protocol/messages.md
[[nodiscard]] Result<Header> decode_header(ByteView in) noexcept;
void encode_header(Header const& header, ByteWriter& out);

/// The largest payload, in bytes, that is still passed on; a larger one is dropped. @source node/wire/protocol/messages.md
[[nodiscard]] std::uint32_t relay_bytes_max(std::uint8_t function) noexcept;
/// The largest payload, in bytes, after which the link goes on; a larger one earns Bye 400. @source node/wire/protocol/messages.md
[[nodiscard]] std::uint32_t kick_bytes_max(std::uint8_t function) noexcept;
[[nodiscard]] inline std::uint32_t relay_bytes_max(Function function) noexcept {
    return relay_bytes_max(static_cast<std::uint8_t>(function));
}
[[nodiscard]] inline std::uint32_t kick_bytes_max(Function function) noexcept {
    return kick_bytes_max(static_cast<std::uint8_t>(function));
}

}  // namespace praline::wire
