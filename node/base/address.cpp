#include "node/base/address.hpp"

#include <algorithm>

#include "node/base/text.hpp"

namespace praline {
namespace {

constexpr std::size_t v6_groups = 8;
using Groups = std::array<std::uint16_t, v6_groups>;

std::optional<std::uint32_t> parse_v4(std::string_view text) {
    std::uint32_t number = 0;
    for (int part = 0; part < 4; ++part) {
        auto const end = part < 3 ? text.find('.') : text.size();
        if (end == std::string_view::npos || end == 0 || end > 3) return std::nullopt;
        auto const byte = parse_number(text.substr(0, end));
        if (!byte || *byte > 255) return std::nullopt;
        number = (number << 8) | static_cast<std::uint32_t>(*byte);
        text.remove_prefix(part < 3 ? end + 1 : end);
    }
    return number;
}

std::optional<std::uint16_t> parse_group(std::string_view text) {
    if (text.empty() || text.size() > 4) return std::nullopt;
    unsigned value = 0;
    for (char const c : text) {
        unsigned const digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                               : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10)
                               : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10)
                                                      : 16U;
        if (digit == 16U) return std::nullopt;
        value = value << 4 | digit;
    }
    return static_cast<std::uint16_t>(value);
}

/// Groups between colons, of which the last may be a dotted IPv4 address. Empty: that is none, or they are too many.
struct GroupList {
    Groups groups{};
    std::size_t count = 0;
};
std::optional<GroupList> parse_groups(std::string_view text, bool last_part) {
    GroupList list;
    while (!text.empty()) {
        auto const end = std::min(text.find(':'), text.size());
        auto const piece = text.substr(0, end);
        bool const last = end == text.size();
        if (last && last_part && piece.find('.') != std::string_view::npos) {
            auto const dotted = parse_v4(piece);
            if (!dotted || list.count + 2 > v6_groups) return std::nullopt;
            list.groups[list.count++] = static_cast<std::uint16_t>(*dotted >> 16);
            list.groups[list.count++] = static_cast<std::uint16_t>(*dotted & 0xFFFFU);
            return list;
        }
        auto const group = parse_group(piece);
        if (!group || list.count == v6_groups) return std::nullopt;
        list.groups[list.count++] = *group;
        if (last) return list;
        text.remove_prefix(end + 1);
        if (text.empty()) return std::nullopt;  // a single colon at the end
    }
    return list;
}

std::optional<Address::V6Bytes> parse_v6(std::string_view text) {
    auto const gap = text.find("::");
    auto const head = parse_groups(text.substr(0, std::min(gap, text.size())), gap == std::string_view::npos);
    if (!head) return std::nullopt;
    Groups groups = head->groups;
    if (gap == std::string_view::npos) {
        if (head->count != v6_groups) return std::nullopt;
    } else {
        auto const tail = parse_groups(text.substr(gap + 2), true);
        if (!tail || head->count + tail->count >= v6_groups) return std::nullopt;
        std::copy_n(tail->groups.begin(), tail->count, groups.end() - static_cast<std::ptrdiff_t>(tail->count));
    }
    Address::V6Bytes bytes{};
    for (std::size_t i = 0; i < v6_groups; ++i) {
        bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
        bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xFFU);
    }
    return bytes;
}

std::string v4_text(std::uint32_t number) {
    std::string result;
    for (int shift = 24; shift >= 0; shift -= 8) {
        result += std::to_string((number >> shift) & 255U);
        if (shift > 0) result += '.';
    }
    return result;
}

std::string group_text(unsigned value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (int shift = 12; shift >= 0; shift -= 4)
        if (unsigned const digit = (value >> shift) & 15U; digit != 0 || !text.empty() || shift == 0)
            text += digits[digit];
    return text;
}

