#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "transfer/library/file_event.hpp"

namespace praline::library {

/// Reports which folders have changed, and what happened to single files (inotify). Not a promise: what it misses the sweep finds.
/// @threads `watch` and `forget` from any; the callbacks come on a thread of its own, `changed` also from within `watch`.
class Watcher {
public:
    struct Callbacks {
        /// Folders to look at, and what happened to files in them, in order.
        std::function<void(std::set<std::string> const& folders, std::vector<FileEvent> events)> changed;
        std::function<void()> overflow;        ///< events were lost: look at everything
        std::function<void()> mounts_changed;  ///< a disk was mounted or taken out, somewhere on this machine
    };
    explicit Watcher(Callbacks callbacks);
    ~Watcher();
    Watcher(Watcher const&) = delete;
    Watcher& operator=(Watcher const&) = delete;

    /// Where a folder that was moved here was watched before is told to `changed`: another one may be there by now.
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
    int mounts_ = -1;  ///< the table of mounts: the kernel reports changes of it; -1: there is none
    int stop_ = -1;    ///< readable when the thread is to end
    std::mutex mutex_;
    std::unordered_map<int, std::string> folders_;
    std::map<std::string, int> watches_;
    std::thread thread_;
};

}  // namespace praline::library
