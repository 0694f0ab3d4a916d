#include "node/wire/vendor.hpp"

#include <algorithm>

#include "node/base/byte_reader.hpp"
#include "node/base/byte_writer.hpp"
#include "node/base/check.hpp"
#include "node/wire/ggep.hpp"
#include "node/wire/limits.hpp"

namespace praline::wire {
namespace {

constexpr std::size_t code_bytes = 4;
constexpr std::size_t sha1_urn_bytes = 41;  // "urn:sha1:" and 32 characters
constexpr std::uint8_t indication_can_receive = 0x01;

std::string null_code() { return std::string(code_bytes, '\0'); }

template <class Entry, class Read>
Result<std::vector<Entry>> read_entries(ByteReader& reader, std::size_t entry_bytes, Read read) {
    auto const count = reader.le16();
    if (!count) return count.error();
    if (reader.remaining() < *count * entry_bytes) return WireError::truncated;
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < std::min<std::size_t>(*count, vendor_entries_max); ++i)
        entries.emplace_back(read(reader));
    return entries;
}

Result<VendorMessage> read_messages(Vendor const& vendor) {
    ByteReader reader{vendor.data};
    auto entries = read_entries<VendorName>(reader, code_bytes + 4, [](ByteReader& in) {
        VendorName name;
        name.code = as_text(*in.take(code_bytes));
        name.selector = *in.le16();
        name.version = *in.le16();
        return name;
    });
    if (!entries) return entries.error();
    return VendorMessage{MessagesSupported{std::move(*entries)}};
}

Result<VendorMessage> read_features(Vendor const& vendor) {
    ByteReader reader{vendor.data};
    auto entries = read_entries<FeaturesSupported::Feature>(reader, code_bytes + 2, [](ByteReader& in) {
        FeaturesSupported::Feature feature;
        feature.name = as_text(*in.take(code_bytes));
        feature.version = *in.le16();
        return feature;
    });
    if (!entries) return entries.error();
    return VendorMessage{FeaturesSupported{std::move(*entries)}};
}

Result<VendorMessage> read_hops_flow(Vendor const& vendor) {
    auto const hops = ByteReader{vendor.data}.u8();
    if (!hops) return hops.error();
    return VendorMessage{HopsFlow{*hops}};
}

Result<VendorMessage> read_tcp_connect_back(Vendor const& vendor) {
    auto const port = ByteReader{vendor.data}.le16();
    if (!port) return port.error();
    return VendorMessage{TcpConnectBack{*port}};
}

Result<VendorMessage> read_udp_connect_back(Vendor const& vendor) {
    ByteReader reader{vendor.data};
    auto const port = reader.le16();
    if (!port) return port.error();
    UdpConnectBack message{*port, std::nullopt};
    if (vendor.version == 1) {
        auto const guid = reader.take(Guid::size_bytes);
        if (!guid) return guid.error();
        std::transform(guid->begin(), guid->end(), message.guid.emplace().bytes.begin(),
                       [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    }
    return VendorMessage{message};
}

Result<VendorMessage> read_push_proxy_request(Vendor const&) { return VendorMessage{PushProxyRequest{}}; }

Result<VendorMessage> read_push_proxy_ack(Vendor const& vendor) {
    ByteReader reader{vendor.data};
    PushProxyAck message;
    if (vendor.version >= 2) {
        auto const address = reader.be32();
        if (!address) return address.error();
        message.address = *address;
    }
    auto const port = reader.le16();
    if (!port) return port.error();
    message.port = *port;
    return VendorMessage{message};
}

Result<VendorMessage> read_oob_ack(Vendor const& vendor) {
    ByteReader reader{vendor.data};
    auto const wanted = reader.u8();
    if (!wanted) return wanted.error();
    OobAck message{*wanted, {}};
    if (auto const block = decode_ggep(reader.rest()); vendor.version >= 3 && block)
        if (auto const* token = find(block->items, "SO")) message.token = token->data;
    return VendorMessage{std::move(message)};
}

Result<VendorMessage> read_oob_indication(Vendor const& vendor) {
    ByteReader reader{vendor.data};
    auto const hits = reader.u8();
    if (!hits) return hits.error();
    OobIndication message{*hits, false, vendor.version};
    if (vendor.version >= 2) {
        auto const flags = reader.u8();
        if (!flags) return flags.error();
        message.can_receive = (*flags & indication_can_receive) != 0;
    }
    return VendorMessage{message};
}

Result<VendorMessage> read_head_ping(Vendor const& vendor) {
    ByteReader reader{vendor.data};
    auto const flags = reader.u8();
    if (!flags) return flags.error();
    auto const text = reader.take(sha1_urn_bytes);
    if (!text) return text.error();
    auto const urn = Urn::parse(as_text(*text));
    if (!urn || !urn->sha1) return WireError::bad_value;
    HeadPing message{*flags, *urn, {}, vendor.version};
    if ((*flags & HeadPing::ggep_follows) != 0)
        if (auto block = decode_ggep(reader.rest())) message.ggep = std::move(block->items);
    return VendorMessage{std::move(message)};
}

Result<VendorMessage> read_hits_kept_question(Vendor const&) { return VendorMessage{HitsKeptQuestion{}}; }

Result<VendorMessage> read_hits_kept(Vendor const& vendor) {
    auto const count = ByteReader{vendor.data}.le16();
    if (!count) return count.error();
    return VendorMessage{HitsKept{*count}};
}

/// One message we know, in which versions, and who reads it.
struct Known {
    std::string_view code;
    std::uint16_t selector, first_version, last_version;
    Result<VendorMessage> (*read)(Vendor const&);
};

constexpr std::string_view null_view{"\0\0\0\0", code_bytes};
constexpr Known known_messages[] = {
    {null_view, 0, 0, 0, read_messages},         {null_view, 10, 0, 0, read_features},
    {"BEAR", 4, 1, 1, read_hops_flow},           {"BEAR", 7, 1, 1, read_tcp_connect_back},
    {"BEAR", 11, 1, 1, read_hits_kept_question}, {"BEAR", 12, 1, 1, read_hits_kept},
    {"GTKG", 7, 1, 2, read_udp_connect_back},    {"LIME", 11, 2, 3, read_oob_ack},
    {"LIME", 12, 1, 3, read_oob_indication},     {"LIME", 21, 1, 2, read_push_proxy_request},
    {"LIME", 22, 1, 2, read_push_proxy_ack},     {"LIME", 23, 1, 2, read_head_ping},
};

Vendor make(std::string code, std::uint16_t selector, std::uint16_t version, Bytes data = {}) {
    return Vendor{std::move(code), selector, version, std::move(data)};
}

Vendor make_u16(std::string code, std::uint16_t selector, std::uint16_t version, std::uint16_t value) {
    ByteWriter out;
    out.le16(value);
    return make(std::move(code), selector, version, out.take());
}

void write_name(std::string_view name, ByteWriter& out) {
    check(name.size() == code_bytes);
    out.text(name);
}

}  // namespace

Result<VendorMessage> decode_vendor_message(Vendor const& vendor) {
    for (Known const& known : known_messages) {
        bool const same = vendor.code == known.code && vendor.selector == known.selector;
        if (same && vendor.version >= known.first_version && vendor.version <= known.last_version)
            return known.read(vendor);
    }
    return VendorMessage{vendor};
}

Vendor to_vendor(MessagesSupported const& message) {
    ByteWriter out;
    out.le16(static_cast<std::uint16_t>(message.messages.size()));
    for (auto const& name : message.messages) {
        write_name(name.code, out);
        out.le16(name.selector);
        out.le16(name.version);
    }
    return make(null_code(), 0, 0, out.take());
}

Vendor to_vendor(FeaturesSupported const& message) {
    ByteWriter out;
    out.le16(static_cast<std::uint16_t>(message.features.size()));
    for (auto const& feature : message.features) {
        write_name(feature.name, out);
        out.le16(feature.version);
    }
    return make(null_code(), 10, 0, out.take());
}

Vendor to_vendor(HopsFlow const& message) { return make("BEAR", 4, 1, Bytes{std::byte{message.hops}}); }

Vendor to_vendor(TcpConnectBack const& message) { return make_u16("BEAR", 7, 1, message.port); }

Vendor to_vendor(UdpConnectBack const& message) {
    auto vendor = make_u16("GTKG", 7, message.guid ? 1 : 2, message.port);
    if (message.guid) {
        auto const bytes = std::as_bytes(std::span{message.guid->bytes});
        vendor.data.insert(vendor.data.end(), bytes.begin(), bytes.end());
    }
    return vendor;
}

Vendor to_vendor(PushProxyRequest const&) { return make("LIME", 21, 1); }

Vendor to_vendor(PushProxyAck const& message) {
    ByteWriter out;
    if (message.address) out.be32(*message.address);
    out.le16(message.port);
    return make("LIME", 22, message.address ? 2 : 1, out.take());
}

Vendor to_vendor(OobAck const& message) {
    ByteWriter out;
    out.u8(message.wanted);
    if (!message.token.empty()) out.raw(encode_ggep({GgepItem{"SO", message.token}}));
    return make("LIME", 11, message.token.empty() ? 2 : 3, out.take());
}

Vendor to_vendor(OobIndication const& message) {
    ByteWriter out;
    out.u8(message.hits);
    if (message.version >= 2) out.u8(message.can_receive ? indication_can_receive : std::uint8_t{0});
    return make("LIME", 12, message.version, out.take());
}

Vendor to_vendor(HeadPing const& message) {
    auto const without = static_cast<std::uint8_t>(message.flags & ~HeadPing::ggep_follows);
    ByteWriter out;
    out.u8(message.ggep.empty() ? without : static_cast<std::uint8_t>(without | HeadPing::ggep_follows));
    out.text(message.urn.sha1.value().urn());
    out.raw(encode_ggep(message.ggep));
    return make("LIME", 23, message.version, out.take());
}

Vendor to_vendor(HitsKeptQuestion const&) { return make("BEAR", 11, 1); }

Vendor to_vendor(HitsKept const& message) { return make_u16("BEAR", 12, 1, message.count); }

}  // namespace praline::wire
