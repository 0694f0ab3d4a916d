#include "transfer/upload/shared_fd.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace praline::upload {

std::optional<SharedFd> SharedFd::open(std::string const& path, std::uint64_t size_bytes, std::int64_t mtime_ns) {
    // O_NONBLOCK: a pipe that took the place of the file must not hold up the node.
    int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return std::nullopt;
    SharedFd file{fd, size_bytes, mtime_ns};
    if (!file.is_unchanged()) return std::nullopt;
    return file;
}

SharedFd::~SharedFd() {
    if (fd_ >= 0) ::close(fd_);
}

bool SharedFd::is_unchanged() const {
    struct stat facts{};
    if (::fstat(fd_, &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
    auto const mtime_ns = std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec;
    return static_cast<std::uint64_t>(facts.st_size) == size_bytes_ && mtime_ns == mtime_ns_;
}

}  // namespace praline::upload
