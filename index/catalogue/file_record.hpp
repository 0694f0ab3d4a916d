#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/wire/values.hpp"
#include "node/base/bytes.hpp"

namespace praline::index::catalogue {

/// A file by its SHA-1, in order of arrival here; never used for another file while anything refers to it.
using FileId = Strong<struct FileIdTag, std::int64_t>;
/// One list of a publisher: its present one, one that is being copied or one that is being taken away.
using SlotId = Strong<struct SlotIdTag, std::int64_t>;

/// So many different entries of one file are found by name; who publishes yet another one counts as a source only.
inline constexpr std::size_t variants_max = 4;

/// What publishers say of a file. Nobody checks that; those who say the same share a variant.
struct Variant {
    std::uint64_t size_bytes = 0;
    std::optional<TigerHash> tiger_root;
    std::string name;

    [[nodiscard]] bool says(Entry const& entry) const;
    [[nodiscard]] Entry entry(Sha1 const& sha1) const;
};

/// Everything that is said of a file. Who says it stands in a table of its own, so that one more who says the same
/// changes nothing here.
struct FileRecord {
    Sha1 sha1;
    std::vector<std::optional<Variant>>
        variants;  ///< at most `variants_max`; empty: a free place. Places stay while they are in use
};

/// As it lies on disk: changing it needs another format number in schema.hpp.
[[nodiscard]] Bytes encode(FileRecord const& file);
[[nodiscard]] Bytes encode(Variant const& variant);
/// Empty: the bytes are not one.
[[nodiscard]] std::optional<FileRecord> decode_file(ByteView bytes);
[[nodiscard]] std::optional<Variant> decode_variant(ByteView bytes);

}  // namespace praline::index::catalogue
