#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/result.hpp"
#include "node/wire/limits.hpp"
#include "node/wire/message.hpp"

/// Gnutella Generic Extension Protocol: named items in one block. @threads any: pure.  @source GGEP; node/wire/protocol/extensions.md
namespace praline::wire {

inline constexpr std::byte ggep_magic{0xC3};

struct GgepBlock {
    Ggep items;                ///< data with COBS and deflate undone; of items with the same id the first alone
    std::size_t consumed = 0;  ///< bytes of the block, the magic byte included
};

/// Decodes the block at the start of `in`; what follows its last item is left alone. Any fault spoils the whole block.
/// @param inflate_budget  bytes deflated items may still inflate to; lowered by what they did.
/// @errors truncated; bad_value: no magic byte, reserved bit, bad id, COBS or zlib data; bad_length: a length not
///         marked by exactly one of MORE and LAST, or of more than three bytes; limit_exceeded: too many items, or
///         the budget is spent.
[[nodiscard]] Result<GgepBlock> decode_ggep(ByteView in, std::size_t& inflate_budget);
[[nodiscard]] Result<GgepBlock> decode_ggep(ByteView in);

/// Where the block is to stand.
enum class GgepPlace : std::uint8_t {
    anywhere,  ///< zeros are allowed: Ping, Pong, Push, trailer, vendor messages
    nul_free,  ///< zeros end the area: queries and hit records; data with zeros is COBS-encoded
};
enum class GgepDeflate : std::uint8_t { never, when_smaller };

/// The whole block; nothing at all for no items. @pre ids of 1 to 15 printable ASCII characters, data of at most
/// `ggep_data_bytes_max` bytes once encoded.
[[nodiscard]] Bytes encode_ggep(Ggep const& items, GgepPlace place = GgepPlace::anywhere,
                                GgepDeflate deflate = GgepDeflate::never);

/// The first item of this name, or null. Names are case-sensitive.
[[nodiscard]] GgepItem const* find(Ggep const& items, std::string_view id) noexcept;
[[nodiscard]] inline bool has(Ggep const& items, std::string_view id) noexcept { return find(items, id) != nullptr; }
void add(Ggep& items, std::string_view id, ByteView data = {});
void add(Ggep& items, std::string_view id, std::initializer_list<std::uint8_t> data);

/// Consistent overhead byte stuffing: no zero is left.
[[nodiscard]] Bytes cobs_encode(ByteView data);
/// bad_value: a zero inside; truncated: a group runs over the end.
[[nodiscard]] Result<Bytes> cobs_decode(ByteView data);

/// Little-endian without its high zero bytes; 0 is empty.
[[nodiscard]] Bytes encode_vlint(std::uint64_t value);
/// Empty for more than 8 bytes.
[[nodiscard]] std::optional<std::uint64_t> decode_vlint(ByteView data) noexcept;

/// IPP, ALT, PUSH: address big-endian and port little-endian, 6 bytes each. IPv6 ones have no place there and are left out.
[[nodiscard]] Bytes encode_endpoints(std::vector<Endpoint> const& endpoints);
/// At most `endpoints_max` of them; bad_length: not a multiple of 6.
[[nodiscard]] Result<std::vector<Endpoint>> decode_endpoints(ByteView data);

/// What the IPv4 field of a pong, hit or push holds: of an IPv6 address 127.0.0.0, and the address stands in GGEP "6".
[[nodiscard]] std::uint32_t v4_field(Address const& address) noexcept;
/// Adds GGEP "6" if the address is one of IPv6.
void put_v6(Ggep& items, Address const& address);
/// The address of a message whose IPv4 field is `field`. A "6" that names it is taken out of `items`; beside a real
/// IPv4 address it stays, since it is only another one of the same host.
[[nodiscard]] Address take_v6(Ggep& items, std::uint32_t field);

}  // namespace praline::wire
