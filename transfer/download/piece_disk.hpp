#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include "node/base/urn.hpp"
#include "transfer/content/file_hasher.hpp"
#include "transfer/content/file_proof.hpp"
#include "transfer/download/block.hpp"
#include "transfer/download/part_file.hpp"
#include "transfer/swarm/swarm.hpp"

namespace praline::download {

using swarm::ByteRange;
using swarm::PieceMap;

/// What became of a file that is whole.
struct Finished {
    bool sha1_right = true, root_right = true;
    int error = 0;          ///< errno; ECANCELED: `cancel` was called
    std::string path;       ///< it has its name now
    std::string disk_path;  ///< the folder where the error happened
};

/// What the whole has to be.
struct WholeProof {
    Urn urn;
    std::shared_ptr<content::FileProof const> named;  ///< null: nothing more
};

/// What the disks of all downloads share. Who owns it sets `is_stopped` and joins the threads before it lets go; what they
/// had still to tell comes to nothing then.   @threads the node's
struct DiskPool {
    explicit DiskPool(unsigned count) : threads{count} {}
    boost::asio::thread_pool threads;
    BlockPool blocks;
    bool is_stopped = false;  ///< nothing is told to anybody, and nothing begun
};

/// The partial file of one download: blocks are written, pieces compared with the tree, the whole with its hashes. All of
/// it is done by a pool; what comes of it is told on the node's thread.
/// @threads the node's; held by a shared_ptr, which work under way shares.
class PieceDisk : public std::enable_shared_from_this<PieceDisk> {
public:
    struct Listener {
        std::function<void()> written;
        std::function<void(swarm::PieceChecked const& checked)> checked;
        /// These bytes could not be kept, for this errno.
        std::function<void(ByteRange range, int error)> failed;
        /// Something is done: there may be room for blocks, or nothing under way any more.
        std::function<void()> progressed;
        /// One of these functions has thrown.
        std::function<void(std::exception const& error)> broke;
    };
    PieceDisk(boost::asio::io_context& io, std::shared_ptr<DiskPool> pool, Listener listener);

    /// @return an errno. Does nothing when it is open.
    [[nodiscard]] int open(std::string const& path, PartFile::FaultHook hook);
    void close_file() { part_.reset(); }
    /// What follows is of a file of this size and proof; without one every piece counts as right.   @pre is_idle()
    void begin(std::uint64_t file_bytes, std::uint64_t piece_bytes, content::PieceProof proof, bool needs_sha1);

    /// @pre open
    void write(BlockPtr block);
    /// Checked once every block of the piece that was given to `write` before is on disk.
    void check(swarm::CheckPiece const& wanted);
    /// Bytes of the partial file; empty: they cannot be read. `done` is called later.   @pre open
    void read(ByteRange range, std::function<void(Bytes)> done);
    [[nodiscard]] bool is_idle() const { return pending_.empty() && waiting_.empty() && checking_ == 0; }
    [[nodiscard]] std::size_t in_flight_bytes() const { return in_flight_bytes_; }

    /// Long work ends soon, and what comes of it is told to nobody.
    void cancel() { cancelled_ = true; }
    void go_on() { cancelled_ = false; }

    /// Which pieces are there and right. Without a tree: those that the map calls so. Empty: it was cancelled.
    /// @pre is_idle(), open
    [[nodiscard]] boost::asio::awaitable<std::optional<std::vector<bool>>> recheck(PieceMap map);
    /// SHA-1 of each range, in order. Empty: it was cancelled, or they cannot be read.   @pre is_idle(), open
    [[nodiscard]] boost::asio::awaitable<std::optional<std::vector<Sha1>>> hash(std::vector<ByteRange> ranges);
    /// Compares the whole with the hashes and gives it its name.   @pre is_idle(), open
    [[nodiscard]] boost::asio::awaitable<Finished> finish(WholeProof wanted, bool needs_root, std::string part_path,
                                                          std::string directory, std::string name);
    /// What `finish` has named the file, also when nobody could be told any more.   @pre the pool is joined
    [[nodiscard]] std::string const& placed_path() const { return placed_path_; }

private:
    using Strand = boost::asio::strand<boost::asio::thread_pool::executor_type>;
    /// A piece in a block that is still in memory.
    struct Unfed {
        ByteRange piece;
        BlockPtr block;
    };
    /// SHA-1 of the file from its beginning; fed on the strand, in order, with what was found right.
    struct Lane {
        explicit Lane(Strand strand_in) : strand{std::move(strand_in)} {}
        Strand strand;
        content::Sha1Hasher hasher;
        bool is_broken = false;  // a read failed, or was given up: the hasher is of no use; the strand's
        // The node's thread:
        std::size_t blocks = 0;                // given to it and not hashed yet; at most `unfed_blocks_max`
        std::map<std::uint64_t, Unfed> unfed;  // found right before what is in front of them; at most as many
        bool reads_disk = false;
    };
    struct Pending {
        BlockPtr block;
        bool begun = false;
    };
    struct Waiting {
        swarm::CheckPiece wanted;
        std::optional<bool> verdict;  // when one block held all of the piece
        BlockPtr block;
    };

    [[nodiscard]] ByteRange range_of(std::uint64_t piece) const;
    void begin_writes();
    void write_now(Block const& block);
    void written(Block const& which, int error, std::vector<std::uint64_t> const& good,
                 std::vector<std::uint64_t> const& bad);
    void begin_checks();
    void read_back(swarm::CheckPiece const& wanted);
    void answer(swarm::PieceChecked const& checked, std::uint64_t piece, BlockPtr block);
    void feed_lane(std::uint64_t piece, BlockPtr block);
    void hash_from_memory(Unfed next);
    void feed_lane_from_disk();
    void reset_lane();
    /// Runs on the node's thread; what it throws is told.
    void on_node(std::function<void()> act);

    boost::asio::io_context& io_;
    std::shared_ptr<DiskPool> pool_;
    Listener listener_;
    Strand writer_;  // two writes at once would only wait for each other in the kernel
    std::shared_ptr<PartFile> part_;
    content::PieceProof proof_;
    std::uint64_t file_bytes_ = 0, piece_bytes_ = 1;
    bool needs_sha1_ = false;
    std::vector<Pending> pending_;  // blocks that are not on disk yet, in the order of their bytes' arrival
    std::vector<Waiting> waiting_;
    std::size_t in_flight_bytes_ = 0, checking_ = 0;
    std::shared_ptr<Lane> lane_;
    std::uint64_t lane_at_ = 0;  // bytes given to it
    swarm::RangeSet right_;      // pieces found right
    std::atomic<bool> cancelled_{false};
    std::string placed_path_;  // written by the pool
};

}  // namespace praline::download
