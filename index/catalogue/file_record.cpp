#include "index/catalogue/file_record.hpp"

#include <algorithm>
#include <span>

#include "index/catalogue/varint.hpp"
#include "node/base/byte_reader.hpp"

namespace praline::index::catalogue {
namespace {

void put_bytes(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

enum class PlaceState : std::uint8_t { free, without_tiger_root, with_tiger_root };

/// At least what its encoding takes.
std::size_t bytes_at_most(Variant const& variant) {
    return 2 * varint_bytes_max + 1 + sizeof(TigerHash) + variant.name.size();
}

void put(Bytes& out, Variant const& variant) {
    out.push_back(
        static_cast<std::byte>(variant.tiger_root ? PlaceState::with_tiger_root : PlaceState::without_tiger_root));
    put_varint(out, variant.size_bytes);
    if (variant.tiger_root) put_bytes(out, std::as_bytes(std::span{variant.tiger_root->bytes}));
    put_varint(out, variant.name.size());
    put_bytes(out, as_view(variant.name));
}

template <class Hash>
bool take_hash(ByteReader& in, Hash& hash) {
    auto const bytes = in.take(hash.bytes.size());
    if (!bytes) return false;
    std::transform(bytes->begin(), bytes->end(), hash.bytes.begin(),
                   [](std::byte byte) { return static_cast<std::uint8_t>(byte); });
    return true;
}

/// Of a place that is not free.
std::optional<Variant> take_variant(ByteReader& in, PlaceState state) {
    Variant variant;
    auto const size = take_varint(in);
    if (!size) return std::nullopt;
    variant.size_bytes = *size;
    if (state == PlaceState::with_tiger_root && !take_hash(in, variant.tiger_root.emplace())) return std::nullopt;
    auto const length = take_varint(in);
    if (!length || *length > in.remaining()) return std::nullopt;
    variant.name = as_text(*in.take(*length));
    return variant;
}

std::optional<PlaceState> take_state(ByteReader& in) {
    auto const byte = in.u8();
    if (!byte || *byte > static_cast<std::uint8_t>(PlaceState::with_tiger_root)) return std::nullopt;
    return PlaceState{*byte};
}

}  // namespace

bool Variant::says(Entry const& entry) const {
    return size_bytes == entry.size_bytes && tiger_root == entry.tiger_root && name == entry.name;
}

Entry Variant::entry(Sha1 const& sha1) const { return {sha1, tiger_root, size_bytes, name}; }

Bytes encode(FileRecord const& file) {
    auto bytes = sizeof(Sha1) + 1;
    for (auto const& variant : file.variants) bytes += variant ? bytes_at_most(*variant) : 1;
    Bytes out;
    out.reserve(bytes);
    put_bytes(out, std::as_bytes(std::span{file.sha1.bytes}));
    put_varint(out, file.variants.size());
    for (auto const& variant : file.variants) {
        if (variant)
            put(out, *variant);
        else
            out.push_back(static_cast<std::byte>(PlaceState::free));
    }
    return out;
}

Bytes encode(Variant const& variant) {
    Bytes out;
    out.reserve(bytes_at_most(variant));
    put(out, variant);
    return out;
}

std::optional<FileRecord> decode_file(ByteView bytes) {
    ByteReader in{bytes};
    FileRecord file;
    if (!take_hash(in, file.sha1)) return std::nullopt;
    auto const variants = take_varint(in);
    if (!variants || *variants > variants_max) return std::nullopt;
    file.variants.reserve(*variants);
    for (std::uint64_t i = 0; i < *variants; ++i) {
        auto const state = take_state(in);
        if (!state) return std::nullopt;
        auto& variant = file.variants.emplace_back();
        if (*state != PlaceState::free && !(variant = take_variant(in, *state))) return std::nullopt;
    }
    return file;
}

std::optional<Variant> decode_variant(ByteView bytes) {
    ByteReader in{bytes};
    auto const state = take_state(in);
    if (!state || *state == PlaceState::free) return std::nullopt;
    return take_variant(in, *state);
}

}  // namespace praline::index::catalogue
