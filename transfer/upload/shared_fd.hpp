#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace praline::upload {

/// A file as it was when it was hashed.
struct HashedFile {
    std::string root;  ///< the shared folder: nothing outside is opened, and no link is followed
    std::string path;  ///< absolute, in the root
    std::uint64_t size_bytes = 0;
    std::int64_t mtime_ns = 0;
    std::int64_t ctime_ns = 0;  ///< whatever writes to a file changes it, also when it sets the mtime back
    std::uint64_t inode = 0;    ///< 0: its file system makes numbers up, they are not compared
    bool growing = false;       ///< a partial file: it is written to, and is unchanged until it is deleted
};

/// A file opened to be sent, which must be and stay what was hashed. @threads one at a time; blocks as files do.
class SharedFd {
public:
    /// Empty: not a file that can be read, or met by way of a link, or not as it was when it was hashed.
    [[nodiscard]] static std::optional<SharedFd> open(HashedFile expected);
    SharedFd(SharedFd&& other) noexcept : fd_{std::exchange(other.fd_, -1)}, expected_{std::move(other.expected_)} {}
    SharedFd& operator=(SharedFd&&) = delete;
    ~SharedFd();
    [[nodiscard]] bool is_unchanged() const;
    /// Fills `out` with the bytes from `at` on. False: it cannot be read, or has no so many bytes.
    [[nodiscard]] bool read(std::uint64_t at, std::span<char> out) const;
    [[nodiscard]] int get() const { return fd_; }

private:
    SharedFd(int fd, HashedFile expected) : fd_{fd}, expected_{std::move(expected)} {}
    int fd_;
    HashedFile expected_;
};

}  // namespace praline::upload
