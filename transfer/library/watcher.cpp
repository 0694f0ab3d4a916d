#include "transfer/library/watcher.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {
namespace {

constexpr std::uint32_t wanted = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_CREATE | IN_DELETE_SELF |
                                 IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;

/// A file that was only just made is still being written, and its end is another event: unless it was there all the time
/// under another name (a hard link) or was written before it was given one.
bool is_written(std::string const& path) {
    struct stat state {};
    return ::lstat(path.c_str(), &state) == 0 && S_ISREG(state.st_mode) && state.st_size > 0;
}

/// Also by two ways, as through a mount that shows a folder at another place.
bool is_same_folder(std::string const& one, std::string const& other) {
    struct stat left {
    }, right{};
    return ::lstat(one.c_str(), &left) == 0 && ::lstat(other.c_str(), &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

bool matters(inotify_event const& event, std::string const& folder, std::string const& name) {
    return !(event.mask & IN_CREATE) || (event.mask & IN_ISDIR) || is_written(folder + '/' + name);
}

void note(inotify_event const& event, std::string path, std::vector<FileEvent>& out) {
    if (event.mask & IN_ISDIR) return;
    // Besides its times and rights: a program that closes it may have written by a mapping, which changes nothing else here.
    if (event.mask & (IN_ATTRIB | IN_CLOSE_WRITE | IN_DELETE | IN_CREATE))
        out.push_back({FileEvent::Kind::touched, std::move(path), 0});
    else if (event.mask & IN_MOVED_FROM)
        out.push_back({FileEvent::Kind::moved_from, std::move(path), event.cookie});
    else if (event.mask & IN_MOVED_TO)
        out.push_back({FileEvent::Kind::moved_to, std::move(path), event.cookie});
}

}  // namespace

Watcher::Watcher(Callbacks callbacks)
    : callbacks_{std::move(callbacks)},
      inotify_{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)},
      mounts_{::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)},
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
    if (mounts_ >= 0) ::close(mounts_);
    if (stop_ >= 0) ::close(stop_);
}

bool Watcher::watch(std::string const& folder) {
    if (inotify_ < 0) return false;
    std::unique_lock lock{mutex_};
    auto const known = watches_.find(folder);
    if (known == watches_.end() && watches_.size() >= watches_max) return false;
    int const watch = ::inotify_add_watch(inotify_, folder.c_str(), wanted);
    // A folder that has gone or may not be read is no reason to say that watching does not work.
    if (watch < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
    if (known != watches_.end() && known->second != watch) folders_.erase(known->second);
    // A folder that was moved keeps its watch; its new name replaces the old one.
    std::string former;
    if (auto const old = folders_.find(watch); old != folders_.end() && old->second != folder) {
        former = old->second;
        watches_.erase(former);
    }
    folders_[watch] = folder;
    watches_[folder] = watch;
    lock.unlock();
    // The event that tells of the move may not have been read yet, and is taken for one of the new name then.
    if (!former.empty() && !is_same_folder(former, folder)) callbacks_.changed({former}, {});
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
        std::array<pollfd, 3> ready{{{inotify_, POLLIN, 0}, {stop_, POLLIN, 0}, {mounts_, POLLPRI, 0}}};
        if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
        if (ready[1].revents != 0) return;
        if ((ready[2].revents & (POLLPRI | POLLERR)) != 0) callbacks_.mounts_changed();
        ssize_t const size = ::read(inotify_, buffer.data(), buffer.size());
        if (size > 0) take_events(buffer.data(), static_cast<std::size_t>(size));
    }
}

void Watcher::take_events(char const* data, std::size_t size) {
    std::set<std::string> changed;
    std::vector<FileEvent> events;
    bool lost = false;
    {
        std::lock_guard const lock{mutex_};
        for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
            inotify_event event;
            std::memcpy(&event, data + at, sizeof event);
            // Padded with zeros: the name ends at the first.
            std::string const name{event.len > 0 ? data + at + sizeof event : ""};
            at += sizeof event + event.len;
            if (event.mask & IN_Q_OVERFLOW) lost = true;
            auto const folder = folders_.find(event.wd);
            if (folder == folders_.end()) continue;
            if (event.mask & IN_IGNORED) {
                watches_.erase(folder->second);
                folders_.erase(folder);
                continue;
            }
            if (!name.empty()) note(event, folder->second + '/' + name, events);
            if (matters(event, folder->second, name)) changed.insert(folder->second);
        }
    }
    if (lost) callbacks_.overflow();
    if (!changed.empty() || !events.empty()) callbacks_.changed(changed, std::move(events));
}

}  // namespace praline::library
