#include "tools/simulate/report/output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace praline::simulate::report {
namespace {

constexpr mode_t new_file_mode = 0666;  // less what the umask takes
constexpr unsigned names_tried_max = 100;

struct Temporary {
    int fd = -1;
    std::string path;
};

/// A new file beside `target`. Empty: errno says why not.
std::optional<Temporary> create_beside(std::string const& target, mode_t mode) {
    for (unsigned number = 0; number < names_tried_max; ++number) {
        auto path = target + ".new-" + std::to_string(::getpid()) + '-' + std::to_string(number);
        int const fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (fd >= 0) return Temporary{fd, std::move(path)};
        if (errno != EEXIST) return std::nullopt;
    }
    return std::nullopt;
}

/// @return 0, or what went wrong.
int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        auto const count = ::write(fd, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

}  // namespace

OutputFile::OutputFile(std::string path) : path_{std::move(path)}, target_{path_} {
    if (path_.empty()) return;
    std::error_code unresolved;
    if (auto const resolved = std::filesystem::canonical(path_, unresolved); !unresolved) target_ = resolved.string();
    struct stat facts {};
    if (::stat(target_.c_str(), &facts) == 0) {
        if (S_ISDIR(facts.st_mode)) fail(EISDIR);
        if (::access(target_.c_str(), W_OK) != 0) fail(errno);
        special_ = !S_ISREG(facts.st_mode);
        if (special_) return;
    }
    auto const trial = create_beside(target_, new_file_mode);
    if (!trial) fail(errno);
    ::close(trial->fd);
    ::unlink(trial->path.c_str());
}

void OutputFile::write(std::string_view text) const {
    if (path_.empty()) return;
    if (special_) {
        int const fd = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0) fail(errno);
        int const error = write_all(fd, text);
        ::close(fd);
        if (error != 0) fail(error);
        return;
    }
    auto const fresh = create_beside(target_, new_file_mode);
    if (!fresh) fail(errno);
    int error = write_all(fresh->fd, text);
    // A file that is replaced keeps its permissions.
    struct stat facts {};
    if (::stat(target_.c_str(), &facts) == 0 && ::fchmod(fresh->fd, facts.st_mode & 07777U) != 0 && error == 0)
        error = errno;
    if (::close(fresh->fd) != 0 && error == 0) error = errno;
    if (error == 0 && ::rename(fresh->path.c_str(), target_.c_str()) != 0) error = errno;
    if (error == 0) return;
    ::unlink(fresh->path.c_str());
    fail(error);
}

void OutputFile::fail(int error) const {
    throw std::runtime_error{"cannot write " + path_ + ": " + std::strerror(error) +
                             ". Name another file, or make room for this one."};
}

void flush_output() {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
    throw std::runtime_error{std::string{"what was printed could not be written: "} + std::strerror(errno)};
}

}  // namespace praline::simulate::report
