#pragma once

#include "node/base/bytes.hpp"
#include "node/base/result.hpp"
#include "node/wire/header.hpp"
#include "node/wire/message.hpp"

/// Payloads to values and back. Every decoder is total: any bytes give a value or an error, in time and memory
/// bounded by their number and limits.hpp. A broken GGEP block counts as absent; unknown extensions are skipped.
/// Names and reasons that are not UTF-8 are read as Latin-1, so decoded text is always UTF-8.
/// @threads any: pure.   @source Gnutella 0.6; node/wire/protocol/messages.md
namespace praline::wire {

/// Empty, or GGEP from the first byte. limit_exceeded: over `extension_bytes_max`; bad_value: not GGEP.
[[nodiscard]] Result<Ping> decode_ping(ByteView payload);
/// bad_value: an absurd number of files in either byte order, or an extension that is not GGEP.
[[nodiscard]] Result<Pong> decode_pong(ByteView payload);
/// `reason` is the first line of the text.
[[nodiscard]] Result<Bye> decode_bye(ByteView payload);
[[nodiscard]] Result<Push> decode_push(ByteView payload);
/// bad_value: text that is not UTF-8. A speed instead of flags gives flags 0; flags in the wrong byte order (old
/// Raza) are put right; GGEP XQ takes the place of the text.
[[nodiscard]] Result<Query> decode_query(ByteView payload);
/// bad_value: no records.
[[nodiscard]] Result<QueryHit> decode_query_hit(ByteView payload);
/// unknown_type: neither RESET nor PATCH, or an unknown compressor; bad_value: infinity 0, patch 0 or beyond the
/// count, entry bits other than 1, 2, 4, 8. Nothing is inflated here.
[[nodiscard]] Result<Qrp> decode_qrp(ByteView payload);
[[nodiscard]] Result<Vendor> decode_vendor(ByteView payload);

/// How a hit says what its files are.
enum class HitStyle : std::uint8_t {
    urn_text,  ///< "urn:sha1:…" and GGEP TT: everybody understands it
    ggep_h,    ///< GGEP H, a bitprint if the Tiger root is known: for queries with QueryFlags::ggep_h
    mixed,     ///< GGEP H for bitprints, text for a SHA-1 alone
};
[[nodiscard]] inline HitStyle hit_style_for(Query const& query) {
    return (query.flags & QueryFlags::ggep_h) != 0 ? HitStyle::ggep_h : HitStyle::urn_text;
}

/// Payload only. @pre what the format cannot say is not asked for: at most 255 records, one at least; 4-byte codes.
/// Text is cut at its first NUL.
[[nodiscard]] Bytes encode(Ping const& ping);
[[nodiscard]] Bytes encode(Pong const& pong);
[[nodiscard]] Bytes encode(Bye const& bye);
[[nodiscard]] Bytes encode(Push const& push);
[[nodiscard]] Bytes encode(Query const& query);
[[nodiscard]] Bytes encode(QueryHit const& hit, HitStyle style = HitStyle::urn_text);
[[nodiscard]] Bytes encode(Qrp const& qrp);
[[nodiscard]] Bytes encode(Vendor const& vendor);

/// Bytes one record takes in a hit's payload: for those who fill messages up to a size.
[[nodiscard]] std::size_t encoded_bytes(HitRecord const& record, HitStyle style);

/// Header and payload as they go over a link; the header's `payload_bytes` is set from the payload.
[[nodiscard]] Bytes frame(Header header, ByteView payload);

template <class T>
[[nodiscard]] Bytes encode_message(Guid const& guid, Function function, Ttl ttl, Hops hops, T const& message) {
    return frame(Header{guid, static_cast<std::uint8_t>(function), ttl, hops, 0}, encode(message));
}

/// A header and the payload behind it, which lives as long as the bytes it was taken from.
struct MessageView {
    Header header;
    ByteView payload;
};
/// The first message of a stream. truncated: not all of it is there yet; limit_exceeded: as `decode_header`.
[[nodiscard]] Result<MessageView> first_message(ByteView in) noexcept;

}  // namespace praline::wire
