#include "transfer/content/torrent.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "node/base/path_text.hpp"
#include "transfer/content/bencode.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {

std::uint64_t torrent_piece_bytes(std::uint64_t file_bytes) {
    auto piece = torrent_piece_bytes_min;
    auto const count = [&] { return file_bytes / piece; };
    while ((piece < torrent_piece_bytes_max && count() >= torrent_pieces_wanted) || count() >= torrent_pieces_max)
        piece *= 2;
    return piece;
}

void PieceHasher::update(ByteView data) {
    while (!data.empty()) {
        if (!open_) open_.emplace();
        auto const some = static_cast<std::size_t>(std::min<std::uint64_t>(room_, data.size()));
        open_->update(data.first(some));
        data = data.subspan(some);
        room_ -= some;
        if (room_ == 0) close_piece();
    }
}

std::string PieceHasher::finish() {
    if (open_) close_piece();
    return std::exchange(pieces_, {});
}

void PieceHasher::close_piece() {
    auto const sha1 = open_->finish();
    pieces_ += as_text(std::as_bytes(std::span{sha1.bytes}));
    open_.reset();
    room_ = piece_bytes_;
}

std::string format_torrent(Torrent const& torrent) {
    auto const name = torrent.name.substr(torrent.name.rfind('/') + 1);
    BencodeDictionary info;
    info.set("length", bencode(torrent.size_bytes))
        .set("name", bencode(readable_text(name)))
        .set("piece length", bencode(torrent.piece_bytes))
        .set("pieces", bencode(torrent.pieces));
    std::vector<std::string> seeds;
    for (auto const& seed : torrent.web_seeds) seeds.push_back(bencode(seed));
    BencodeDictionary whole;
    whole.set("info", info.text()).set("created by", bencode(torrent.created_by));
    if (!seeds.empty()) whole.set("url-list", bencode_list(seeds));
    return whole.text();
}

}  // namespace praline::content
