#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "index/catalogue/catalogue.hpp"

/// Threads that search the catalogue, each with a reader of its own.
namespace praline::index {

struct SearchTask { std::uint64_t number = 0; Query query; };
struct SearchDone { std::uint64_t number = 0; Answer answer; std::string trouble; };   ///< trouble: a sentence, and no answer
struct SizeKnown { CatalogueSize size; };
using ReaderReport = std::variant<SearchDone, SizeKnown>;

class ReaderPool {
public:
    /// @param report  called on the threads.
    ReaderPool(std::vector<std::unique_ptr<CatalogueReader>> readers, std::size_t waiting_max, std::function<void(ReaderReport)> report);
    ~ReaderPool();
    /// False: too many are waiting.
    [[nodiscard]] bool search(SearchTask task);
    /// Looks how large the catalogue is; nothing is reported when the disk refuses.
    void measure();
    [[nodiscard]] std::size_t waiting() const;
    /// Ends what is under way; what waits stays unanswered.
    void stop();

private:
    void run(CatalogueReader& reader);

    std::vector<std::unique_ptr<CatalogueReader>> readers_;
    std::size_t waiting_max_;
    std::function<void(ReaderReport)> report_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<SearchTask> queue_;
    bool measure_ = false, stopped_ = false;
    std::vector<std::thread> threads_;       ///< last: they use everything above
};

}  // namespace praline::index
