#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "index/catalogue/catalogue.hpp"
#include "index/server/fair_queue.hpp"

/// Threads that search the catalogue, each with a reader of its own. Searches of different addresses are served in turn.
namespace praline::index::server {

struct SearchTask {
    std::uint64_t number = 0;
    Query query;
    AddressPrefix address;
};  ///< who asks; of 0.0.0.0: other servers
/// trouble: a sentence, and no answer. evicted: it waited, and its place went to an address that has fewer waiting.
struct SearchDone {
    std::uint64_t number = 0;
    Answer answer;
    std::string trouble;
    bool evicted = false;
};
struct SizeKnown {
    catalogue::CatalogueSize size;
};
using ReaderReport = std::variant<SearchDone, SizeKnown>;

class ReaderPool {
public:
    using Waiting = FairQueue<AddressPrefix, SearchTask>;

    /// @param report  called on the threads, and by `search` for the task that it evicts.
    ReaderPool(std::vector<std::unique_ptr<catalogue::CatalogueReader>> readers, Waiting::Limits waiting,
               std::function<void(ReaderReport)> report);
    ~ReaderPool();
    /// False: too many are waiting, in all or of that address.
    [[nodiscard]] bool search(SearchTask task);
    /// Looks how large the catalogue is; nothing is reported when the disk refuses.
    void measure();
    [[nodiscard]] std::size_t waiting() const;
    /// Ends what is under way; what waits stays unanswered.
    void stop();

private:
    void run(catalogue::CatalogueReader& reader);

    std::vector<std::unique_ptr<catalogue::CatalogueReader>> readers_;
    std::function<void(ReaderReport)> report_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    Waiting queue_;
    bool measure_ = false, stopped_ = false;
    std::vector<std::thread> threads_;  ///< last: they use everything above
};

}  // namespace praline::index::server
