#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "index/catalogue/catalogue.hpp"
#include "index/server/fair_queue.hpp"

namespace boost::asio {
class thread_pool;
}

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
    /// Ends what is under way, and joins the threads; what waits stays unanswered.
    void stop();

private:
    void serve_one();
    void answer(catalogue::CatalogueReader& reader, SearchTask const& task) const;
    void tell_size(catalogue::CatalogueReader& reader) const;

    std::function<void(ReaderReport)> report_;
    mutable std::mutex mutex_;
    Waiting queue_;
    /// As many as threads, so that one that runs finds one. The last used is the next one: its cache is warm.
    std::vector<std::unique_ptr<catalogue::CatalogueReader>> free_readers_;
    bool measure_ = false, stopped_ = false;
    std::unique_ptr<boost::asio::thread_pool> threads_;  ///< last: they use everything above
};

}  // namespace praline::index::server
