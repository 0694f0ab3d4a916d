#include "node/wire/codec.hpp"

#include <algorithm>

#include "node/base/byte_reader.hpp"
#include "node/base/byte_writer.hpp"
#include "node/base/check.hpp"
#include "node/wire/ggep.hpp"
#include "node/wire/text_fields.hpp"

namespace praline::wire {
namespace {

constexpr std::size_t vendor_code_bytes = 4;
constexpr std::uint8_t qrp_reset = 0x00, qrp_patch = 0x01, qrp_plain = 0, qrp_zlib = 1;
constexpr std::size_t qrp_reset_bytes = 5, qrp_patch_bytes = 4;

/// The area behind the fixed part of Ping, Pong and Push: nothing, zeros, or GGEP.
Result<Ggep> decode_ggep_area(ByteView area) {
    if (area.size() > extension_bytes_max) return WireError::limit_exceeded;
    // LimeWire ends its GGEP pings with a NUL, and a lone NUL says nothing.
    if (std::all_of(area.begin(), area.end(), [](std::byte byte) { return byte == std::byte{0}; })) return Ggep{};
    if (area.front() != ggep_magic) return WireError::bad_value;
    auto block = decode_ggep(area);
    return block ? std::move(block->items) : Ggep{};
}

Guid guid_from(ByteView bytes) {
    Guid guid;
    std::transform(bytes.begin(), bytes.end(), guid.bytes.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    return guid;
}

std::uint32_t other_way_round(std::uint32_t value) {
    return (value >> 24) | ((value >> 8) & 0xFF00U) | ((value << 8) & 0xFF0000U) | (value << 24);
}

Result<Qrp> decode_reset(ByteReader reader) {
    if (reader.remaining() < qrp_reset_bytes) return WireError::truncated;
    QrpReset reset;
    reset.slots = *reader.le32();
    reset.infinity = *reader.u8();
    if (reset.infinity == 0) return WireError::bad_value;
    return Qrp{reset};
}

Result<Qrp> decode_patch(ByteReader reader) {
    if (reader.remaining() < qrp_patch_bytes) return WireError::truncated;
    QrpPatch patch;
    patch.number = *reader.u8();
    patch.count = *reader.u8();
    auto const compressor = *reader.u8();
    patch.entry_bits = *reader.u8();
    if (patch.number == 0 || patch.number > patch.count) return WireError::bad_value;
    if (compressor > qrp_zlib) return WireError::unknown_type;
    patch.deflated = compressor == qrp_zlib;
    auto const bits = patch.entry_bits;
    if (bits != 1 && bits != 2 && bits != 4 && bits != 8) return WireError::bad_value;
    patch.data.assign(reader.rest().begin(), reader.rest().end());
    return Qrp{std::move(patch)};
}

/// `items` and, if need be, the address that the fixed field has no room for.
Ggep with_v6(Ggep items, Address const& address) {
    put_v6(items, address);
    return items;
}

struct QrpEncoder {
    ByteWriter& out;
    void operator()(QrpReset const& reset) const {
        out.u8(qrp_reset);
        out.le32(reset.slots);
        out.u8(reset.infinity);
    }
    void operator()(QrpPatch const& patch) const {
        out.u8(qrp_patch);
        out.u8(patch.number);
        out.u8(patch.count);
        out.u8(patch.deflated ? qrp_zlib : qrp_plain);
        out.u8(patch.entry_bits);
        out.raw(patch.data);
    }
};

}  // namespace

Result<Ping> decode_ping(ByteView payload) {
    auto ggep = decode_ggep_area(payload);
    if (!ggep) return ggep.error();
    return Ping{std::move(*ggep)};
}

Bytes encode(Ping const& ping) { return encode_ggep(ping.ggep); }

Result<Pong> decode_pong(ByteView payload) {
    constexpr std::size_t fixed = 14;
    if (payload.size() < fixed) return WireError::truncated;
    ByteReader reader{payload};
    Pong pong;
    pong.endpoint.port = *reader.le16();
    auto const v4 = *reader.be32();
    pong.files = *reader.le32();
    pong.kilobytes = *reader.le32();
    if (pong.files > pong_files_max) pong.files = other_way_round(pong.files);
    if (pong.files > pong_files_max) return WireError::bad_value;
    auto ggep = decode_ggep_area(reader.rest());
    if (!ggep) return ggep.error();
    pong.ggep = std::move(*ggep);
    pong.endpoint.address = take_v6(pong.ggep, v4);
    return pong;
}

Bytes encode(Pong const& pong) {
    ByteWriter out;
    out.le16(pong.endpoint.port);
    out.be32(v4_field(pong.endpoint.address));
    out.le32(pong.files);
    out.le32(pong.kilobytes);
    out.raw(encode_ggep(with_v6(pong.ggep, pong.endpoint.address)));
    return out.take();
}

Result<Bye> decode_bye(ByteView payload) {
    ByteReader reader{payload};
    auto const code = reader.le16();
    if (!code) return code.error();
    auto const text = as_text(reader.rest());
    constexpr std::string_view ends{"\r\n\0", 3};
    return Bye{*code, as_utf8(text.substr(0, text.find_first_of(ends)))};
}

Bytes encode(Bye const& bye) {
    ByteWriter out;
    out.le16(bye.code);
    write_text(bye.reason, out);
    return out.take();
}

Result<Push> decode_push(ByteView payload) {
    constexpr std::size_t fixed = 26;
    if (payload.size() < fixed) return WireError::truncated;
    ByteReader reader{payload};
    Push push;
    push.servent = guid_from(*reader.take(Guid::size_bytes));
    push.file_index = *reader.le32();
    auto const v4 = *reader.be32();
    push.call_back.port = *reader.le16();
    auto ggep = decode_ggep_area(reader.rest());
    if (!ggep) return ggep.error();
    push.ggep = std::move(*ggep);
    push.call_back.address = take_v6(push.ggep, v4);
    return push;
}

Bytes encode(Push const& push) {
    ByteWriter out;
    out.raw(std::as_bytes(std::span{push.servent.bytes}));
    out.le32(push.file_index);
    out.be32(v4_field(push.call_back.address));
    out.le16(push.call_back.port);
    out.raw(encode_ggep(with_v6(push.ggep, push.call_back.address)));
    return out.take();
}

Result<Qrp> decode_qrp(ByteView payload) {
    ByteReader reader{payload};
    auto const kind = reader.u8();
    if (!kind) return kind.error();
    if (*kind == qrp_reset) return decode_reset(reader);
    if (*kind == qrp_patch) return decode_patch(reader);
    return WireError::unknown_type;
}

Bytes encode(Qrp const& qrp) {
    ByteWriter out;
    std::visit(QrpEncoder{out}, qrp);
    return out.take();
}

Result<Vendor> decode_vendor(ByteView payload) {
    constexpr std::size_t fixed = 8;
    if (payload.size() < fixed) return WireError::truncated;
    ByteReader reader{payload};
    Vendor vendor;
    vendor.code = as_text(*reader.take(vendor_code_bytes));
    vendor.selector = *reader.le16();
    vendor.version = *reader.le16();
    vendor.data.assign(reader.rest().begin(), reader.rest().end());
    return vendor;
}

Bytes encode(Vendor const& vendor) {
    check(vendor.code.size() == vendor_code_bytes);
    ByteWriter out;
    out.text(vendor.code);
    out.le16(vendor.selector);
    out.le16(vendor.version);
    out.raw(vendor.data);
    return out.take();
}

Bytes frame(Header header, ByteView payload) {
    header.payload_bytes = static_cast<std::uint32_t>(payload.size());
    ByteWriter out;
    encode_header(header, out);
    out.raw(payload);
    return out.take();
}

Result<MessageView> first_message(ByteView in) noexcept {
    auto const header = decode_header(in);
    if (!header) return header.error();
    auto const rest = in.subspan(header_bytes);
    if (rest.size() < header->payload_bytes) return WireError::truncated;
    return MessageView{*header, rest.first(header->payload_bytes)};
}

}  // namespace praline::wire
