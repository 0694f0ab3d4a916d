#include "transfer/content/open_beneath.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string_view>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "transfer/content/limits.hpp"

namespace praline::content {
namespace {

/// Closes a descriptor and keeps the `errno` that the caller is about to report.
class Handle {
public:
    explicit Handle(int handle) : handle_{handle} {}
    ~Handle() {
        int const kept = errno;
        if (handle_ >= 0) ::close(handle_);
        errno = kept;
    }
    Handle(Handle const&) = delete;
    Handle& operator=(Handle const&) = delete;
    [[nodiscard]] int get() const { return handle_; }
    void replace(int handle) {
        if (handle_ >= 0) ::close(handle_);
        handle_ = handle;
    }

private:
    int handle_;
};

int refuse(int number) {
    errno = number;
    return -1;
}

bool kernel_lacks_it(int error) { return error == ENOSYS || error == EPERM || error == EINVAL || error == E2BIG; }

/// One call of the kernel. Empty: it lacks that, or a sandbox forbids it.
std::optional<int> open_by_kernel(std::string const& path, int flags) {
    static std::atomic<bool> missing = false;
    if (missing) return std::nullopt;
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
    how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    for (int attempt = 0; attempt < open_attempts_max; ++attempt) {
        auto const opened = ::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how);
        if (opened >= 0) return static_cast<int>(opened);
        // EAGAIN: something on the way was renamed meanwhile, and the kernel cannot say where the path leads.
        if (errno != EAGAIN && errno != EINTR) break;
    }
    if (errno == ENOSYS) missing = true;
    if (kernel_lacks_it(errno)) return std::nullopt;
    return -1;
}

}  // namespace

int open_by_components(int from, std::string const& relative, int flags) {
    if (relative.empty() || relative.front() == '/') return refuse(relative.empty() ? ENOENT : EXDEV);
    Handle folder{-1};
    std::string_view rest = relative;
    for (;;) {
        auto const slash = rest.find('/');
        std::string const name{rest.substr(0, slash)};
        bool const last = slash == std::string_view::npos;
        if (name == "..") return refuse(EXDEV);
        if (name.empty() && !last) {
            rest.remove_prefix(1);
            continue;
        }
        int const at = folder.get() >= 0 ? folder.get() : from;
        int const wanted = last ? flags | O_CLOEXEC | O_NOFOLLOW : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
        int const next = ::openat(at, name.empty() ? "." : name.c_str(), wanted);
        if (next < 0 || last) return next;
        folder.replace(next);
        rest.remove_prefix(slash + 1);
    }
}

int open_without_links(std::string const& path, int flags) {
    if (path.empty() || path.front() != '/') return refuse(EINVAL);
    if (path == "/") return ::open("/", flags | O_CLOEXEC);
    if (auto const opened = open_by_kernel(path, flags)) return *opened;
    Handle const root{::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (root.get() < 0) return -1;
    return open_by_components(root.get(), path.substr(1), flags);
}

int open_shared(std::string const& root, std::string const& path, int flags) {
    if (path == root) return open_without_links(root, flags);
    std::string const start = root.ends_with('/') ? root : root + '/';
    if (!path.starts_with(start)) return refuse(EXDEV);
    if (path == start) return refuse(ENOENT);
    // Without links, nothing but such a component leads out of the folder.
    for (auto at = start.size(); at < path.size();) {
        auto const end = std::min(path.find('/', at), path.size());
        if (path.compare(at, end - at, "..") == 0) return refuse(EXDEV);
        at = end + 1;
    }
    return open_without_links(path, flags);
}

}  // namespace praline::content
