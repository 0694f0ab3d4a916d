#include "node/base/ids.hpp"

#include <cstring>

#include "node/base/text.hpp"

namespace praline {

std::string Guid::hex() const { return to_hex(std::as_bytes(std::span{bytes})); }

std::optional<Guid> Guid::from_hex(std::string_view text) {
    auto const raw = praline::from_hex(text);
    if (!raw || raw->size() != size_bytes) return std::nullopt;
    Guid guid;
    std::memcpy(guid.bytes.data(), raw->data(), size_bytes);
    return guid;
}

Guid Guid::random(Rng& rng) {
    Guid guid;
    std::uint64_t const halves[2] = {rng.next(), rng.next()};
    std::memcpy(guid.bytes.data(), halves, size_bytes);
    guid.bytes[8] = 0xFF;
    guid.bytes[15] = 0x00;
    return guid;
}

std::size_t GuidHash::operator()(Guid const& guid) const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, guid.bytes.data(), Guid::size_bytes);
    std::uint64_t mixed = (halves[0] ^ key) * 0xBF58476D1CE4E5B9ULL;
    mixed ^= mixed >> 32;
    mixed = (mixed + halves[1] + key) * 0x94D049BB133111EBULL;
    return static_cast<std::size_t>(mixed ^ (mixed >> 29));
}

}  // namespace praline
