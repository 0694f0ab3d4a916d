#include "transfer/library/watcher.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <poll.h>
#include <set>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {
namespace {

constexpr std::uint32_t wanted = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_CREATE | IN_DELETE_SELF |
                                 IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;

/// A file that was only just made is still being written; its end is another event.
bool matters(inotify_event const& event) { return !(event.mask & IN_CREATE) || (event.mask & IN_ISDIR); }

}  // namespace

Watcher::Watcher(Callbacks callbacks)
    : callbacks_{std::move(callbacks)}, inotify_{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)},
      stop_{::eventfd(0, EFD_CLOEXEC)} {
    if (inotify_ >= 0 && stop_ >= 0) {
        thread_ = std::thread{[this] { run(); }};
    } else if (inotify_ >= 0) {
        ::close(inotify_);
        inotify_ = -1;
    }
}

Watcher::~Watcher() {
    if (thread_.joinable()) {
        std::uint64_t const one = 1;
        while (::write(stop_, &one, sizeof one) < 0 && errno == EINTR) {}
        thread_.join();
    }
    if (inotify_ >= 0) ::close(inotify_);
    if (stop_ >= 0) ::close(stop_);
}

bool Watcher::watch(std::string const& folder) {
    if (inotify_ < 0) return false;
    std::lock_guard const lock{mutex_};
    auto const known = watches_.find(folder);
    if (known == watches_.end() && watches_.size() >= watches_max) return false;
    int const watch = ::inotify_add_watch(inotify_, folder.c_str(), wanted);
    // A folder that has gone or may not be read is no reason to say that watching does not work.
    if (watch < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
    if (known != watches_.end() && known->second != watch) folders_.erase(known->second);
    // A folder that was moved keeps its watch; its new name replaces the old one.
    if (auto const old = folders_.find(watch); old != folders_.end() && old->second != folder) watches_.erase(old->second);
    folders_[watch] = folder;
    watches_[folder] = watch;
    return true;
}

void Watcher::forget(std::string const& folder) {
    std::lock_guard const lock{mutex_};
    for (auto at = watches_.lower_bound(folder); at != watches_.end() && at->first.starts_with(folder);) {
        if (!is_within(at->first, folder)) {
            ++at;
            continue;
        }
        ::inotify_rm_watch(inotify_, at->second);
        folders_.erase(at->second);
        at = watches_.erase(at);
    }
}

void Watcher::run() {
    alignas(inotify_event) std::array<char, 64 * 1024> buffer;
    for (;;) {
        std::array<pollfd, 2> ready{{{inotify_, POLLIN, 0}, {stop_, POLLIN, 0}}};
        if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
        if (ready[1].revents != 0) return;
        ssize_t const size = ::read(inotify_, buffer.data(), buffer.size());
        if (size > 0) take_events(buffer.data(), static_cast<std::size_t>(size));
    }
}

void Watcher::take_events(char const* data, std::size_t size) {
    std::set<std::string> changed;
    bool lost = false;
    {
        std::lock_guard const lock{mutex_};
        for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
            inotify_event event;
            std::memcpy(&event, data + at, sizeof event);
            at += sizeof event + event.len;
            if (event.mask & IN_Q_OVERFLOW) lost = true;
            auto const folder = folders_.find(event.wd);
            if (folder == folders_.end()) continue;
            if (event.mask & IN_IGNORED) {
                watches_.erase(folder->second);
                folders_.erase(folder);
            } else if (matters(event)) {
                changed.insert(folder->second);
            }
        }
    }
    if (lost) callbacks_.overflow();
    for (std::string const& folder : changed) callbacks_.changed(folder);
}

}  // namespace praline::library
