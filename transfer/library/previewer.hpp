#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "transfer/library/preview.hpp"

namespace praline::library {

/// Looks at folders on a thread of its own, one at a time, and keeps what it saw for a while.
class Previewer {
public:
    explicit Previewer(std::string data_folder) : data_folder_{std::move(data_folder)} {}
    ~Previewer();  ///< a look under way ends soon
    Previewer(Previewer const&) = delete;
    Previewer& operator=(Previewer const&) = delete;

    /// Empty: the look has begun; ask again. What is older than `preview_kept` is looked at anew.
    /// @threads any; never waits for the disk
    [[nodiscard]] std::optional<Preview> ask(std::string const& path);

private:
    using Clock = std::chrono::steady_clock;
    struct Entry {
        std::optional<Preview> preview;  ///< empty: waits, or is being looked at
        Clock::time_point at{};
    };
    void run();
    void make_room();

    std::string const data_folder_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::map<std::string, Entry> entries_;
    std::deque<std::string> waiting_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;  ///< begins with the first question
};

}  // namespace praline::library
