#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "node/base/bytes.hpp"
#include "node/base/result.hpp"

namespace praline {

/// Walks over foreign bytes and never past their end. A failed read leaves the position where it was.
/// Views it returns live as long as the bytes it was given.
/// @threads any, one at a time.
class ByteReader {
public:
    explicit ByteReader(ByteView in) noexcept : in_{in} {}
    [[nodiscard]] std::size_t remaining() const noexcept { return in_.size(); }
    [[nodiscard]] bool empty() const noexcept { return in_.empty(); }
    [[nodiscard]] ByteView rest() const noexcept { return in_; }

    [[nodiscard]] Result<ByteView> take(std::size_t count) noexcept;
    [[nodiscard]] Result<std::uint8_t> u8() noexcept;
    [[nodiscard]] Result<std::uint16_t> le16() noexcept;
    [[nodiscard]] Result<std::uint32_t> le32() noexcept;
    [[nodiscard]] Result<std::uint64_t> le64() noexcept;
    [[nodiscard]] Result<std::uint16_t> be16() noexcept;
    [[nodiscard]] Result<std::uint32_t> be32() noexcept;
    /// Up to the next NUL, which is consumed and not returned. truncated: there is none.
    [[nodiscard]] Result<std::string_view> c_string() noexcept;

private:
    ByteView in_;
};

}  // namespace praline
