#include "transfer/download/whole_file.hpp"

#include <algorithm>
#include <cerrno>
#include <span>

#include "transfer/download/limits.hpp"

namespace praline::download {

int read_range(PartFile const& part, swarm::ByteRange range, std::atomic<bool> const& cancel,
               std::function<void(ByteView)> const& take) {
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(block_bytes, range.size())));
    for (auto at = range.begin; at < range.end;) {
        auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), range.end - at));
        auto const into = std::span{buffer}.first(count);
        if (cancel) return ECANCELED;
        if (int const error = part.read(at, into)) return error;
        take(ByteView{into});
        at += count;
    }
    return 0;
}

PieceHashes hash_piece(PartFile const& part, content::PieceProof const& proof, std::uint64_t piece,
                       std::vector<swarm::ByteRange> const& to_hash, std::atomic<bool> const& cancel) {
    PieceHashes found;
    swarm::ByteRange const whole{piece * proof.piece_bytes(),
                                 std::min((piece + 1) * proof.piece_bytes(), proof.file_bytes())};
    auto check = proof.check(piece);
    found.error = read_range(part, whole, cancel, [&](ByteView bytes) { check.update(bytes); });
    if (found.error != 0) return found;
    found.is_right = check.finish();
    for (auto const& range : to_hash) {
        content::Sha1Hasher sha1;
        found.error = read_range(part, range, cancel, [&](ByteView bytes) { sha1.update(bytes); });
        if (found.error != 0) return found;
        found.sha1.push_back(sha1.finish());
    }
    return found;
}

int hash_whole(PartFile const& part, std::uint64_t file_bytes, content::Sha256& sha256,
               std::atomic<bool> const& cancel) {
    content::Sha256Hasher hasher;
    int const error = read_range(part, {0, file_bytes}, cancel, [&](ByteView bytes) { hasher.update(bytes); });
    if (error == 0) sha256 = hasher.finish();
    return error;
}

WholeHashes hash_whole(PartFile const& part, std::uint64_t file_bytes, content::Sha1Hasher* sha1,
                       std::uint64_t sha1_from, bool wants_root, std::atomic<bool> const& cancel) {
    WholeHashes hashes;
    content::TigerTreeHasher tree;
    auto at = wants_root ? 0 : sha1 != nullptr ? sha1_from : file_bytes;
    hashes.error = read_range(part, {at, file_bytes}, cancel, [&](ByteView bytes) {
        if (wants_root) tree.update(bytes);
        if (sha1 != nullptr && at + bytes.size() > sha1_from)
            sha1->update(bytes.subspan(static_cast<std::size_t>(at < sha1_from ? sha1_from - at : 0)));
        at += bytes.size();
    });
    if (hashes.error != 0) return hashes;
    if (sha1 != nullptr) hashes.sha1 = sha1->finish();
    if (wants_root) hashes.root = tree.finish().root();
    return hashes;
}

}  // namespace praline::download
