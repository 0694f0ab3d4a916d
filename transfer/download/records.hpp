#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/strand.hpp>

#include "transfer/download/download_store.hpp"
#include "transfer/download/piece_disk.hpp"

namespace praline::download {

/// Keeps the records of downloads on disk, in the order of the calls, on the pool. What cannot be kept, since the disk is
/// full, is left out: the next record may fit, and what is on disk of the file is checked again after a restart.
/// @threads the node's; what is under way shares the store
class Records {
public:
    /// Throws store::DatabaseError.
    Records(std::string const& database, DiskPool& pool);

    /// Those of the last run. Throws store::DatabaseError.   @pre nothing was given to it before
    [[nodiscard]] std::vector<Record> load();
    void save(Record record);
    void remove(std::string id);
    /// Of a file that has its name: `part` is deleted after it is known where the file is, so a process that is killed in
    /// between finds it again.
    [[nodiscard]] boost::asio::awaitable<void> completed(Record record, std::string part);
    /// The same, at once.   @pre the pool is joined
    void completed_now(Record const& record, std::string const& part);

private:
    std::shared_ptr<DownloadStore> store_;  // used on the strand once the manager runs
    boost::asio::strand<boost::asio::thread_pool::executor_type> strand_;
};

}  // namespace praline::download
