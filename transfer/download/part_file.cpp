#include "transfer/download/part_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "transfer/download/limits.hpp"
#include "transfer/download/safe_name.hpp"

namespace praline::download {

namespace {

/// Large writes make newer kernels look for large pieces of memory, which on a virtual machine the host has often not
/// given yet: 1 MiB at a time took three times as long as this.
constexpr std::size_t write_bytes_max = 16 * 1024;

int open_retrying(std::string const& path, int flags) {
    for (;;) {
        int const fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd >= 0 || errno != EINTR) return fd;
    }
}

int sync_directory(std::string const& directory) {
    int const fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno;
    int const error = ::fsync(fd) == 0 ? 0 : errno;
    ::close(fd);
    return error;
}

bool is_same_file(std::string const& left, std::string const& right) {
    struct stat one {
    }, other{};
    return ::lstat(left.c_str(), &one) == 0 && ::lstat(right.c_str(), &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

/// A second name. 0 also if it has that name already, EEXIST when another file has it.
int name_too(std::string const& from, std::string const& to) {
    if (::link(from.c_str(), to.c_str()) == 0) return 0;
    int const error = errno;
    return error == EEXIST && is_same_file(from, to) ? 0 : error;
}

bool has_one_name_only(int error) {
    return error == EPERM || error == EOPNOTSUPP || error == EMLINK || error == ENOSYS;
}

/// 0, or EEXIST when the name is taken.
int move_without_replacing(std::string const& from, std::string const& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    // A file system that cannot promise it: a second name instead, which never replaces one either.
    if (::link(from.c_str(), to.c_str()) != 0) return errno;
    ::unlink(from.c_str());
    return 0;
}

int copy(std::string const& from, std::string const& to) {
    int error = 0;
    auto const source = PartFile::open(from, {}, error);
    if (!source) return error;
    ::unlink(to.c_str());
    auto const target = PartFile::open(to, {}, error);
    if (!target) return error;
    std::error_code size_error;
    auto const size = std::filesystem::file_size(from, size_error);
    if (size_error) return size_error.value();
    std::vector<std::byte> block(block_bytes);
    for (std::uint64_t at = 0; at < size && error == 0; at += block_bytes) {
        auto const part =
            std::span{block}.first(static_cast<std::size_t>(std::min<std::uint64_t>(block_bytes, size - at)));
        error = source->read(at, part);
        if (error == 0) error = target->write(at, part);
    }
    if (error == 0) error = target->sync();
    if (error != 0) ::unlink(to.c_str());
    return error;
}

/// What an earlier life has copied to another disk, and was killed before it could say so.
bool is_copy_elsewhere(std::string const& part, std::string const& other) {
    struct stat ours {
    }, theirs{};
    if (::stat(part.c_str(), &ours) != 0 || ::lstat(other.c_str(), &theirs) != 0) return false;
    bool const may_be = S_ISREG(theirs.st_mode) && ours.st_dev != theirs.st_dev && ours.st_size == theirs.st_size;
    if (!may_be) return false;
    std::ifstream one{part, std::ios::binary}, two{other, std::ios::binary};
    std::vector<char> left(block_bytes), right(block_bytes);
    for (auto rest = static_cast<std::uint64_t>(ours.st_size); rest > 0;) {
        auto const count = static_cast<std::streamsize>(std::min<std::uint64_t>(block_bytes, rest));
        if (!one.read(left.data(), count) || !two.read(right.data(), count)) return false;
        if (!std::equal(left.begin(), left.begin() + count, right.begin())) return false;
        rest -= static_cast<std::uint64_t>(count);
    }
    return true;
}

}  // namespace

std::shared_ptr<PartFile> PartFile::open(std::string const& path, FaultHook hook, int& error) {
    int const fd = open_retrying(path, O_RDWR | O_CREAT);
    error = fd < 0 ? errno : 0;
    if (fd < 0) return nullptr;
    return std::make_shared<PartFile>(fd, std::move(hook));
}

PartFile::~PartFile() { ::close(fd_); }

int PartFile::write(std::uint64_t at, ByteView bytes) const {
    if (hook_)
        if (int const fault = hook_(bytes.size())) return fault;
    while (!bytes.empty()) {
        auto const count = ::pwrite(fd_, bytes.data(), std::min(bytes.size(), write_bytes_max), static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        if (count == 0) return EIO;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        at += static_cast<std::uint64_t>(count);
    }
    return 0;
}

int PartFile::read(std::uint64_t at, std::span<std::byte> into) const {
    while (!into.empty()) {
        auto const count = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        if (count == 0) return ENODATA;
        into = into.subspan(static_cast<std::size_t>(count));
        at += static_cast<std::uint64_t>(count);
    }
    return 0;
}

int PartFile::sync() const { return ::fsync(fd_) == 0 ? 0 : errno; }

void PartFile::begin_writeback(std::uint64_t at, std::uint64_t bytes) const {
    static_cast<void>(::sync_file_range(fd_, static_cast<off_t>(at), static_cast<off_t>(bytes), SYNC_FILE_RANGE_WRITE));
}

bool PartFile::may_hold(std::uint64_t at, std::uint64_t bytes) const {
    auto const data = ::lseek(fd_, static_cast<off_t>(at), SEEK_DATA);
    if (data < 0) return errno != ENXIO;
    return static_cast<std::uint64_t>(data) < at + bytes;
}

int PartFile::cut_to(std::uint64_t bytes) const { return ::ftruncate(fd_, static_cast<off_t>(bytes)) == 0 ? 0 : errno; }

Placed place(std::string const& part, std::string const& directory, std::string const& safe_name) {
    if (int const error = make_directories(directory)) return {{}, error};
    std::string from = part;
    for (unsigned number = 1; number <= numbered_names_max;) {
        auto const to = directory + "/" + numbered_name(safe_name, number);
        int error = from == part ? name_too(from, to) : move_without_replacing(from, to);
        if (from == part && has_one_name_only(error)) error = move_without_replacing(from, to);
        if (error == 0) {
            sync_directory(directory);
            return {to, 0};
        }
        if (error == EEXIST) {
            if (is_copy_elsewhere(part, to)) return {to, 0};
            ++number;
        } else if (error == EXDEV && from == part) {
            std::error_code unknown;
            auto const size = std::filesystem::file_size(part, unknown);
            auto const free = free_bytes(directory);
            if (!unknown && free && *free < size) return {{}, ENOSPC};
            auto const name = part.substr(part.rfind('/') + 1);
            from = directory + "/." + name;
            if (int const failed = copy(part, from)) return {{}, failed};
        } else {
            return {{}, error};
        }
    }
    return {{}, EEXIST};
}

int make_directories(std::string const& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return 0;
    std::filesystem::path whole;
    for (auto const& step : std::filesystem::path{path}) {
        whole /= step;
        if (::mkdir(whole.c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR) return errno;
    }
    return std::filesystem::is_directory(path, error) ? 0 : ENOTDIR;
}

std::optional<std::uint64_t> free_bytes(std::string const& path) {
    struct statvfs facts {};
    if (::statvfs(path.c_str(), &facts) != 0) return std::nullopt;
    return std::uint64_t{facts.f_bavail} * facts.f_frsize;
}

std::string disk_sentence(std::string const& path, int error) {
    if (error == ENOSPC || error == EDQUOT)
        return "The disk holding " + path + " is full; the download goes on when there is room.";
    if (error == ENOTDIR || error == EEXIST)
        return "The folder " + path +
               " cannot be made: something else has its name, or that of a folder above it. The download goes on when "
               "that is moved away, or when another folder is named.";
    if (error == EROFS)
        return "The disk holding " + path + " is read-only; the download goes on when it can be written to again.";
    return "The disk holding " + path + " does not take what is written (" + std::strerror(error) +
           "); the download goes on when it does.";
}

}  // namespace praline::download
