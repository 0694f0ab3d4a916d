#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace praline::upload {

/// A file opened to be sent, which must be and stay what was hashed. @threads one at a time; blocks as files do.
class SharedFd {
public:
    /// Empty: not a file that can be read, or not of this size and time any more.
    [[nodiscard]] static std::optional<SharedFd> open(std::string const& path, std::uint64_t size_bytes, std::int64_t mtime_ns);
    SharedFd(SharedFd&& other) noexcept
        : fd_{std::exchange(other.fd_, -1)}, size_bytes_{other.size_bytes_}, mtime_ns_{other.mtime_ns_} {}
    SharedFd& operator=(SharedFd&&) = delete;
    ~SharedFd();
    [[nodiscard]] bool is_unchanged() const;
    [[nodiscard]] int get() const { return fd_; }

private:
    SharedFd(int fd, std::uint64_t size_bytes, std::int64_t mtime_ns)
        : fd_{fd}, size_bytes_{size_bytes}, mtime_ns_{mtime_ns} {}
    int fd_;
    std::uint64_t size_bytes_;
    std::int64_t mtime_ns_;
};

}  // namespace praline::upload
