#include "transfer/swarm/piece_map.hpp"

#include <algorithm>

#include "node/base/check.hpp"

namespace praline::swarm {

PieceMap::PieceMap(std::uint64_t file_bytes, std::uint64_t piece_bytes)
    : file_bytes_{file_bytes}, piece_bytes_{piece_bytes} {
    check(piece_bytes > 0);
    verified_.resize(static_cast<std::size_t>(file_bytes / piece_bytes + (file_bytes % piece_bytes != 0 ? 1 : 0)));
}

std::optional<ByteRange> PieceMap::next_missing(std::uint64_t from, std::uint64_t most) const {
    auto gap = received_.first_gap({from, file_bytes_});
    if (!gap || most == 0) return std::nullopt;
    gap->end = gap->begin + std::min(most, gap->size());
    return gap;
}

std::vector<std::uint64_t> PieceMap::written(ByteRange range) {
    check(range.begin < range.end && range.end <= file_bytes_);
    received_.add(range);
    std::vector<std::uint64_t> whole;
    for (auto piece = range.begin / piece_bytes_; piece * piece_bytes_ < range.end; ++piece)
        if (!verified_[piece] && received_.contains(range_of(piece))) whole.push_back(piece);
    return whole;
}

void PieceMap::accept(std::uint64_t piece) {
    check(piece < verified_.size());
    if (verified_[piece]) return;
    verified_[piece] = true;
    ++verified_count_;
    verified_bytes_ += range_of(piece).size();
    received_.add(range_of(piece));
}

void PieceMap::reject(std::uint64_t piece) {
    check(piece < verified_.size());
    if (verified_[piece]) {
        verified_[piece] = false;
        --verified_count_;
        verified_bytes_ -= range_of(piece).size();
    }
    received_.remove(range_of(piece));
}

void PieceMap::lost(ByteRange range) {
    for (auto next = range.begin; next < range.end;) {
        auto const piece = range_of(next / piece_bytes_);
        if (!verified_[next / piece_bytes_]) received_.remove({next, std::min(piece.end, range.end)});
        next = piece.end;
    }
}

void PieceMap::forget_unverified() {
    received_.clear();
    for (std::uint64_t piece = 0; piece < verified_.size(); ++piece)
        if (verified_[piece]) received_.add(range_of(piece));
}

ByteRange PieceMap::range_of(std::uint64_t piece) const {
    auto const begin = piece * piece_bytes_;
    return {begin, std::min(begin + piece_bytes_, file_bytes_)};
}

Bytes PieceMap::packed() const {
    Bytes bits((verified_.size() + 7) / 8);
    for (std::size_t piece = 0; piece < verified_.size(); ++piece)
        if (verified_[piece]) bits[piece / 8] |= std::byte{0x80} >> (piece % 8);
    return bits;
}

void PieceMap::restore(ByteView packed) {
    if (packed.size() != (verified_.size() + 7) / 8) return;
    for (std::size_t piece = 0; piece < verified_.size(); ++piece)
        if ((packed[piece / 8] & (std::byte{0x80} >> (piece % 8))) != std::byte{0}) accept(piece);
}

}  // namespace praline::swarm
