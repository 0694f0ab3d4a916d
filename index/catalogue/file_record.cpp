#include "index/catalogue/file_record.hpp"

#include <algorithm>
#include <span>

#include "node/base/byte_reader.hpp"

namespace praline::index {
namespace {

constexpr unsigned number_octets_max = 10;   // of 64 bits, seven to an octet

void put_number(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>(value | 0x80));
    out.push_back(static_cast<std::byte>(value));
}

void put_octets(Bytes& out, ByteView octets) { out.insert(out.end(), octets.begin(), octets.end()); }

std::optional<std::uint64_t> take_number(ByteReader& in) {
    std::uint64_t value = 0;
    for (unsigned octet = 0; octet < number_octets_max; ++octet) {
        auto const next = in.u8();
        if (!next) return std::nullopt;
        value |= std::uint64_t{*next & 0x7FU} << (7 * octet);
        if ((*next & 0x80U) == 0) return value;
    }
    return std::nullopt;
}

/// At least what its encoding takes.
std::size_t octets_at_most(Variant const& variant) { return 3 * number_octets_max + 1 + sizeof(TigerHash) + variant.name.size(); }

void put(Bytes& out, Variant const& variant) {
    put_number(out, variant.sources);
    put_number(out, variant.size_bytes);
    out.push_back(std::byte{variant.tiger_root.has_value()});
    if (variant.tiger_root) put_octets(out, std::as_bytes(std::span{variant.tiger_root->bytes}));
    put_number(out, variant.name.size());
    put_octets(out, as_view(variant.name));
}

template <class Hash>
bool take_hash(ByteReader& in, Hash& hash) {
    auto const octets = in.take(hash.bytes.size());
    if (!octets) return false;
    std::transform(octets->begin(), octets->end(), hash.bytes.begin(), [](std::byte octet) { return static_cast<std::uint8_t>(octet); });
    return true;
}

std::optional<Variant> take_variant(ByteReader& in) {
    Variant variant;
    auto const sources = take_number(in), size = take_number(in);
    auto const has_root = in.u8();
    if (!sources || !size || !has_root) return std::nullopt;
    variant.sources = static_cast<std::uint32_t>(*sources);
    variant.size_bytes = *size;
    if (*has_root != 0 && !take_hash(in, variant.tiger_root.emplace())) return std::nullopt;
    auto const length = take_number(in);
    if (!length || *length > in.remaining()) return std::nullopt;
    variant.name = as_text(*in.take(*length));
    return variant;
}

}  // namespace

bool Variant::says(Entry const& entry) const {
    return size_bytes == entry.size_bytes && tiger_root == entry.tiger_root && name == entry.name;
}

Entry Variant::entry(Sha1 const& sha1) const { return {sha1, tiger_root, size_bytes, name}; }

Bytes encode(FileRecord const& file) {
    auto octets = sizeof(Sha1) + (3 + file.holders.size()) * number_octets_max;
    for (auto const& variant : file.variants) octets += octets_at_most(variant);
    Bytes out;
    out.reserve(octets);
    put_octets(out, std::as_bytes(std::span{file.sha1.bytes}));
    put_number(out, file.sources);
    put_number(out, file.variants.size());
    for (auto const& variant : file.variants) put(out, variant);
    put_number(out, file.holders.size());
    for (auto const slot : file.holders) put_number(out, static_cast<std::uint64_t>(slot.value()));
    return out;
}

Bytes encode(Variant const& variant) {
    Bytes out;
    out.reserve(octets_at_most(variant));
    put(out, variant);
    return out;
}

std::optional<FileRecord> decode_file(ByteView octets) {
    ByteReader in{octets};
    FileRecord file;
    if (!take_hash(in, file.sha1)) return std::nullopt;
    auto const sources = take_number(in), variants = take_number(in);
    if (!sources || !variants || *variants > variants_max) return std::nullopt;
    file.sources = static_cast<std::uint32_t>(*sources);
    for (std::uint64_t i = 0; i < *variants; ++i) {
        auto variant = take_variant(in);
        if (!variant) return std::nullopt;
        file.variants.push_back(std::move(*variant));
    }
    auto const holders = take_number(in);
    if (!holders || *holders > holders_inside_max) return std::nullopt;
    for (std::uint64_t i = 0; i < *holders; ++i) {
        auto const slot = take_number(in);
        if (!slot) return std::nullopt;
        file.holders.emplace_back(static_cast<std::int64_t>(*slot));
    }
    return file;
}

std::optional<Variant> decode_variant(ByteView octets) {
    ByteReader in{octets};
    return take_variant(in);
}

}  // namespace praline::index
