#include "node/wire/ggep.hpp"

#include <algorithm>

#include "node/base/byte_reader.hpp"
#include "node/base/byte_writer.hpp"
#include "node/base/check.hpp"
#include "node/wire/zlib_stream.hpp"

namespace praline::wire {
namespace {

constexpr std::uint8_t last_flag = 0x80, cobs_flag = 0x40, deflate_flag = 0x20, reserved_flag = 0x10, id_mask = 0x0F;
constexpr std::uint8_t length_more = 0x80, length_last = 0x40, length_mask = 0x3F;
constexpr int length_bytes_max = 3;
constexpr std::size_t deflate_bytes_min = 6;  // a zlib stream is never shorter

bool is_id_character(char c) { return c > 0x20 && c < 0x7F; }

Result<std::size_t> read_length(ByteReader& reader) {
    std::size_t length = 0;
    for (int i = 0; i < length_bytes_max; ++i) {
        auto const byte = reader.u8();
        if (!byte) return byte.error();
        bool const more = (*byte & length_more) != 0;
        bool const last = (*byte & length_last) != 0;
        if (more == last) return WireError::bad_length;
        length = (length << 6) | (*byte & length_mask);
        if (last) return length;
    }
    return WireError::bad_length;
}

Result<Bytes> undo(ByteView data, std::uint8_t flags, std::size_t& inflate_budget) {
    Bytes plain;
    if ((flags & cobs_flag) != 0) {
        auto decoded = cobs_decode(data);
        if (!decoded) return decoded.error();
        plain = std::move(*decoded);
        data = plain;
    }
    if ((flags & deflate_flag) != 0) {
        auto inflated = inflate_all(data, inflate_budget);
        if (!inflated) return inflated.error() == WireError::truncated ? WireError::bad_value : inflated.error();
        inflate_budget -= inflated->size();
        return inflated;
    }
    if ((flags & cobs_flag) == 0) plain.assign(data.begin(), data.end());
    return plain;
}

/// One item; `last` tells whether the block ends behind it.
Result<GgepItem> read_item(ByteReader& reader, std::size_t& inflate_budget, bool& last) {
    auto const flags = reader.u8();
    if (!flags) return flags.error();
    std::size_t const id_length = *flags & id_mask;
    if ((*flags & reserved_flag) != 0 || id_length == 0) return WireError::bad_value;
    auto const id = reader.take(id_length);
    if (!id) return id.error();
    auto const name = as_text(*id);
    if (!std::all_of(name.begin(), name.end(), is_id_character)) return WireError::bad_value;
    auto const length = read_length(reader);
    if (!length) return length.error();
    auto const data = reader.take(*length);
    if (!data) return data.error();
    auto plain = undo(*data, *flags, inflate_budget);
    if (!plain) return plain.error();
    last = (*flags & last_flag) != 0;
    return GgepItem{std::string{name}, std::move(*plain)};
}

void write_length(std::size_t length, ByteWriter& out) {
    auto const group = [length](unsigned shift) { return static_cast<std::uint8_t>((length >> shift) & length_mask); };
    if (length > 4095) out.u8(group(12) | length_more);
    if (length > 63) out.u8(group(6) | length_more);
    out.u8(group(0) | length_last);
}

void write_item(GgepItem const& item, bool last, GgepPlace place, GgepDeflate deflate, ByteWriter& out) {
    check(!item.id.empty() && item.id.size() <= id_mask &&
          std::all_of(item.id.begin(), item.id.end(), is_id_character));
    auto flags = static_cast<std::uint8_t>(item.id.size() | (last ? last_flag : 0U));
    ByteView data = item.data;
    Bytes deflated;
    if (deflate == GgepDeflate::when_smaller && data.size() >= deflate_bytes_min) {
        deflated = deflate_all(data);
        if (deflated.size() < data.size()) {
            data = deflated;
            flags |= deflate_flag;
        }
    }
    Bytes stuffed;
    if (place == GgepPlace::nul_free && std::find(data.begin(), data.end(), std::byte{0}) != data.end()) {
        stuffed = cobs_encode(data);
        data = stuffed;
        flags |= cobs_flag;
    }
    check(data.size() <= ggep_data_bytes_max);
    out.u8(flags);
    out.text(item.id);
    write_length(data.size(), out);
    out.raw(data);
}

}  // namespace

Result<GgepBlock> decode_ggep(ByteView in, std::size_t& inflate_budget) {
    ByteReader reader{in};
    auto const magic = reader.u8();
    if (!magic) return magic.error();
    if (std::byte{*magic} != ggep_magic) return WireError::bad_value;
    GgepBlock block;
    bool last = false;
    for (std::size_t count = 0; !last; ++count) {
        if (count == ggep_items_max) return WireError::limit_exceeded;
        auto item = read_item(reader, inflate_budget, last);
        if (!item) return item.error();
        if (!has(block.items, item->id)) block.items.emplace_back(std::move(*item));
    }
    block.consumed = in.size() - reader.remaining();
    return block;
}

Result<GgepBlock> decode_ggep(ByteView in) {
    std::size_t budget = ggep_inflated_bytes_max;
    return decode_ggep(in, budget);
}

Bytes encode_ggep(Ggep const& items, GgepPlace place, GgepDeflate deflate) {
    ByteWriter out;
    if (items.empty()) return out.take();
    out.u8(std::to_integer<std::uint8_t>(ggep_magic));
    for (auto const& item : items) write_item(item, &item == &items.back(), place, deflate, out);
    return out.take();
}

GgepItem const* find(Ggep const& items, std::string_view id) noexcept {
    auto const at = std::find_if(items.begin(), items.end(), [id](GgepItem const& item) { return item.id == id; });
    return at == items.end() ? nullptr : &*at;
}

void add(Ggep& items, std::string_view id, ByteView data) {
    items.emplace_back(GgepItem{std::string{id}, Bytes{data.begin(), data.end()}});
}

void add(Ggep& items, std::string_view id, std::initializer_list<std::uint8_t> data) {
    add(items, id, std::as_bytes(std::span{data.begin(), data.size()}));
}

}  // namespace praline::wire
