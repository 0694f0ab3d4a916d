#include "node/base/byte_reader.hpp"

#include <algorithm>

namespace praline {
namespace {

template <class T>
T little(ByteView bytes) {
    T value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = static_cast<T>((value << 8) | std::to_integer<T>(bytes[i]));
    return value;
}

template <class T>
T big(ByteView bytes) {
    T value = 0;
    for (std::byte const byte : bytes) value = static_cast<T>((value << 8) | std::to_integer<T>(byte));
    return value;
}

}  // namespace

Result<ByteView> ByteReader::take(std::size_t count) noexcept {
    if (count > in_.size()) return WireError::truncated;
    auto const head = in_.first(count);
    in_ = in_.subspan(count);
    return head;
}

Result<std::uint8_t> ByteReader::u8() noexcept {
    auto const bytes = take(1);
    if (!bytes) return bytes.error();
    return std::to_integer<std::uint8_t>((*bytes)[0]);
}

Result<std::uint16_t> ByteReader::le16() noexcept {
    auto const bytes = take(2);
    if (!bytes) return bytes.error();
    return little<std::uint16_t>(*bytes);
}

Result<std::uint32_t> ByteReader::le32() noexcept {
    auto const bytes = take(4);
    if (!bytes) return bytes.error();
    return little<std::uint32_t>(*bytes);
}

Result<std::uint64_t> ByteReader::le64() noexcept {
    auto const bytes = take(8);
    if (!bytes) return bytes.error();
    return little<std::uint64_t>(*bytes);
}

Result<std::uint16_t> ByteReader::be16() noexcept {
    auto const bytes = take(2);
    if (!bytes) return bytes.error();
    return big<std::uint16_t>(*bytes);
}

Result<std::uint32_t> ByteReader::be32() noexcept {
    auto const bytes = take(4);
    if (!bytes) return bytes.error();
    return big<std::uint32_t>(*bytes);
}

Result<std::string_view> ByteReader::c_string() noexcept {
    auto const end = std::find(in_.begin(), in_.end(), std::byte{0});
    if (end == in_.end()) return WireError::truncated;
    auto const length = static_cast<std::size_t>(end - in_.begin());
    auto const text = as_text(in_.first(length));
    in_ = in_.subspan(length + 1);
    return text;
}

}  // namespace praline
