#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "index/catalogue/catalogue.hpp"
#include "index/replica/replica.hpp"

/// The one thread that changes the catalogue, in the order in which it is told to. What queued up meanwhile is
/// written together and reported together. When there is nothing to do it takes away what was hidden, a slice at a time.
namespace praline::index::server {

struct Keep {
    std::string key, value;
};
using CatalogueTask = std::variant<replica::Apply, replica::Adopt, replica::Hide, replica::StageCopy,
                                   replica::ForgetCopy, replica::ReadEntries, Keep>;

/// Of an `Apply`, or the last part of a copy.
struct Wrote {
    replica::Ticket ticket;
    PublisherId publisher;
    std::optional<Record> record;  ///< as it is now; empty: as it was
    bool fits = true, too_many = false;
    std::string trouble;  ///< a sentence: the disk refused, nothing was changed
};
/// The disk refuses, as a sentence, or (empty) works again.
struct CatalogueTrouble {
    std::string sentence;
};
using CatalogueReport = std::variant<Wrote, replica::EntriesRead, CatalogueTrouble>;

class CatalogueThread {
public:
    static constexpr std::size_t batch_tasks = 32;         ///< done and reported together
    static constexpr std::size_t purge_entries = 500;      ///< of one slice
    static constexpr std::chrono::seconds retry_after{1};  ///< after the disk has refused to hide something

    /// @param report  called on the thread, with the reports in the order of their tasks.
    CatalogueThread(std::unique_ptr<catalogue::CatalogueWriter> writer,
                    std::unique_ptr<catalogue::CatalogueReader> reader,
                    std::function<void(std::vector<CatalogueReport>)> report);
    ~CatalogueThread();
    void push(CatalogueTask task);
    [[nodiscard]] std::size_t waiting() const;
    /// Ends what it is at; what was not begun stays undone.
    void stop();

private:
    void run();
    void do_all(std::vector<CatalogueTask> const& tasks);
    bool attempt_together(std::span<CatalogueTask const> tasks, std::vector<CatalogueReport>& reports);
    void attempt(CatalogueTask const& task, std::vector<CatalogueReport>& reports);
    void act(replica::Apply const& task, std::vector<CatalogueReport>& reports);
    void act(replica::Adopt const& task, std::vector<CatalogueReport>& reports);
    void act(replica::Hide const& task, std::vector<CatalogueReport>& reports);
    void act(replica::StageCopy const& task, std::vector<CatalogueReport>& reports);
    void act(replica::ForgetCopy const& task, std::vector<CatalogueReport>& reports);
    void act(replica::ReadEntries const& task, std::vector<CatalogueReport>& reports);
    void act(Keep const& task, std::vector<CatalogueReport>& reports);
    void use_idle_time();
    void tell_trouble(std::string const& sentence);

    std::unique_ptr<catalogue::CatalogueWriter> writer_;
    std::unique_ptr<catalogue::CatalogueReader> reader_;
    std::function<void(std::vector<CatalogueReport>)> report_;

    // the thread's own
    std::map<PublisherId, replica::Hide>
        to_hide_;  ///< what the disk would not hide; tried again until the publisher changes
    std::map<PublisherId, std::string> broken_copies_;  ///< a part of it was refused: the last part must not commit it
    std::string trouble_;
    bool may_purge_ = true;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<CatalogueTask> queue_;
    std::size_t under_way_ = 0;
    bool stopped_ = false;
    std::thread thread_;  ///< last: it uses everything above
};

}  // namespace praline::index::server
