#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/base/bytes.hpp"
#include "transfer/content/file_hasher.hpp"

/// A .torrent file for one file that web servers have. @source BEP 3 (version 1); BEP 19 (`url-list`).
namespace praline::content {

/// A power of two that makes some thousand pieces at most, and more only of files too large for that.
[[nodiscard]] std::uint64_t torrent_piece_bytes(std::uint64_t file_bytes);

/// SHA-1 of each piece of a file, which is handed over from its start in any portions. @threads one at a time.
class PieceHasher {
public:
    /// @pre piece_bytes > 0
    explicit PieceHasher(std::uint64_t piece_bytes) : piece_bytes_{piece_bytes}, room_{piece_bytes} {}
    void update(ByteView data);
    /// 20 bytes a piece, the last one of what is left.
    [[nodiscard]] std::string finish();

private:
    void close_piece();

    std::uint64_t piece_bytes_, room_;
    std::optional<Sha1Hasher> open_;
    std::string pieces_;
};

struct Torrent {
    std::string name;  ///< of the file; a path is not kept
    std::uint64_t size_bytes = 0, piece_bytes = 0;
    std::string pieces;                  ///< as `PieceHasher` has it
    std::vector<std::string> web_seeds;  ///< http URLs of the whole file
    std::string created_by;
};

/// Names no tracker, so that nobody is told of it; whoever opens it fetches from the web seeds, and from peers its program
/// finds by other ways. @threads any: pure.
[[nodiscard]] std::string format_torrent(Torrent const& torrent);

}  // namespace praline::content
