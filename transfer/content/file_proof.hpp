#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/urn.hpp"
#include "transfer/content/file_hasher.hpp"
#include "transfer/content/tiger_tree.hpp"

/// What a user names to check a file with, beside its URN: hashes that a Metalink or a .torrent file holds.
namespace praline::content {

using Sha256 = std::array<std::uint8_t, 32>;

struct FileProof {
    std::uint64_t file_bytes = 0;
    std::optional<Sha256> sha256;     ///< of the whole
    std::uint64_t piece_bytes = 0;    ///< 0: there are no hashes of pieces
    std::vector<Sha1> pieces;         ///< in order, the last one of what is left
    std::uint64_t padding_bytes = 0;  ///< zeros behind the file that are hashed with its last piece
    friend bool operator==(FileProof const&, FileProof const&) = default;

    [[nodiscard]] bool has_pieces() const { return piece_bytes > 0 && !pieces.empty(); }
    /// As many hashes as there are pieces, and within `described_bytes_max`, `torrent_pieces_max` and
    /// `described_piece_bytes_max`.
    [[nodiscard]] bool is_consistent() const;
    /// For the disk. @source BEP 3, "bencoding"
    [[nodiscard]] std::string packed() const;
    /// Empty: it was not packed by this, or is not consistent.
    [[nodiscard]] static std::optional<FileProof> unpacked(std::string_view text);
};

/// Tells which pieces of a file are right: by its Tiger tree, or by a SHA-1 of each. @threads any: pure, a value.
class PieceProof {
public:
    /// Every piece counts as right.
    PieceProof() = default;
    /// The hashes of `named` if it has some of pieces; else the tree. Both may be null.
    PieceProof(std::shared_ptr<TreeLevel const> tree, std::shared_ptr<FileProof const> named);

    [[nodiscard]] explicit operator bool() const { return tree_ || named_; }
    [[nodiscard]] std::uint64_t piece_bytes() const { return tree_ ? tree_->slice_bytes : named_->piece_bytes; }
    [[nodiscard]] std::uint64_t file_bytes() const { return tree_ ? tree_->file_bytes : named_->file_bytes; }
    [[nodiscard]] bool is_right(std::uint64_t piece, ByteView bytes) const;

    /// Compares one piece that comes in portions.
    class Check {
    public:
        void update(ByteView bytes);
        [[nodiscard]] bool finish();

    private:
        friend class PieceProof;
        Check(PieceProof const& proof, std::uint64_t piece);
        PieceProof const& proof_;
        std::uint64_t piece_;
        std::optional<TigerTreeHasher> tiger_;
        std::optional<Sha1Hasher> sha1_;
    };
    /// This outlives it.   @pre there is something to compare with, and such a piece
    [[nodiscard]] Check check(std::uint64_t piece) const { return {*this, piece}; }

private:
    std::shared_ptr<TreeLevel const> tree_;
    std::shared_ptr<FileProof const> named_;  // has pieces
};

/// SHA-256 in portions. @threads one at a time.
class Sha256Hasher {
public:
    Sha256Hasher();
    ~Sha256Hasher();
    Sha256Hasher(Sha256Hasher const&) = delete;
    Sha256Hasher& operator=(Sha256Hasher const&) = delete;
    void update(ByteView data);
    [[nodiscard]] Sha256 finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::content
