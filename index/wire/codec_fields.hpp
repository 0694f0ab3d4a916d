#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "index/wire/codec.hpp"
#include "node/base/byte_reader.hpp"
#include "node/base/byte_writer.hpp"
#include "node/base/check.hpp"

/// How the codec walks over the fields of a message. Each message has one `fields(io, message)`, for both directions, so
/// that what is written and what is read cannot differ. Inside index/wire only.
namespace praline::index {

/// UTF-8 without control characters: fit for a line of a page or of a log.
[[nodiscard]] bool is_plain_text(std::string_view text);
/// What is left of a sentence when it is cut to `sentence_bytes_max` and what is not plain text became '?'.
[[nodiscard]] std::string wire_sentence(std::string_view text);

/// The fewest bytes an element of a list takes: a list that promises more elements than could be left is refused
/// before anything is set aside for it.
template <class T>
inline constexpr std::size_t wire_bytes_min = 0;
template <>
inline constexpr std::size_t wire_bytes_min<Sha1> = 20;
template <>
inline constexpr std::size_t wire_bytes_min<Entry> = 32;
template <>
inline constexpr std::size_t wire_bytes_min<Publisher> = 57;
template <>
inline constexpr std::size_t wire_bytes_min<Member> = 23;
template <>
inline constexpr std::size_t wire_bytes_min<Row> = 38;
template <>
inline constexpr std::size_t wire_bytes_min<DigestNode> = 25;
template <>
inline constexpr std::size_t wire_bytes_min<LeasedRecord> = 109;

/// In place of the IPv4 address of a host that has one of IPv6.
inline constexpr std::uint32_t v6_follows = 0x7F000000;

/// Reads fields. The first error stays; every read after it does nothing.
class FieldReader {
public:
    template <class T>
    using Of = T;
    explicit FieldReader(ByteView in) : in_{in} {}

