#include "node/base/text.hpp"

#include <algorithm>
#include <charconv>

#include "node/base/utf8.hpp"

namespace praline {
namespace {

constexpr std::string_view base32_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view hex_digits = "0123456789abcdef";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_value(char c) {
    auto const at = hex_digits.find(lower(c));
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

int base32_value(char c) {
    char const l = lower(c);
    if (l >= 'a' && l <= 'z') return l - 'a';
    if (c >= '2' && c <= '7') return c - '2' + 26;
    return -1;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::string to_hex(ByteView bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (std::byte const byte : bytes) {
        text.push_back(hex_digits[std::to_integer<std::size_t>(byte >> 4)]);
        text.push_back(hex_digits[std::to_integer<std::size_t>(byte & std::byte{15})]);
    }
    return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        int const high = hex_value(text[i]);
        int const low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return bytes;
}

std::string to_base32(ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() * 8 + 4) / 5);
    unsigned held = 0;
    unsigned bits = 0;
    for (std::byte const byte : bytes) {
        held = (held << 8) | std::to_integer<unsigned>(byte);
        for (bits += 8; bits >= 5; bits -= 5) text.push_back(base32_alphabet[(held >> (bits - 5)) & 31U]);
        held &= 0xFFU;
    }
    if (bits > 0) text.push_back(base32_alphabet[(held << (5 - bits)) & 31U]);
    return text;
}

std::optional<Bytes> from_base32(std::string_view text) {
    Bytes bytes;
    bytes.reserve(text.size() * 5 / 8);
    unsigned held = 0;
    unsigned bits = 0;
    for (char const c : text) {
        int const value = base32_value(c);
        if (value < 0) return std::nullopt;
        held = (held << 5) | static_cast<unsigned>(value);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::byte>((held >> bits) & 0xFFU));
            held &= (1U << bits) - 1;
        }
    }
    if (bits >= 5 || held != 0) return std::nullopt;
    return bytes;
}

std::string to_lower_ascii(std::string_view text) {
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    while (!text.empty()) {
        auto const end = std::min(text.find(separator), text.size());
        auto const piece = trim(text.substr(0, end));
        if (!piece.empty()) pieces.push_back(piece);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pieces;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        if (static_cast<unsigned char>(text.front()) < 0x80) {
            text.remove_prefix(1);
            continue;
        }
        auto const character = first_character(text);
        if (!character) return false;
        text.remove_prefix(character->bytes.size());
    }
    return true;
}

std::string percent_encode(std::string_view text) {
    std::string result;
    for (char const c : text) {
        char const l = lower(c);
        bool const plain =
            (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            result.push_back(c);
        } else {
            auto const value = static_cast<unsigned char>(c);
            result.push_back('%');
            result.push_back("0123456789ABCDEF"[value >> 4]);
            result.push_back("0123456789ABCDEF"[value & 15]);
        }
    }
    return result;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result.push_back(text[i]);
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        int const high = hex_value(text[i + 1]);
        int const low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        result.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return result;
}

}  // namespace praline
