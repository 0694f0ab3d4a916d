#pragma once

#include <cstdint>
#include <string>

#include "node/base/bytes.hpp"
#include "node/base/result.hpp"
#include "node/base/urn.hpp"
#include "transfer/content/tiger_tree.hpp"

/// Tiger trees as peers hand them to each other: an XML description and the nodes, root first, level by level, in two
/// DIME records. @source THEX; node/wire/protocol/transfer.md
/// @threads any: pure.
namespace praline::content {

/// The whole body of a reply, down to the level given.
[[nodiscard]] Bytes thex_encode(TreeLevel const& level);

/// The deepest level in a body that came from a peer; nothing but its computed root is believed.
/// @return a level of the file of `file_bytes` whose root is `trusted_root`; its slice size follows from how many
///         nodes came, whatever depth was asked for.
/// @errors limit_exceeded: more than `thex_bytes_max`; truncated, bad_length: records or nodes that do not fit the
///         file; bad_value: another root or size; unknown_type: not a Tiger tree of 1024-byte leaves, or chunked.
[[nodiscard]] Result<TreeLevel> thex_decode(ByteView body, TigerHash const& trusted_root, std::uint64_t file_bytes);

/// The nodes alone, as in the second record.
[[nodiscard]] Bytes thex_nodes(TreeLevel const& level);
/// "uuid:…" that joins the two records; made from the root.
[[nodiscard]] std::string thex_id(TigerHash const& root);

}  // namespace praline::content
