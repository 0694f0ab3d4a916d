#pragma once

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
#include "transfer/download/alternates.hpp"
#include "transfer/download/block.hpp"
#include "transfer/download/changes.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/download/download_store.hpp"
#include "transfer/download/job.hpp"
#include "transfer/download/job_table.hpp"
#include "transfer/download/turns.hpp"

/// What the manager, its workers and their connections share. Private to this room.
namespace praline::download {

using PoolStrand = boost::asio::strand<boost::asio::thread_pool::executor_type>;

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

/// Of a download or a group: letters and digits.
[[nodiscard]] std::string fresh_id();

/// Somebody we asked to call us.
struct PushWait {
    explicit PushWait(boost::asio::io_context& io) : timer{io}, socket{io} {}
    boost::asio::steady_timer timer;
    Tcp::socket socket;
    Bytes read;
    bool asked = false, answered = false;
};

/// How a connection to a source ended; no fault: there is nothing more to ask for, or nobody wants it.
struct Outcome {
    std::optional<Fault> fault;
    std::optional<std::chrono::seconds> retry_after;
    std::string detail;
};

struct DownloadManager::Impl : std::enable_shared_from_this<DownloadManager::Impl> {
    Impl(boost::asio::io_context& io_context, Options options_in);
    void start();
    void stop();

    // download_manager.cpp: what the node asks for
    Added add(Request request);
    [[nodiscard]] JobPtr make_job(Request const& request, Destination to);
    [[nodiscard]] static std::string refusal(Request const& request);
    void begin(JobPtr const& job, std::vector<Source> const& sources);
    bool take_source(Job& job, Source const& source, bool by_user);
    [[nodiscard]] JobPtr new_job(std::string id);
    [[nodiscard]] DownloadInfo describe(Job const& job, std::optional<std::size_t> place = {}) const;
    bool pause(JobPtr const& job);
    bool resume(JobPtr const& job);
    void remove(JobPtr const& job);
    void restore();
    void broke(JobPtr const& job, char const* what);
    void set_state(Job& job, State state, std::string reason = {});
    void changed(Job& job);
    void interrupt(Job& job);
    void save(Job& job);
    void save_all();
    boost::asio::awaitable<void> tick();

    // arrange.cpp: lists of downloads, and their order
    AddedList add_list(DownloadList list);
    AddedList add_group(DownloadList list);
    void set_rank(std::vector<JobPtr> const& which, std::optional<Priority> priority, std::optional<Move> how);
    std::string set_folder(std::vector<JobPtr> const& which, std::string const& folder);
    void wake_due();

    // worker.cpp: one for each download that is wanted
    void ensure_worker(JobPtr const& job);
    boost::asio::awaitable<void> work(JobPtr job);
    boost::asio::awaitable<void> step(JobPtr job);
    boost::asio::awaitable<void> sleep(JobPtr job, std::chrono::milliseconds time);
    boost::asio::awaitable<void> wait_for_sources(JobPtr job);
    void look_for_sources(Job& job, Instant time);
    boost::asio::awaitable<void> wait_for_disk(JobPtr job);
    boost::asio::awaitable<void> wait_for_folder(JobPtr job);
    bool folder_is_there(Job& job);
    boost::asio::awaitable<void> recheck(JobPtr job);
    boost::asio::awaitable<void> complete(JobPtr job);
    boost::asio::awaitable<void> note_completed(JobPtr job);
    boost::asio::awaitable<void> come_to_rest(JobPtr job);
    void leave_slot(Job& job);
    void measure(Job& job, std::int64_t micros);
    void watch_silence(Job& job, Instant time);
    void tell_countdowns();

    // sessions.cpp: the connections of a download, and what its swarm wants of them
    boost::asio::awaitable<void> scout(JobPtr job);
    boost::asio::awaitable<void> fetch(JobPtr job);
    void start_swarm(JobPtr const& job);
    void feed(JobPtr const& job, swarm::Event const& event);
    void perform(JobPtr const& job, swarm::Actions const& actions);
    void connect(JobPtr const& job, SourceId source, swarm::LinkId link);
    void learnt(JobPtr const& job, SourceSession& session);
    void session_ended(JobPtr const& job, SourceSession& session, Outcome const& outcome);
    void close_session(Job& job, SourceSession& session);
    void close_sessions(Job& job);
    void show_activity(Job& job);
    void read(JobPtr const& job, ContentReads::Read wanted);
    void pieces_came(JobPtr const& job);
    void note_delivery(Job& job, SourceSession const& session);
    void note_failure(Job& job, SourceId id, Endpoint const& endpoint);
    bool serve_reads(Job& job);
    void fetch_next(JobPtr const& job, std::uint64_t position);
    [[nodiscard]] SourceSession* session_of(Job const& job, swarm::LinkId link) const;

    // stories.cpp: whom a download believes
    [[nodiscard]] bool may_ask(Job const& job, SourceId source) const;
    [[nodiscard]] bool trusted_have_failed(Job& job) const;
    [[nodiscard]] std::set<SourceId> doubted_and_ready(Job& job) const;
    void trust_others(Job& job);
    void drop_doubted(Job& job);
    boost::asio::awaitable<bool> question_sources(JobPtr job);
    boost::asio::awaitable<void> name_liars(JobPtr job);
    [[nodiscard]] std::optional<SourceId> another_story(Job& job) const;
    void turn_to(Job& job, SourceId source);
    void accused(Job& job, swarm::Accuse const& action);
    void start_map(Job& job, std::uint64_t piece_bytes);
    void tree_came(Job& job, content::TreeLevel tree, SourceId giver);
    void adopt_tree(Job& job, content::TreeLevel tree, SourceId giver);
    void drop_content(Job& job);
    void blame(Job& job, SourceId source, Fault fault);
    void whole_is_wrong(Job& job, bool sha1_right, bool root_right);
    void whole_is_right(Job& job);

    [[nodiscard]] bool open_part(Job& job);
    [[nodiscard]] std::string part_path(Job const& job) const;

    // push.cpp
    boost::asio::awaitable<void> push(std::shared_ptr<PushWait> wait, Source source);
    boost::asio::awaitable<void> read_giv(Tcp::socket socket, Bytes read);

    boost::asio::io_context& io;
    Options options;
    std::shared_ptr<DiskPool> pool;
    Alternates alternates{options.locations};
    PoolStrand store_strand;
    std::unique_ptr<DownloadStore> store;  ///< used on its strand once the manager runs
    JobTable jobs;
    Turns turns;
    Changes changes;
    std::multimap<Guid, std::shared_ptr<PushWait>> pushes;
    std::size_t gives = 0;
    std::string told_countdown;   ///< id of the download whose countdown was announced last
    std::size_t connections = 0;  ///< to sources, of all downloads
    std::uint64_t bytes_received = 0;
    boost::asio::steady_timer ticker;
    bool stopped = false;
};

using net::now;

}  // namespace praline::download
