#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "index/catalogue/catalogue.hpp"
#include "index/server/catalogue_thread.hpp"
#include "index/server/entry_ledger.hpp"
#include "index/server/reader_pool.hpp"

/// The catalogue of one server with its threads: one that writes, some that search. What they report comes back on the
/// io_context's thread. Keeps count of the entries on disk, of each publisher and address.
namespace praline::index::server {

/// @threads the io_context's one.
class CatalogueHost {
public:
    struct Options {
        std::string file;
        catalogue::CatalogueLimits limits;
        std::size_t readers = 2;  ///< threads that search
        ReaderPool::Waiting::Limits waiting;
    };
    /// Neither is called after `stop`.
    struct Host {
        std::function<void(std::vector<CatalogueReport>& reports)> changed;  ///< of the thread that writes
        std::function<void(SearchDone& done)> searched;
    };
    /// Opens the file; throws what `open_sqlite_catalogue` throws.
    CatalogueHost(boost::asio::io_context& io, Options options, Host host);
    ~CatalogueHost();

    /// What was kept of the publishers and, as text, of the members when the server last ran.
    struct Kept {
        std::vector<Record> records;
        std::string members;
    };
    /// Starts the threads. @param owner  keeps this alive; reports that come after its end do nothing.
    [[nodiscard]] Kept start(std::weak_ptr<void> owner);
    /// At once: joins the threads.
    void stop();

    /// To be done by the thread that writes, in turn.
    void push(CatalogueTask task);
    /// Keeps the members for the next start, if they are others than those kept last.
    void keep_members(std::vector<Member> const& members);
    /// False: too many are waiting. Else `Host::searched` follows.
    [[nodiscard]] bool search(SearchTask task);
    /// Looks how large the catalogue is; `size` says so a little later.
    void measure();

    [[nodiscard]] EntryLedger const& ledger() const { return ledger_; }
    [[nodiscard]] catalogue::CatalogueSize const& size() const { return size_; }
    /// Why nothing can be kept just now, as a sentence; empty: it can.
    [[nodiscard]] std::string const& trouble() const { return trouble_; }
    [[nodiscard]] std::size_t changes_waiting() const { return writer_->waiting(); }
    [[nodiscard]] std::size_t searches_waiting() const { return readers_->waiting(); }

private:
    void note(Record const& record);
    void changes_done(std::vector<CatalogueReport>& reports);
    void reader_reports(ReaderReport& report);

    boost::asio::io_context& io_;
    Options options_;
    Host host_;
    bool stopped_ = false;
    EntryLedger ledger_;
    catalogue::CatalogueSize size_;
    std::string trouble_;
    std::string members_kept_;  // as last written
    std::unique_ptr<catalogue::Catalogue> catalogue_;
    std::unique_ptr<CatalogueThread> writer_;
    std::unique_ptr<ReaderPool> readers_;
};

}  // namespace praline::index::server
