#include "transfer/upload/shared_fd.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "transfer/content/open_beneath.hpp"

namespace praline::upload {
namespace {

std::int64_t nanoseconds(timespec const& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

}  // namespace

std::optional<SharedFd> SharedFd::open(HashedFile expected) {
    // O_NONBLOCK: a pipe that took the place of the file must not hold up the node.
    int const fd = content::open_shared(expected.root, expected.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return std::nullopt;
    SharedFd file{fd, std::move(expected)};
    if (!file.is_unchanged()) return std::nullopt;
    return file;
}

SharedFd::~SharedFd() {
    if (fd_ >= 0) ::close(fd_);
}

bool SharedFd::read(std::uint64_t at, std::span<char> out) const {
    while (!out.empty()) {
        auto const count = ::pread(fd_, out.data(), out.size(), static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        at += static_cast<std::uint64_t>(count);
        out = out.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

bool SharedFd::is_unchanged() const {
    struct stat facts {};
    if (::fstat(fd_, &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
    if (expected_.growing) return facts.st_nlink > 0;
    return static_cast<std::uint64_t>(facts.st_size) == expected_.size_bytes &&
           nanoseconds(facts.st_mtim) == expected_.mtime_ns && nanoseconds(facts.st_ctim) == expected_.ctime_ns &&
           (expected_.inode == 0 || facts.st_ino == expected_.inode);
}

}  // namespace praline::upload
