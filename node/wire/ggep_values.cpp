#include <algorithm>
#include <span>

#include "node/base/byte_reader.hpp"
#include "node/base/byte_writer.hpp"
#include "node/wire/ggep.hpp"

namespace praline::wire {
namespace {

constexpr std::size_t cobs_group_max = 254;  // bytes behind a code of 0xFF, which stands for no zero
constexpr std::size_t endpoint_bytes = 6;
constexpr std::uint32_t v6_only_field = 0x7F000000;  // 127.0.0.0
constexpr std::string_view v6_item = "6";

}  // namespace

Bytes cobs_encode(ByteView data) {
    Bytes out;
    out.reserve(data.size() + data.size() / cobs_group_max + 2);
    bool ends_with_zero = true;  // no data is one empty group, like data whose last byte is a zero
    while (!data.empty()) {
        auto const window = data.first(std::min(data.size(), cobs_group_max));
        auto const zero = std::find(window.begin(), window.end(), std::byte{0});
        auto const length = static_cast<std::size_t>(zero - window.begin());
        out.push_back(static_cast<std::byte>(length + 1));
        out.insert(out.end(), window.begin(), zero);
        ends_with_zero = length < cobs_group_max && zero != window.end();
        data = data.subspan(length + (ends_with_zero ? 1 : 0));
    }
    if (ends_with_zero) out.push_back(std::byte{1});
    return out;
}

Result<Bytes> cobs_decode(ByteView data) {
    Bytes out;
    out.reserve(data.size());
    while (!data.empty()) {
        auto const code = std::to_integer<std::size_t>(data.front());
        if (code == 0) return WireError::bad_value;
        if (code > data.size()) return WireError::truncated;
        auto const group = data.subspan(1, code - 1);
        if (std::find(group.begin(), group.end(), std::byte{0}) != group.end()) return WireError::bad_value;
        out.insert(out.end(), group.begin(), group.end());
        data = data.subspan(code);
        if (!data.empty() && code != cobs_group_max + 1) out.push_back(std::byte{0});
    }
    return out;
}

Bytes encode_vlint(std::uint64_t value) {
    Bytes out;
    for (; value != 0; value >>= 8) out.push_back(static_cast<std::byte>(value & 0xFFU));
    return out;
}

std::optional<std::uint64_t> decode_vlint(ByteView data) noexcept {
    if (data.size() > sizeof(std::uint64_t)) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = data.size(); i-- > 0;) value = (value << 8) | std::to_integer<std::uint64_t>(data[i]);
    return value;
}

Bytes encode_endpoints(std::vector<Endpoint> const& endpoints) {
    ByteWriter out;
    for (Endpoint const& endpoint : endpoints) {
        auto const address = endpoint.address.v4_number();
        if (!address) continue;
        out.be32(*address);
        out.le16(endpoint.port);
    }
    return out.take();
}

Result<std::vector<Endpoint>> decode_endpoints(ByteView data) {
    if (data.size() % endpoint_bytes != 0) return WireError::bad_length;
    std::vector<Endpoint> endpoints;
    ByteReader reader{data.first(std::min(data.size(), endpoints_max * endpoint_bytes))};
    while (!reader.empty()) {
        auto const address = *reader.be32();
        endpoints.emplace_back(Endpoint{Address::v4(address), *reader.le16()});
    }
    return endpoints;
}

std::uint32_t v4_field(Address const& address) noexcept { return address.v4_number().value_or(v6_only_field); }

void put_v6(Ggep& items, Address const& address) {
    if (address.is_v6()) add(items, v6_item, std::as_bytes(std::span{address.bytes()}));
}

Address take_v6(Ggep& items, std::uint32_t field) {
    auto const* const item = field == v6_only_field ? find(items, v6_item) : nullptr;
    if (item == nullptr || item->data.size() != Address::v6_bytes) return Address::v4(field);
    Address::V6Bytes bytes{};
    std::transform(item->data.begin(), item->data.end(), bytes.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    auto const address = Address::v6(bytes);
    if (address.is_v4()) return Address::v4(field);
    std::erase_if(items, [](GgepItem const& one) { return one.id == v6_item; });
    return address;
}

}  // namespace praline::wire
