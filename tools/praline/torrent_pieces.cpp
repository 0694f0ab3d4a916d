#include "tools/praline/torrent_pieces.hpp"

#include <algorithm>
#include <utility>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "tools/praline/node_limits.hpp"
#include "transfer/content/limits.hpp"
#include "transfer/content/torrent.hpp"
#include "transfer/upload/shared_fd.hpp"

namespace praline {
namespace {

/// Empty: the file cannot be read, or is not what was hashed.
std::string pieces_of(library::SharedFile const& file, std::atomic<bool> const& stop) {
    auto const opened =
        upload::SharedFd::open({file.root, file.path, file.size_bytes, file.mtime_ns, file.ctime_ns, file.inode});
    if (!opened) return {};
    content::PieceHasher hasher{content::torrent_piece_bytes(file.size_bytes)};
    Bytes block(content::file_block_bytes);
    for (std::uint64_t at = 0; at < file.size_bytes;) {
        auto const got = ::pread(opened->get(), block.data(), block.size(), static_cast<off_t>(at));
        if (got <= 0 || stop) return {};
        hasher.update(ByteView{block}.first(static_cast<std::size_t>(got)));
        at += static_cast<std::uint64_t>(got);
    }
    return opened->is_unchanged() ? hasher.finish() : std::string{};
}

}  // namespace

TorrentPieces::TorrentPieces(std::function<void(std::function<void()>)> post)
    : post_{std::move(post)}, thread_{std::make_unique<boost::asio::thread_pool>(1)} {}

TorrentPieces::~TorrentPieces() {
    *stop_ = true;
    thread_->join();
}

TorrentPieces::Answer TorrentPieces::of(library::SharedFile const& file) {
    auto const at = std::find_if(known_.begin(), known_.end(), [&](Known const& one) { return one.sha1 == file.sha1; });
    if (at == known_.end()) {
        if (!busy_) begin(file);
        return {};
    }
    if (at->problem.empty()) return {at->pieces, {}};
    Answer answer{std::nullopt, std::move(at->problem)};
    known_.erase(at);
    return answer;
}

void TorrentPieces::begin(library::SharedFile const& file) {
    busy_ = true;
    boost::asio::post(*thread_, [this, file, stop = stop_] {
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 10);
        Known known{file.sha1, pieces_of(file, *stop), {}};
        if (known.pieces.empty())
            known.problem = file.name + " cannot be read, or has changed since it was hashed. Try again in a moment.";
        if (*stop) return;
        post_([this, stop, known = std::move(known)]() mutable {
            if (!*stop) take_in(std::move(known));
        });
    });
}

void TorrentPieces::take_in(Known known) {
    busy_ = false;
    if (known_.size() >= NodeLimits::torrents_kept) known_.pop_front();
    known_.push_back(std::move(known));
}

}  // namespace praline
