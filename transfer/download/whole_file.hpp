#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/urn.hpp"
#include "transfer/content/file_hasher.hpp"
#include "transfer/content/file_proof.hpp"
#include "transfer/download/part_file.hpp"
#include "transfer/swarm/byte_range.hpp"

/// Reading a partial file to see what it is. For a pool's threads: all of it may take long, and ends soon after `cancel` is
/// set.
namespace praline::download {

/// Gives the bytes to `take`, in order and in blocks. @return an errno; ECANCELED
[[nodiscard]] int read_range(PartFile const& part, swarm::ByteRange range, std::atomic<bool> const& cancel,
                             std::function<void(ByteView)> const& take);
struct PieceHashes {
    int error = 0;  ///< errno; the rest means nothing then
    bool is_right = false;
    std::vector<Sha1> sha1;
};
/// @param to_hash   ranges whose SHA-1 is wanted, in order
[[nodiscard]] PieceHashes hash_piece(PartFile const& part, content::PieceProof const& proof, std::uint64_t piece,
                                     std::vector<swarm::ByteRange> const& to_hash, std::atomic<bool> const& cancel);

/// @return an errno; `sha256` of the whole
[[nodiscard]] int hash_whole(PartFile const& part, std::uint64_t file_bytes, content::Sha256& sha256,
                             std::atomic<bool> const& cancel);

struct WholeHashes {
    int error = 0;  ///< errno; the hashes mean nothing then
    std::optional<Sha1> sha1;
    std::optional<TigerHash> root;
};
/// Hashes of the whole, as far as they are wanted.
/// @param sha1  has seen the first `sha1_from` bytes; null: not wanted
[[nodiscard]] WholeHashes hash_whole(PartFile const& part, std::uint64_t file_bytes, content::Sha1Hasher* sha1,
                                     std::uint64_t sha1_from, bool wants_root, std::atomic<bool> const& cancel);

}  // namespace praline::download
