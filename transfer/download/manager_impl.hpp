#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include "node/base/time.hpp"
#include "node/net/system_clock.hpp"
#include "transfer/content/file_hasher.hpp"
#include "transfer/content/tiger_tree.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/download/download_store.hpp"
#include "transfer/download/part_file.hpp"
#include "transfer/download/patience.hpp"
#include "transfer/swarm/claims.hpp"
#include "transfer/swarm/piece_map.hpp"
#include "transfer/swarm/source_list.hpp"

/// What the manager, its workers and their connections share. Private to this room.
namespace praline::download {

using swarm::ByteRange;
using swarm::Claims;
using swarm::Fault;
using swarm::KnownSource;
using swarm::PieceMap;
using swarm::SourceList;

using PoolStrand = boost::asio::strand<boost::asio::thread_pool::executor_type>;
using Tcp = boost::asio::ip::tcp;

/// Bytes on their way from a socket to the disk. Reused: fresh memory of this size costs more than filling it.
struct Block {
    std::unique_ptr<std::byte[]> bytes = std::make_unique_for_overwrite<std::byte[]>(block_bytes);
    std::uint64_t begin = 0;
    std::size_t size = 0;
    [[nodiscard]] ByteView view() const { return {bytes.get(), size}; }
    [[nodiscard]] ByteRange range() const { return {begin, begin + size}; }
};
using BlockPtr = std::shared_ptr<Block>;

/// SHA-1 of what came in order from the start; fed on its strand.
struct Sha1Lane {
    explicit Sha1Lane(PoolStrand strand_in) : strand{std::move(strand_in)} {}
    PoolStrand strand;
    content::Sha1Hasher hasher;
};

struct PushWait;

/// Kept open between two questions because our place in the source's queue hangs on it.
struct ParkedConnection {
    Tcp::socket socket;
    Instant until{};
};

/// One download. @threads the node's, but for what is marked.
struct Job {
    Job(boost::asio::io_context& io, Limits const& limits) : sources{limits}, patience{limits}, wake{io}, room{io} {}

    std::string id, name, reason, path;
    Urn urn;                                  ///< asked for; once completed also what is proved
    bool root_given = false;                  ///< the user named the Tiger root: what fits its tree is proved
    std::optional<std::uint64_t> size_bytes;  ///< what is believed; proved when completed
    State state = State::queued;
    SourceList sources;
    Claims claims;
    Patience patience;
    std::map<std::uint32_t, ParkedConnection> parked;  ///< by source; at most `parked_max`

    std::optional<content::TreeLevel> tree;
    std::uint32_t tree_giver = 0;          ///< source of a tree that only the final SHA-1 can confirm
    std::set<std::uint32_t> contributors;  ///< sources of bytes that no tree could check
    bool one_at_a_time = false;            ///< bytes of several made a wrong whole: the next one is of one source
    PieceMap map;
    bool has_map = false;
    bool recheck = false;  ///< the map says what was written, not what is there now
    std::shared_ptr<PartFile> part;
    std::optional<PoolStrand>
        writer;  ///< writes go one by one: two at once would only wait for each other in the kernel

    std::shared_ptr<Sha1Lane> lane;
    std::uint64_t lane_at = 0;                ///< bytes given to the lane, from the start
    std::map<std::uint64_t, BlockPtr> unfed;  ///< verified before those in front of them; at most `unfed_blocks_max`
    std::string placed_path;                  ///< written by the pool once the file has its name
    std::size_t in_flight = 0;                ///< bytes in blocks that are not on disk yet
    std::size_t checks = 0;                   ///< slices being read back
    std::uint64_t epoch = 0;                  ///< results of work begun before a change of it are void
    int disk_error = 0;
    std::string disk_path;                   ///< the folder whose disk refused
    std::uint64_t disk_bytes = 0;            ///< that are to fit there before the next try
    std::chrono::milliseconds disk_wait{0};  ///< before the next try; grows

    bool working = false;  ///< has a worker
    bool removed = false;
    bool dirty = false;                    ///< differs from what is on disk
    std::atomic<bool> cancel{false};       ///< read by the pool: long work is to stop
    boost::asio::steady_timer wake, room;  ///< what the worker and its connection sleep on
    Tcp::socket* socket = nullptr;         ///< of the connection under way
    std::optional<std::uint32_t> asked;    ///< the source at its other end
    std::weak_ptr<PushWait> call;          ///< what that source is to do first, if it cannot be called
    bool hurried = false;                  ///< the connection was ended because others wait
    bool condemned = false;                ///< the connection was ended because of what it brought
    std::optional<Instant> next_search;
    std::chrono::milliseconds search_wait{0};

    std::uint64_t arrived_bytes = 0, counted_bytes = 0, bytes_per_second = 0;

