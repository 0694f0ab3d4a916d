#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "node/net/system_clock.hpp"
#include "transfer/download/alternates.hpp"
#include "transfer/download/calls.hpp"
#include "transfer/download/changes.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/download/folder_looks.hpp"
#include "transfer/download/job.hpp"
#include "transfer/download/job_table.hpp"
#include "transfer/download/piece_disk.hpp"
#include "transfer/download/records.hpp"
#include "transfer/download/turns.hpp"
#include "transfer/download/url_access.hpp"

/// What the downloads of one manager share. Private to this room.
namespace praline::download {

/// A coroutine that ended with an exception is logged; `what` says which.
void log_failure(std::exception_ptr const& failure, char const* what);

/// The table of downloads, what they share, and how their states are announced and kept.
/// @threads the node's; held by a shared_ptr, which the coroutines of downloads share
class Context {
public:
    /// Throws std::runtime_error with a sentence.
    Context(boost::asio::io_context& io_context, Options options_in);

    boost::asio::io_context& io;
    Options const options;
    std::shared_ptr<DiskPool> const pool;
    Alternates alternates;
    Records records;
    JobTable jobs;
    Turns turns;
    Changes changes;
    Calls calls;
    UrlAccess urls;
    FolderLooks folders;
    std::size_t connections = 0;       ///< to sources, of all downloads
    std::uint64_t bytes_received = 0;  ///< of all downloads

    /// No callback of `Options` is called from now on.
    void stop();
    [[nodiscard]] bool is_stopped() const { return is_stopped_; }

    void set_state(Job& job, State state, std::string reason = {});
    /// Something else of it is different.
    void changed(Job& job);
    void save(Job& job);
    /// It has its name; its partial file goes.
    [[nodiscard]] boost::asio::awaitable<void> note_completed(JobPtr job);

    /// Those whose turn it is by now go on.
    void wake_due();
    void leave_slot(Job& job);

    /// That its user named, or the one of all downloads.
    [[nodiscard]] std::string const& folder_of(Job const& job) const {
        return job.destination.folder.empty() ? options.directory : job.destination.folder;
    }
    [[nodiscard]] std::string part_path(Job const& job) const;
    /// False: the job's `trouble` says why.
    [[nodiscard]] bool open_part(Job& job);

private:
    bool is_stopped_ = false;
};
using ContextPtr = std::shared_ptr<Context>;

using net::now;

}  // namespace praline::download
