#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

namespace praline::library {

/// Tells which folders have changed (inotify). Not a promise: what it misses the sweep finds.
/// @threads `watch` and `forget` from any; the callbacks come on a thread of its own.
class Watcher {
public:
    struct Callbacks {
        std::function<void(std::string const& folder)> changed;
        std::function<void()> overflow;  ///< events were lost: look at everything
    };
    explicit Watcher(Callbacks callbacks);
    ~Watcher();
    Watcher(Watcher const&) = delete;
    Watcher& operator=(Watcher const&) = delete;

    /// False: there can be no more watches (or none at all), and this folder is left to the sweep.
    bool watch(std::string const& folder);
    /// The folder and everything in it.
    void forget(std::string const& folder);
    [[nodiscard]] bool works() const { return inotify_ >= 0; }

private:
    void run();
    void take_events(char const* data, std::size_t size);

    Callbacks callbacks_;
    int inotify_ = -1;
    int stop_ = -1;  ///< readable when the thread is to end
    std::mutex mutex_;
    std::unordered_map<int, std::string> folders_;
    std::map<std::string, int> watches_;
    std::thread thread_;
};

}  // namespace praline::library
