#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/urn.hpp"

/// Tiger tree hashes: Tiger/192 (Tiger 1), 1024-byte leaves prefixed 0x00, inner nodes prefixed 0x01, an unpaired node
/// promoted unchanged. @source THEX; node/wire/protocol/transfer.md
namespace praline::content {

constexpr std::uint64_t leaf_bytes = 1024;

[[nodiscard]] TigerHash tiger(ByteView data);  ///< plain Tiger, one message
[[nodiscard]] TigerHash tiger_inner(TigerHash const& left, TigerHash const& right);

/// The level of a tree that is kept and served: all nodes of one depth, each standing for `slice_bytes` of the file
/// (the last for what is left).
struct TreeLevel {
    std::uint64_t file_bytes = 0;
    std::uint64_t slice_bytes = leaf_bytes;  ///< 1024 · 2^k
    std::vector<TigerHash> nodes;            ///< ceil(file_bytes / slice_bytes), one for an empty file
    [[nodiscard]] TigerHash root() const;
    [[nodiscard]] std::uint64_t slice_count() const { return nodes.size(); }
    friend bool operator==(TreeLevel const&, TreeLevel const&) = default;
};

/// Slice size kept for a file of this size: at most 2048 slices. @source node/wire/protocol/transfer.md
[[nodiscard]] std::uint64_t good_slice_bytes(std::uint64_t file_bytes);

/// Hashes a whole file, or one slice of it, in any portions; large ones are quickest (many leaves at once).
/// @threads one at a time.
class TigerTreeHasher {
public:
    /// @pre `slice_bytes` is 1024 · 2^k.
    explicit TigerTreeHasher(std::uint64_t slice_bytes = leaf_bytes);
    void update(ByteView data);
    /// The level of `slice_bytes`; the hasher begins anew.
    [[nodiscard]] TreeLevel finish();

private:
    void hash_leaves(ByteView whole_leaves);
    void add_subtree(TigerHash node, std::uint64_t leaves);
    std::uint64_t slice_bytes_;
    std::uint64_t total_ = 0;
    Bytes pending_;                               ///< less than one leaf
    std::vector<TigerHash> scratch_;              ///< nodes of the batch under way
    std::vector<std::optional<TigerHash>> open_;  ///< by height: subtrees of the slice under way without a twin yet
    std::uint64_t leaves_in_slice_ = 0;
    std::vector<TigerHash> nodes_;
};

/// Root of one slice's bytes: what `TreeLevel::nodes[i]` must be.
[[nodiscard]] TigerHash hash_slice(ByteView slice);

}  // namespace praline::content
