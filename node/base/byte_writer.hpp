#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "node/base/bytes.hpp"

namespace praline {

/// Appends fields to a buffer of its own.
/// @threads any, one at a time.
class ByteWriter {
public:
    void u8(std::uint8_t value) { out_.push_back(static_cast<std::byte>(value)); }
    void le16(std::uint16_t value) { little(value, 2); }
    void le32(std::uint32_t value) { little(value, 4); }
    void le64(std::uint64_t value) { little(value, 8); }
    void be16(std::uint16_t value) { big(value, 2); }
    void be32(std::uint32_t value) { big(value, 4); }
    void raw(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
    void text(std::string_view text) { raw(as_view(text)); }
    void c_string(std::string_view value) {
        text(value);
        u8(0);
    }
    [[nodiscard]] std::size_t size() const { return out_.size(); }
    [[nodiscard]] Bytes const& bytes() const { return out_; }
    [[nodiscard]] Bytes take() { return std::exchange(out_, {}); }

private:
    void little(std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) u8(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    void big(std::uint32_t value, int bytes) {
        for (int i = bytes; i-- > 0;) u8(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    Bytes out_;
};

}  // namespace praline
