#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/base/urn.hpp"
#include "transfer/library/library.hpp"

namespace boost::asio {
class thread_pool;
}

namespace praline {

/// The hashes of the pieces of shared files, which .torrent files hold and nothing else needs. Each file is read once more
/// for them, on a thread of low priority: at the speed of the disk, or of SHA-1 (some 1 GB a second). One file at a time;
/// the hashes of the last `NodeLimits::torrents_kept` files are kept, by content.   @threads the node's.
class TorrentPieces {
public:
    /// @param post  runs a function on the node's thread, soon.
    explicit TorrentPieces(std::function<void(std::function<void()>)> post);
    /// Stops within a block of the file, and joins the thread.
    ~TorrentPieces();
    TorrentPieces(TorrentPieces const&) = delete;
    TorrentPieces& operator=(TorrentPieces const&) = delete;

    struct Answer {
        std::optional<std::string> pieces{};  ///< as content::PieceHasher has them
        std::string problem{};                ///< a sentence: they cannot be had; said once. Both empty: ask again soon
    };
    [[nodiscard]] Answer of(library::SharedFile const& file);

private:
    struct Known {
        Sha1 sha1;
        std::string pieces;   ///< empty: `problem`
        std::string problem;  ///< forgotten when it was told
    };
    void begin(library::SharedFile const& file);
    void take_in(Known known);

    std::function<void(std::function<void()>)> post_;
    std::deque<Known> known_;  ///< the oldest first
    bool busy_ = false;
    std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
    std::unique_ptr<boost::asio::thread_pool> thread_;
};

}  // namespace praline