/// RFC 5952: the longest run of zeroes, of equal ones the first, of two groups at least, becomes "::".
std::string v6_text(Address::V6Bytes const& bytes) {
    Groups groups{};
    for (std::size_t i = 0; i < v6_groups; ++i)
        groups[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
    std::size_t run_at = v6_groups, run = 1;
    for (std::size_t i = 0; i < v6_groups; ++i) {
        std::size_t length = 0;
        while (i + length < v6_groups && groups[i + length] == 0) ++length;
        if (length > run) {
            run = length;
            run_at = i;
        }
    }
    std::string text;
    for (std::size_t i = 0; i < v6_groups; ++i) {
        if (i == run_at) {
            text += "::";
            i += run - 1;
            continue;
        }
        if (!text.empty() && !text.ends_with(':')) text += ':';
        text += group_text(groups[i]);
    }
    return text;
}

AddressScope v4_scope(std::uint32_t number) {
    std::uint32_t const first = number >> 24;
    if (first == 0 || first >= 224) return AddressScope::none;
    if (first == 127) return AddressScope::loopback;
    if ((number >> 16) == 0xA9FE) return AddressScope::link_local;
    bool const site =
        first == 10 || (number >> 20) == 0xAC1 || (number >> 16) == 0xC0A8 || (number >> 22) == (0x64400000U >> 22);
    return site ? AddressScope::site : AddressScope::internet;
}

std::uint32_t number_in(Address::V6Bytes const& bytes, std::size_t first) {
    return std::uint32_t{bytes[first]} << 24 | std::uint32_t{bytes[first + 1]} << 16 |
           std::uint32_t{bytes[first + 2]} << 8 | bytes[first + 3];
}

constexpr std::uint32_t teredo = 0x20010000;         // 2001:0::/32, RFC 4380
constexpr std::uint32_t documentation = 0x20010DB8;  // 2001:db8::/32, RFC 3849
constexpr std::uint32_t nat64 = 0x0064FF9B;          // 64:ff9b::/96, RFC 6052

bool is_nat64(Address::V6Bytes const& bytes) {
    return number_in(bytes, 0) == nat64 && number_in(bytes, 4) == 0 && number_in(bytes, 8) == 0;
}

/// What is neither IPv4 nor a transition form.
AddressScope v6_scope(Address::V6Bytes const& bytes) {
    std::uint32_t const first = number_in(bytes, 0);
    bool const low = std::all_of(bytes.begin(), bytes.begin() + 15, [](std::uint8_t byte) { return byte == 0; });
    if (low && bytes[15] == 1) return AddressScope::loopback;
    if ((first >> 22) == (0xFE800000U >> 22)) return AddressScope::link_local;
    if ((first >> 25) == (0xFC000000U >> 25) || (first >> 22) == (0xFEC00000U >> 22)) return AddressScope::site;
    if ((first >> 29) != 1) return AddressScope::none;                     // unicast that is given out lies in 2000::/3
    bool const protocols = (first >> 9) == (0x20010000U >> 9);             // 2001::/23: ORCHID, benchmarks and the like
    bool const more_documentation = (first >> 12) == (0x3FFF0000U >> 12);  // 3fff::/20, RFC 9637
    return protocols || first == documentation || more_documentation ? AddressScope::none : AddressScope::internet;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
    if (text.find(':') == std::string_view::npos) {
        auto const number = parse_v4(text);
        return number ? std::optional{v4(*number)} : std::nullopt;
    }
    auto const bytes = parse_v6(text);
    return bytes ? std::optional{v6(*bytes)} : std::nullopt;
}

std::string Address::text() const { return is_v4() ? v4_text(number_at(12)) : v6_text(bytes_); }

bool Address::is_unspecified() const { return *this == Address{} || bytes_ == V6Bytes{}; }

std::optional<Address> Address::embedded_v4() const {
    if (bytes_[0] == 0x20 && bytes_[1] == 0x02) return v4(number_at(2));  // 6to4, 2002::/16, RFC 3056
    if (number_at(0) == teredo) return v4(~number_at(12));
    if (is_nat64(bytes_)) return v4(number_at(12));
    return std::nullopt;
}

AddressScope Address::scope() const {
    if (is_v4()) return v4_scope(number_at(12));
    auto const embedded = embedded_v4();
    if (!embedded) return v6_scope(bytes_);
    // A peer that follows one of these to a private network has been led there: no host has such an address.
    bool const by_way_of_internet = number_at(0) != teredo || v4_scope(number_at(4)) == AddressScope::internet;
    return embedded->scope() == AddressScope::internet && by_way_of_internet ? AddressScope::internet
                                                                             : AddressScope::none;
}

bool Address::is_private() const {
    AddressScope const reach = scope();
    return reach == AddressScope::loopback || reach == AddressScope::link_local || reach == AddressScope::site;
}

AddressPrefix::AddressPrefix(Address const& address) : AddressPrefix{of_network(address, 32, 64)} {}

AddressPrefix AddressPrefix::of_network(Address const& address, unsigned v4_bits, unsigned v6_bits) {
    AddressPrefix prefix;
    auto const embedded = address.is_v4() ? std::optional{address} : address.embedded_v4();
    if (embedded) {
        std::uint64_t const number = *embedded->v4_number();
        prefix.key_ = v4_base | (v4_bits == 0 ? 0 : number >> (32 - v4_bits) << (32 - v4_bits));
    } else {
        std::uint64_t const number = std::uint64_t{number_in(address.bytes(), 0)} << 32 | number_in(address.bytes(), 4);
        prefix.key_ = v6_bits == 0 ? 0 : number >> (64 - v6_bits) << (64 - v6_bits);
    }
    return prefix;
}

std::string AddressPrefix::text() const {
    if ((key_ & v4_base) == v4_base && key_ >> 56 == 0) return Address::v4(static_cast<std::uint32_t>(key_)).text();
    Address::V6Bytes bytes{};
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(key_ >> (56 - 8 * i));
    return Address::v6(bytes).text() + "/64";
}

}  // namespace praline
