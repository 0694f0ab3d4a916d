#include "transfer/content/dime.hpp"

#include <utility>

#include "node/base/byte_reader.hpp"
#include "node/base/byte_writer.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {
namespace {

constexpr std::uint8_t version = 1, first_mark = 0x04, last_mark = 0x02, chunk_mark = 0x01;

std::size_t padded(std::size_t bytes) { return (bytes + 3) / 4 * 4; }

void put_padded(ByteWriter& out, ByteView bytes) {
    out.raw(bytes);
    for (std::size_t i = bytes.size(); i < padded(bytes.size()); ++i) out.u8(0);
}

/// Padding at the very end of the message may be missing: nothing is lost by it.
Result<ByteView> take_padded(ByteReader& in, std::size_t bytes) {
    auto const value = in.take(bytes);
    if (!value) return value.error();
    std::size_t const padding = padded(bytes) - bytes;
    if (auto const skipped = in.take(padding); !skipped && !in.empty()) return skipped.error();
    return *value;
}

struct RecordHeader {
    std::uint8_t flags = 0, kind = 0;
    std::size_t options = 0, id = 0, type = 0, data = 0;
};

Result<RecordHeader> read_header(ByteReader& in) {
    auto const raw = in.take(12);
    if (!raw) return raw.error();
    ByteReader fields{*raw};
    RecordHeader header;
    header.flags = *fields.u8();
    header.kind = *fields.u8();
    header.options = *fields.be16();
    header.id = *fields.be16();
    header.type = *fields.be16();
    header.data = *fields.be32();
    if (header.flags >> 3 != version) return WireError::bad_value;
    if (header.flags & chunk_mark) return WireError::unknown_type;
    if (header.kind >> 4 > static_cast<int>(DimeType::none)) return WireError::unknown_type;
    return header;
}

Result<DimeRecord> read_body(ByteReader& in, RecordHeader const& header) {
    if (auto const options = take_padded(in, header.options); !options) return options.error();
    auto const id = take_padded(in, header.id);
    if (!id) return id.error();
    auto const type = take_padded(in, header.type);
    if (!type) return type.error();
    auto const data = take_padded(in, header.data);
    if (!data) return data.error();
    DimeRecord record;
    record.type_kind = static_cast<DimeType>(header.kind >> 4);
    record.id = as_text(*id);
    record.type = as_text(*type);
    record.data.assign(data->begin(), data->end());
    return record;
}

}  // namespace

Bytes dime_encode(std::vector<DimeRecord> const& records) {
    ByteWriter out;
    for (std::size_t i = 0; i < records.size(); ++i) {
        DimeRecord const& record = records[i];
        unsigned flags = version << 3;
        if (i == 0) flags |= first_mark;
        if (i + 1 == records.size()) flags |= last_mark;
        out.u8(static_cast<std::uint8_t>(flags));
        out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(record.type_kind) << 4));
        out.be16(0);
        out.be16(static_cast<std::uint16_t>(record.id.size()));
        out.be16(static_cast<std::uint16_t>(record.type.size()));
        out.be32(static_cast<std::uint32_t>(record.data.size()));
        put_padded(out, as_view(record.id));
        put_padded(out, as_view(record.type));
        put_padded(out, record.data);
    }
    return out.take();
}

Result<std::vector<DimeRecord>> dime_decode(ByteView bytes) {
    ByteReader in{bytes};
    std::vector<DimeRecord> records;
    for (;;) {
        if (records.size() == dime_records_max) return WireError::limit_exceeded;
        auto const header = read_header(in);
        if (!header) return header.error();
        if (((header->flags & first_mark) != 0) != records.empty()) return WireError::bad_value;
        auto record = read_body(in, *header);
        if (!record) return record.error();
        records.emplace_back(std::move(*record));
        if (header->flags & last_mark) return records;
    }
}

}  // namespace praline::content
