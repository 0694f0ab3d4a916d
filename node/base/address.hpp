#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace praline {

/// From where an address can be reached.
enum class AddressScope : std::uint8_t {
    none,      ///< never a host: unspecified, multicast, reserved, IPv6 documentation, a transition form of such a one
    loopback,  ///< 127/8, ::1
    link_local,  ///< 169.254/16, fe80::/10
    site,        ///< RFC 1918, 100.64/10 of RFC 6598, fc00::/7, fec0::/10
    internet,
};

/// An IPv4 or IPv6 address. An IPv4 address that comes in the mapped form of IPv6 (::ffff/96) is the IPv4 address.
/// Addresses are ordered as their bytes are; IPv4 addresses among themselves as the numbers they are.
/// @threads any: a value of 16 bytes.   @source RFC 4291, RFC 5952 (text), RFC 6890 (special addresses)
class Address {
public:
    static constexpr std::size_t v6_bytes = 16;
    using V6Bytes = std::array<std::uint8_t, v6_bytes>;

    /// 0.0.0.0.
    constexpr Address() = default;
    /// @param number  host order: 127.0.0.1 is 0x7F000001.
    [[nodiscard]] static constexpr Address v4(std::uint32_t number) {
        Address address;
        for (std::size_t i = 0; i < 4; ++i) address.bytes_[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
        return address;
    }
    /// @param bytes  network order; a mapped address becomes IPv4.
    [[nodiscard]] static constexpr Address v6(V6Bytes const& bytes) {
        Address address;
        address.bytes_ = bytes;
        return address;
    }
    /// Four decimal numbers, or the text of IPv6 in any of its forms, without brackets and without a zone. No names.
    [[nodiscard]] static std::optional<Address> parse(std::string_view text);
    /// "192.0.2.10", "2001:db8::5": without brackets.
    [[nodiscard]] std::string text() const;

    [[nodiscard]] constexpr bool is_v4() const {
        for (std::size_t i = 0; i < 10; ++i)
            if (bytes_[i] != 0) return false;
        return bytes_[10] == 0xFF && bytes_[11] == 0xFF;
    }
    [[nodiscard]] constexpr bool is_v6() const { return !is_v4(); }
    /// Host order; empty: it is IPv6.
    [[nodiscard]] constexpr std::optional<std::uint32_t> v4_number() const {
        if (!is_v4()) return std::nullopt;
        return number_at(12);
    }
    /// Network order, IPv4 in its mapped form.
    [[nodiscard]] constexpr V6Bytes const& bytes() const { return bytes_; }

    /// The address of all interfaces: 0.0.0.0 or ::.
    [[nodiscard]] bool is_unspecified() const;
    [[nodiscard]] AddressScope scope() const;
    [[nodiscard]] bool is_loopback() const { return scope() == AddressScope::loopback; }
    /// Means something on this machine or network only.
    [[nodiscard]] bool is_private() const;
    /// The IPv4 address that a transition form of IPv6 stands for (6to4, Teredo, NAT64); empty: it is none of these.
    [[nodiscard]] std::optional<Address> embedded_v4() const;

    friend constexpr auto operator<=>(Address const&, Address const&) = default;

private:
    [[nodiscard]] constexpr std::uint32_t number_at(std::size_t first) const {
        std::uint32_t number = 0;
        for (std::size_t i = first; i < first + 4; ++i) number = number << 8 | bytes_[i];
        return number;
    }
    V6Bytes bytes_{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};
};

/// What limits for each host count by: an IPv4 address, or the /64 of an IPv6 address, which is the least that one user
/// has. A transition form counts as the IPv4 address it stands for. Ordered as the addresses are, IPv6 first or last.
/// @threads any: a value of 8 bytes.
class AddressPrefix {
public:
    /// Of 0.0.0.0, which is no host.
    constexpr AddressPrefix() = default;
    /// Not explicit: wherever a host is counted, its address stands for its prefix.
    AddressPrefix(Address const& address);  // NOLINT(google-explicit-constructor)
    /// A shorter one, for what one party holds as a whole. @param v4_bits  0 to 32.  @param v6_bits  0 to 64.
    [[nodiscard]] static AddressPrefix of_network(Address const& address, unsigned v4_bits, unsigned v6_bits);

    /// "192.0.2.10", "2001:db8:0:1::/64": for logs and sentences.
    [[nodiscard]] std::string text() const;

    friend constexpr auto operator<=>(AddressPrefix const&, AddressPrefix const&) = default;

private:
    friend struct std::hash<AddressPrefix>;
    /// IPv4 takes a piece of ::/8, of which no address with such a /64 is a host.
    static constexpr std::uint64_t v4_base = 0x00FF'FFFF'0000'0000;
    std::uint64_t key_ = v4_base;
};

}  // namespace praline

template <>
struct std::hash<praline::Address> {
    std::size_t operator()(praline::Address const& address) const noexcept {
        return std::hash<std::string_view>{}(
            {reinterpret_cast<char const*>(address.bytes().data()), address.bytes().size()});
    }
};

template <>
struct std::hash<praline::AddressPrefix> {
    std::size_t operator()(praline::AddressPrefix const& prefix) const noexcept {
        return std::hash<std::uint64_t>{}(prefix.key_);
    }
};
