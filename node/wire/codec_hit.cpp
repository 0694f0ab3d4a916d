#include <algorithm>
#include <array>
#include <limits>

#include "node/base/byte_reader.hpp"
#include "node/base/byte_writer.hpp"
#include "node/base/check.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/ggep.hpp"
#include "node/wire/huge.hpp"
#include "node/wire/limits.hpp"
#include "node/wire/text_fields.hpp"
#include "node/wire/zlib_stream.hpp"

namespace praline::wire {
namespace {

constexpr std::size_t vendor_bytes = 4;
constexpr std::uint64_t plain_size_end = 0x80000000U;  // from here on the size stands in GGEP LF
constexpr std::uint32_t size_elsewhere = std::numeric_limits<std::uint32_t>::max();

/// Bits of the open data; push has meaning and definition the other way round than the rest.
constexpr std::uint8_t push_bit = 0x01, busy_bit = 0x04, uploaded_bit = 0x08, ggep_bit = 0x20;
constexpr std::uint8_t open_bytes = 2;

constexpr std::array<std::string_view, 5> record_ids{"H", "u", "TT", "LF", "ALT"};
constexpr std::array<std::string_view, 2> trailer_ids{"BH", "PUSH"};

/// Items whose meaning has a field of its own are written from the field alone.
template <std::size_t Count>
void add_others(Ggep& items, Ggep const& others, std::array<std::string_view, Count> const& known) {
    for (auto const& item : others)
        if (std::find(known.begin(), known.end(), item.id) == known.end()) items.push_back(item);
}

std::vector<Endpoint> endpoints_of(GgepItem const& item) {
    auto endpoints = decode_endpoints(item.data);
    return endpoints ? std::move(*endpoints) : std::vector<Endpoint>{};
}

void take_record_item(GgepItem item, HitRecord& record) {
    if (item.id == "LF") {
        auto const size = decode_vlint(item.data);
        if (size && *size != 0) record.size_bytes = *size;
    } else if (item.id == "ALT") {
        record.alternates = endpoints_of(item);
    } else {
        record.ggep.emplace_back(std::move(item));
    }
}

Result<HitRecord> read_record(ByteReader& reader, std::size_t& inflate_budget) {
    auto const index = reader.le32();
    if (!index) return index.error();
    auto const size = reader.le32();
    if (!size) return size.error();
    auto const name = reader.c_string();
    if (!name) return name.error();
    auto const area = reader.c_string();
    if (!area) return area.error();
    HitRecord record;
    record.index = *index;
    record.size_bytes = *size;
    record.name = as_utf8(*name);
    auto extensions = parse_extensions(as_view(*area), inflate_budget);
    for (Urn const& urn : extensions.urns) complete(record.urn, urn);
    for (auto& item : extensions.ggep) take_record_item(std::move(item), record);
    return record;
}

void take_trailer_ggep(Ggep items, QueryHit& hit) {
    for (auto& item : items) {
        if (item.id == "BH")
            hit.browsable = true;
        else if (item.id == "PUSH")
            hit.push_proxies = endpoints_of(item);
        else
            hit.ggep.emplace_back(std::move(item));
    }
}

void take_open_data(ByteView open, QueryHit& hit) {
    if (open.empty()) return;
    auto const a = std::to_integer<std::uint8_t>(open[0]);
    if (open.size() == 1) {
        hit.push_needed = (a & push_bit) != 0;  // old NapShare has no second byte
        return;
    }
    auto const b = std::to_integer<std::uint8_t>(open[1]);
    hit.push_needed = (a & b & push_bit) != 0;
    hit.busy = (a & b & busy_bit) != 0;
    hit.has_uploaded = (a & b & uploaded_bit) != 0;
}

/// Bytes of XML at the end of the private area, as the open data says.
std::size_t xml_bytes(ByteView open, std::size_t private_bytes) {
    if (open.size() < 4) return 0;
    auto const length = *ByteReader{open.subspan(2)}.le16();
    return length > 1 && length <= private_bytes ? length : 0;  // 1 is the NUL of no XML
}

/// The XML stands there as it is, or after a word in braces: LimeWire deflates it.
void take_metadata(ByteView xml, std::size_t& inflate_budget, QueryHit& hit) {
    constexpr std::string_view plain = "{plaintext}", deflated = "{deflate}", none = "{}";
    auto const text = as_text(xml);
    std::string found;
    if (text.starts_with(deflated)) {
        auto const inflated = inflate_all(xml.subspan(deflated.size()), std::min(inflate_budget, metadata_bytes_max));
        if (!inflated) return;
        inflate_budget -= inflated->size();
        found = as_text(*inflated);
    } else {
        std::size_t const skipped = text.starts_with(plain) ? plain.size() : text.starts_with(none) ? none.size() : 0;
        found = text.substr(skipped, metadata_bytes_max);
    }
    hit.metadata.text = std::move(found);
}

Result<void> read_trailer(ByteReader reader, std::size_t& inflate_budget, QueryHit& hit) {
    auto const vendor = reader.take(vendor_bytes);
    if (!vendor) return vendor.error();
    auto const open_length = reader.u8();
    if (!open_length) return open_length.error();
    auto const open = reader.take(*open_length);
    if (!open) return WireError::bad_length;
    hit.vendor = as_text(*vendor);
    std::replace_if(
        hit.vendor.begin(), hit.vendor.end(), [](char c) { return c <= ' ' || c > '~'; }, '?');
    take_open_data(*open, hit);
    auto rest = reader.rest();
    std::size_t const xml = xml_bytes(*open, rest.size());
    if (xml > 0) take_metadata(rest.last(xml), inflate_budget, hit);
    rest = rest.first(rest.size() - xml);
    auto const magic = std::find(rest.begin(), rest.end(), ggep_magic);
    if (magic == rest.end()) return {};
    auto block = decode_ggep(rest.subspan(static_cast<std::size_t>(magic - rest.begin())), inflate_budget);
    if (block) take_trailer_ggep(std::move(block->items), hit);
    return {};
}

bool says_h(HitRecord const& record, HitStyle style) {
    if (!record.urn.sha1 || style == HitStyle::urn_text) return false;
    return style == HitStyle::ggep_h || record.urn.tiger_root.has_value();
}

void write_record(HitRecord const& record, HitStyle style, ByteWriter& out) {
    bool const large = record.size_bytes >= plain_size_end;
    out.le32(record.index);
    out.le32(large ? size_elsewhere : static_cast<std::uint32_t>(record.size_bytes));
    write_text(record.name, out);
    std::vector<Urn> urns;
    Ggep items;
    if (says_h(record, style)) {
        add(items, "H", encode_ggep_h(record.urn));
    } else {
        if (record.urn.sha1) urns.emplace_back(Urn{record.urn.sha1, {}});
        if (record.urn.tiger_root) add(items, "TT", std::as_bytes(std::span{record.urn.tiger_root->bytes}));
    }
    if (large) add(items, "LF", encode_vlint(record.size_bytes));
    if (!record.alternates.empty()) add(items, "ALT", encode_endpoints(record.alternates));
    add_others(items, record.ggep, record_ids);
    out.raw(encode_extensions(urns, items));
    out.u8(0);
}

void write_trailer(QueryHit const& hit, ByteWriter& out) {
    Ggep items;
    if (hit.browsable) add(items, "BH");
    if (!hit.push_proxies.empty()) add(items, "PUSH", encode_endpoints(hit.push_proxies));
    put_v6(items, hit.endpoint.address);
    add_others(items, hit.ggep, trailer_ids);
    auto const when = [](bool condition, std::uint8_t bit) { return condition ? bit : std::uint8_t{0}; };
    out.text(hit.vendor);
    out.u8(open_bytes);
    out.u8(static_cast<std::uint8_t>(busy_bit | uploaded_bit | ggep_bit | when(hit.push_needed, push_bit)));
    out.u8(static_cast<std::uint8_t>(push_bit | when(hit.busy, busy_bit) | when(hit.has_uploaded, uploaded_bit) |
                                     when(!items.empty(), ggep_bit)));
    out.raw(encode_ggep(items));
}

}  // namespace

Result<QueryHit> decode_query_hit(ByteView payload) {
    constexpr std::size_t fixed = 11;
    if (payload.size() < fixed + Guid::size_bytes) return WireError::truncated;
    auto const guid = payload.last(Guid::size_bytes);
    ByteReader reader{payload.first(payload.size() - Guid::size_bytes)};
    QueryHit hit;
    std::transform(guid.begin(), guid.end(), hit.servent.bytes.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    std::size_t const count = *reader.u8();
    if (count == 0) return WireError::bad_value;
    hit.endpoint.port = *reader.le16();
    auto const v4 = *reader.be32();
    hit.endpoint.address = Address::v4(v4);
    hit.speed_kbits = *reader.le32();
    std::size_t inflate_budget = ggep_inflated_bytes_max;
    for (std::size_t i = 0; i < count; ++i) {
        auto record = read_record(reader, inflate_budget);
        if (!record) return record.error();
        hit.records.emplace_back(std::move(*record));
    }
    if (reader.empty()) return hit;
    auto const trailer = read_trailer(reader, inflate_budget, hit);
    if (!trailer) return trailer.error();
    hit.endpoint.address = take_v6(hit.ggep, v4);
    return hit;
}

Bytes encode(QueryHit const& hit, HitStyle style) {
    check(!hit.records.empty() && hit.records.size() <= hit_records_max);
    check(hit.vendor.empty() || hit.vendor.size() == vendor_bytes);
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(hit.records.size()));
    out.le16(hit.endpoint.port);
    out.be32(v4_field(hit.endpoint.address));
    out.le32(hit.speed_kbits);
    for (HitRecord const& record : hit.records) write_record(record, style, out);
    // Without a vendor there is no trailer: that is how the oldest servents look.
    if (!hit.vendor.empty()) write_trailer(hit, out);
    out.raw(std::as_bytes(std::span{hit.servent.bytes}));
    return out.take();
}

std::size_t encoded_bytes(HitRecord const& record, HitStyle style) {
    ByteWriter out;
    write_record(record, style, out);
    return out.size();
}

}  // namespace praline::wire
