#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/wire/values.hpp"
#include "node/base/bytes.hpp"

namespace praline::index {

/// A file by its SHA-1, in order of arrival here; never used for another file while anything refers to it.
using FileId = Strong<struct FileIdTag, std::int64_t>;
/// One list of a publisher: its present one, one that is being copied or one that is being taken away.
using SlotId = Strong<struct SlotIdTag, std::int64_t>;

/// So many different entries of one file are found by name; who publishes yet another one counts as a source only.
inline constexpr std::size_t variants_max = 4;

/// The lists that hold a file stand with it up to so many, further ones in a table of their own.
inline constexpr std::size_t holders_inside_max = 24;

/// What publishers say of a file. Nobody checks that; those who say the same share a variant.
struct Variant {
    std::uint32_t sources = 0;       ///< 0: a free place
    std::uint64_t size_bytes = 0;
    std::optional<TigerHash> tiger_root;
    std::string name;

    [[nodiscard]] bool says(Entry const& entry) const;
    [[nodiscard]] Entry entry(Sha1 const& sha1) const;
};

/// Everything that is kept of a file, but for who has it.
struct FileRecord {
    Sha1 sha1;
    std::uint32_t sources = 0;       ///< lists that hold it, hidden ones too
    std::vector<Variant> variants;   ///< at most `variants_max`; places stay while they are in use
    std::vector<SlotId> holders;     ///< at most `holders_inside_max`, in no order
};

/// As it lies on disk. Format 1: changing it needs another format number in schema.hpp.
[[nodiscard]] Bytes encode(FileRecord const& file);
[[nodiscard]] Bytes encode(Variant const& variant);
/// Empty: the octets are not one.
[[nodiscard]] std::optional<FileRecord> decode_file(ByteView octets);
[[nodiscard]] std::optional<Variant> decode_variant(ByteView octets);

}  // namespace praline::index