    /// A SHA-1 that was named is always checked, whatever tree the file fits.
    [[nodiscard]] bool needs_sha1() const { return urn.sha1.has_value(); }
    [[nodiscard]] bool is_over() const { return state == State::completed || state == State::failed; }
    [[nodiscard]] bool is_wanted() const { return !removed && !is_over() && state != State::paused; }
};
using JobPtr = std::shared_ptr<Job>;

/// One more while it lives, however its scope is left.
class Counted {
public:
    explicit Counted(std::size_t& count) : count_{count} { ++count_; }
    ~Counted() { --count_; }
    Counted(Counted const&) = delete;
    Counted& operator=(Counted const&) = delete;

private:
    std::size_t& count_;
};

/// A coroutine that ended with an exception is logged; `what` says which.
void log_failure(std::exception_ptr const& failure, char const* what);

/// Somebody we asked to call us.
struct PushWait {
    explicit PushWait(boost::asio::io_context& io) : timer{io}, socket{io} {}
    boost::asio::steady_timer timer;
    Tcp::socket socket;
    Bytes read;
    bool asked = false, answered = false;
};

struct DownloadManager::Impl : std::enable_shared_from_this<DownloadManager::Impl> {
    Impl(boost::asio::io_context& io_context, Options options_in);
    void start();
    void stop();

    // download_manager.cpp: what the node asks for
    Added add(Request request);
    [[nodiscard]] JobPtr find(std::string const& id) const;
    [[nodiscard]] JobPtr find_same(Urn const& urn) const;
    bool take_source(Job& job, Source const& source, bool by_user);
    [[nodiscard]] DownloadInfo describe(Job const& job) const;
    bool pause(JobPtr const& job);
    bool resume(JobPtr const& job);
    void remove(JobPtr const& job);
    void restore();
    void name_orphans() const;
    [[nodiscard]] std::vector<Orphan> orphans() const;
    void broke(JobPtr const& job, char const* what);
    void set_state(Job& job, State state, std::string reason = {});
    void changed(Job& job);
    void interrupt(Job& job);
    void save(Job& job);
    void save_all();
    boost::asio::awaitable<void> tick();

    // worker.cpp: one for each download that is wanted
    void ensure_worker(JobPtr const& job);
    boost::asio::awaitable<void> work(JobPtr job);
    boost::asio::awaitable<void> step(JobPtr job);
    boost::asio::awaitable<void> sleep(JobPtr job, std::chrono::milliseconds time);
    boost::asio::awaitable<void> wait_for_sources(JobPtr job);
    boost::asio::awaitable<void> wait_for_disk(JobPtr job);
    boost::asio::awaitable<void> use_source(JobPtr job, std::uint32_t source);
    boost::asio::awaitable<void> drain(JobPtr job);
    boost::asio::awaitable<void> complete(JobPtr job);
    void session_ended(JobPtr const& job, std::uint32_t source, struct Outcome const& outcome,
                       std::uint64_t bytes_before);
    void hurry(Job& job, Instant time);
    void measure(Job& job, std::int64_t micros);
    void close_connection(Job& job);

    // stories.cpp: whom a download believes
    [[nodiscard]] KnownSource* choose(Job& job);
    [[nodiscard]] bool turn_to_another(Job& job);
    void disagrees(Job& job, std::uint32_t source);
    void drop_content(Job& job);
    void blame(Job& job, std::uint32_t source, Fault fault);
    void whole_is_wrong(Job& job, bool sha1_right, bool root_right);
    void whole_is_right(Job& job);

    // disk_work.cpp: what runs on the pool
    [[nodiscard]] BlockPtr take_block();
    void submit(JobPtr const& job, BlockPtr block, std::uint32_t source);
    void written(JobPtr const& job, BlockPtr const& block, int error, std::vector<std::uint64_t> const& good,
                 std::vector<std::uint64_t> const& bad, std::uint32_t source);
    void check_on_disk(JobPtr const& job, std::uint64_t slice, std::uint32_t source);
    void judge(JobPtr const& job, std::uint64_t slice, bool good, std::uint32_t source);
    boost::asio::awaitable<void> recheck(JobPtr job);
    void reset_lane(Job& job);
    void feed_lane(JobPtr const& job, BlockPtr block);
    void feed_lane_from_disk(JobPtr const& job, ByteRange range);
    void recycle(BlockPtr block);
    [[nodiscard]] bool open_part(Job& job);
    void start_map(Job& job, std::uint64_t slice_bytes);
    void adopt_tree(Job& job, content::TreeLevel tree, std::uint32_t giver);
    [[nodiscard]] std::string part_path(Job const& job) const;

    // push.cpp
    boost::asio::awaitable<std::shared_ptr<PushWait>> push(JobPtr job, Source source);
    boost::asio::awaitable<void> read_giv(Tcp::socket socket, Bytes read);

    boost::asio::io_context& io;
    Options options;
    boost::asio::thread_pool pool;
    PoolStrand store_strand;
    std::unique_ptr<DownloadStore> store;  ///< used on its strand once the manager runs
    std::vector<JobPtr> jobs;              ///< in the order they were added
    std::multimap<Guid, std::shared_ptr<PushWait>> pushes;
    std::size_t gives = 0;
    std::vector<BlockPtr> free_blocks;
    std::size_t active = 0;  ///< connections to sources
    std::uint64_t bytes_received = 0;
    boost::asio::steady_timer ticker;
    bool stopped = false;
};

using net::now;

}  // namespace praline::download
