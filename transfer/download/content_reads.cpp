#include "transfer/download/content_reads.hpp"

#include <algorithm>
#include <utility>

namespace praline::download {

std::optional<swarm::ByteRange> proved_from(swarm::PieceMap const& map, std::uint64_t at, std::size_t most) {
    if (most == 0 || at >= map.file_bytes()) return std::nullopt;
    auto const wanted = std::min<std::uint64_t>(map.file_bytes(), at + most);
    auto end = at;
    for (auto piece = at / map.piece_bytes(); end < wanted && map.is_verified(piece); ++piece)
        end = std::min(wanted, map.range_of(piece).end);
    if (end == at) return std::nullopt;
    return swarm::ByteRange{at, end};
}

void ContentReads::wait(Read read) {
    std::erase_if(reads_, [](Read const& one) { return one.owner.expired(); });
    if (reads_.size() >= reads_max) {
        auto const oldest = std::move(reads_.front());
        reads_.erase(reads_.begin());
        oldest.done({});
    }
    reads_.push_back(std::move(read));
}

std::vector<std::pair<ContentReads::Read, swarm::ByteRange>> ContentReads::ready(swarm::PieceMap const& map) {
    std::vector<std::pair<Read, swarm::ByteRange>> found;
    std::erase_if(reads_, [&](Read& one) {
        if (one.owner.expired()) return true;
        auto const range = proved_from(map, one.at, one.most);
        if (range) found.emplace_back(std::move(one), *range);
        return range.has_value();
    });
    return found;
}

std::optional<std::uint64_t> ContentReads::newest() const {
    for (auto one = reads_.rbegin(); one != reads_.rend(); ++one)
        if (!one->owner.expired()) return one->at;
    return std::nullopt;
}

void ContentReads::refuse_all() {
    for (auto const& one : std::exchange(reads_, {}))
        if (!one.owner.expired()) one.done({});
}

}  // namespace praline::download
