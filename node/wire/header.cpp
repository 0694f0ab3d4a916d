#include "node/wire/header.hpp"

#include <algorithm>

#include "node/base/byte_reader.hpp"

namespace praline::wire {

Result<Header> decode_header(ByteView in) noexcept {
    if (in.size() < header_bytes) return WireError::truncated;
    Header header;
    std::transform(in.begin(), in.begin() + Guid::size_bytes, header.guid.bytes.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    ByteReader reader{in.subspan(Guid::size_bytes)};
    header.function = *reader.u8();
    header.ttl = Ttl{*reader.u8()};
    header.hops = Hops{*reader.u8()};
    header.payload_bytes = *reader.le32();
    if (header.payload_bytes > payload_bytes_max) return WireError::limit_exceeded;
    return header;
}

void encode_header(Header const& header, ByteWriter& out) {
    out.raw(std::as_bytes(std::span{header.guid.bytes}));
    out.u8(header.function);
    out.u8(header.ttl.value());
    out.u8(header.hops.value());
    out.le32(header.payload_bytes);
}

std::uint32_t relay_bytes_max(std::uint8_t function) noexcept {
    switch (static_cast<Function>(function)) {
        case Function::query: return 256;
        case Function::query_hit: return 16384;
        case Function::bye: return 4096;
        default: return 40960;
    }
}

std::uint32_t kick_bytes_max(std::uint8_t function) noexcept {
    switch (static_cast<Function>(function)) {
        case Function::query: return 1024;
        case Function::query_hit: return payload_bytes_max;
        default: return 40960;
    }
}

}  // namespace praline::wire