    void number(std::uint8_t& value) { keep(value, &ByteReader::u8); }
    void number(std::uint16_t& value) { keep(value, &ByteReader::le16); }
    void number(std::uint32_t& value) { keep(value, &ByteReader::le32); }
    void number(std::uint64_t& value) { keep(value, &ByteReader::le64); }
    void number(ServerId& value) {
        std::uint64_t plain = 0;
        number(plain);
        value = ServerId{plain};
    }
    /// IPv4 as a number. 127.0.0.0, which is no host, says that the 16 bytes of an IPv6 address follow.
    void address(Address& value) {
        std::uint32_t v4 = 0;
        number(v4);
        value = Address::v4(v4);
        if (v4 != v6_follows) return;
        Address::V6Bytes raw{};
        bytes(raw);
        value = Address::v6(raw);
        require(value.is_v6());
    }
    void truth(bool& value) {
        std::uint8_t byte = 0;
        number(byte);
        require(byte <= 1);
        value = byte == 1;
    }
    template <class Choice>
    void choice(Choice& value, Choice last) {
        std::uint8_t byte = 0;
        number(byte);
        require(byte >= 1 && byte <= static_cast<std::uint8_t>(last));
        value = static_cast<Choice>(byte);
    }
    template <std::size_t count>
    void bytes(std::array<std::uint8_t, count>& values) {
        auto const bytes = take(count);
        for (std::size_t i = 0; i < bytes.size(); ++i) values[i] = std::to_integer<std::uint8_t>(bytes[i]);
    }
    void text(std::string& value, std::size_t bytes_max) {
        std::uint16_t length = 0;
        number(length);
        if (length > bytes_max) fail(WireError::limit_exceeded);
        auto const found = as_text(take(length));
        require(is_plain_text(found));
        if (!error_) value.assign(found);
    }
    void sentence(std::string& value) { text(value, sentence_bytes_max); }
    template <class T>
    void list(std::vector<T>& values, std::size_t count_max) {
        static_assert(wire_bytes_min<T> > 0);
        std::uint16_t count = 0;
        number(count);
        if (count > count_max) fail(WireError::limit_exceeded);
        if (count * wire_bytes_min < T >> in_.remaining()) fail(WireError::truncated);
        if (error_) return;
        values.resize(count);
        for (auto& value : values) {
            fields(*this, value);
            if (error_) return;
        }
    }
    template <class T>
    void perhaps(std::optional<T>& value) {
        bool there = false;
        truth(there);
        if (!there) return;
        value.emplace();
        fields(*this, *value);
    }
    void require(bool condition, WireError error = WireError::bad_value) {
        if (!condition) fail(error);
    }
    /// Of another protocol than `ours` only its number is read; what follows may be anything.
    [[nodiscard]] bool foreign(std::uint16_t protocol, std::uint16_t ours) {
        if (error_ || protocol == ours) return false;
        static_cast<void>(take(in_.remaining()));
        return true;
    }
    /// Bytes left over are an error too. Empty: all is well.
    [[nodiscard]] std::optional<WireError> finish() {
        require(in_.empty(), WireError::bad_length);
        return error_;
    }

private:
    void fail(WireError error) {
        if (!error_) error_ = error;
    }
    ByteView take(std::size_t count) {
        if (error_) return {};
        auto const bytes = in_.take(count);
        if (!bytes) fail(bytes.error());
        return bytes ? *bytes : ByteView{};
    }
    template <class Number>
    void keep(Number& value, Result<Number> (ByteReader::*read)() noexcept) {
        if (error_) return;
        auto const found = (in_.*read)();
        if (found)
            value = *found;
        else
            fail(found.error());
    }
    ByteReader in_;
    std::optional<WireError> error_;
};

/// Writes fields; what the reader would refuse is our own mistake.
class FieldWriter {
public:
    template <class T>
    using Of = T const;
    explicit FieldWriter(std::uint8_t type) {
        out_.le32(0);  // the length: known at the end
        out_.u8(type);
    }
    void number(std::uint8_t value) { out_.u8(value); }
    void number(std::uint16_t value) { out_.le16(value); }
    void number(std::uint32_t value) { out_.le32(value); }
    void number(std::uint64_t value) { out_.le64(value); }
    void number(ServerId value) { out_.le64(value.value()); }
    void address(Address const& value) {
        number(value.v4_number().value_or(v6_follows));
        if (value.is_v6()) bytes(value.bytes());
    }
    void truth(bool value) { out_.u8(value ? 1 : 0); }
    template <class Choice>
    void choice(Choice value, Choice last) {
        check(static_cast<std::uint8_t>(value) >= 1 && value <= last);
        out_.u8(static_cast<std::uint8_t>(value));
    }
    template <std::size_t count>
    void bytes(std::array<std::uint8_t, count> const& values) {
        out_.raw(std::as_bytes(std::span{values}));
    }
    void text(std::string const& value, std::size_t bytes_max) {
        check(value.size() <= bytes_max && is_plain_text(value));
        out_.le16(static_cast<std::uint16_t>(value.size()));
        out_.text(value);
    }
    void sentence(std::string const& value) { text(wire_sentence(value), sentence_bytes_max); }
    template <class T>
    void list(std::vector<T> const& values, std::size_t count_max) {
        check(values.size() <= count_max);
        out_.le16(static_cast<std::uint16_t>(values.size()));
        for (auto const& value : values) fields(*this, value);
    }
    template <class T>
    void perhaps(std::optional<T> const& value) {
        truth(value.has_value());
        if (value) fields(*this, *value);
    }
    void require(bool condition) { check(condition); }
    [[nodiscard]] bool foreign(std::uint16_t, std::uint16_t) const { return false; }
    [[nodiscard]] Bytes finish() {
        auto frame = out_.take();
        auto const length = frame.size() - 4;
        check(length <= frame_bytes_max);
        for (std::size_t i = 0; i < 4; ++i) frame[i] = static_cast<std::byte>(length >> (8 * i));
        return frame;
    }

private:
    ByteWriter out_;
};

/// Reads the alternative number `wanted` of a message variant, to the end of the frame.
template <class Message, std::size_t index = 0>
[[nodiscard]] Result<Message> read_message(FieldReader& in, std::size_t wanted) {
    if constexpr (index == std::variant_size_v<Message>) {
        return WireError::unknown_type;
    } else {
        if (wanted != index) return read_message<Message, index + 1>(in, wanted);
        std::variant_alternative_t<index, Message> message;
        fields(in, message);
        if (auto const error = in.finish()) return *error;
        return Message{std::move(message)};
    }
}

}  // namespace praline::index
