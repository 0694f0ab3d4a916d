#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/base/urn.hpp"
#include "transfer/swarm/byte_range.hpp"
#include "transfer/swarm/piece_map.hpp"

namespace praline::download {

/// Ranges of one partial file that are handed out; of more of them the longest are.
constexpr std::size_t partial_ranges_max = 1024;

/// What is on disk of a download that is not finished, for those who ask for the same file.
struct Partial {
    std::string name, path, directory;  ///< the partial file, and the folder that it lies in
    std::uint64_t size_bytes = 0;       ///< of the whole; the file on disk may be shorter
    Sha1 sha1;
    TigerHash tiger_root;                    ///< of the tree that the pieces were checked against
    std::vector<swarm::ByteRange> verified;  ///< in order, disjoint, never touching; at most `partial_ranges_max`
};

/// The ranges that its verified pieces make up.   @threads any: pure.
[[nodiscard]] std::vector<swarm::ByteRange> verified_ranges(swarm::PieceMap const& map,
                                                            std::size_t most = partial_ranges_max);

struct Job;
/// Empty: nothing of it may be handed out, or its tree is not proved (see `DownloadManager::partial`). For this room
/// alone. @param path  its partial file, in `directory`.
[[nodiscard]] std::optional<Partial> partial_of(Job const& job, std::string directory, std::string path);

}  // namespace praline::download
