#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "node/base/bytes.hpp"
#include "transfer/swarm/byte_range.hpp"
#include "transfer/swarm/range_set.hpp"

namespace praline::swarm {

/// Which bytes of a file are on disk, and which of its pieces were found to be right. The unit of trust is the piece:
/// bytes of a piece that is not verified count as received only while they may still become one.
/// @threads one at a time: pure.
class PieceMap {
public:
    PieceMap() = default;
    /// @pre `piece_bytes` > 0. An empty file has no pieces and is complete.
    PieceMap(std::uint64_t file_bytes, std::uint64_t piece_bytes);

    /// The first gap at `from` or after it, at most `most` bytes of it; empty: nothing is missing there.
    [[nodiscard]] std::optional<ByteRange> next_missing(std::uint64_t from, std::uint64_t most) const;
    /// These bytes are written. The pieces that are whole with them are to be checked now, in order.
    [[nodiscard]] std::vector<std::uint64_t> written(ByteRange range);
    void accept(std::uint64_t piece);
    [[nodiscard]] bool has(ByteRange range) const { return received_.contains(range); }
    /// Bytes of pieces that are not verified are to be fetched again.
    void lost(ByteRange range);
    /// The piece is to be fetched again.
    void reject(std::uint64_t piece);
    /// Bytes of pieces that are not verified are to be fetched again.
    void forget_unverified();

    [[nodiscard]] ByteRange range_of(std::uint64_t piece) const;
    [[nodiscard]] std::uint64_t file_bytes() const { return file_bytes_; }
    [[nodiscard]] std::uint64_t piece_bytes() const { return piece_bytes_; }
    [[nodiscard]] std::uint64_t piece_count() const { return verified_.size(); }
    [[nodiscard]] std::vector<bool> const& verified() const { return verified_; }
    [[nodiscard]] bool is_verified(std::uint64_t piece) const { return verified_[piece]; }
    [[nodiscard]] bool complete() const { return verified_count_ == verified_.size(); }
    [[nodiscard]] std::uint64_t verified_bytes() const { return verified_bytes_; }
    [[nodiscard]] std::uint64_t received_bytes() const { return received_.bytes(); }
    /// One bit a piece, most significant first; `restore` takes what `packed` gave and ignores anything of another length.
    [[nodiscard]] Bytes packed() const;
    void restore(ByteView packed);

private:
    std::uint64_t file_bytes_ = 0, piece_bytes_ = 1;
    std::vector<bool> verified_;
    std::uint64_t verified_count_ = 0, verified_bytes_ = 0;
    RangeSet received_;
};

}  // namespace praline::swarm
