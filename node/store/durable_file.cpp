#include "node/store/durable_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "node/base/text.hpp"

namespace praline::store {
namespace {

std::runtime_error trouble(std::string const& what) {
    return std::runtime_error{what + ": " + std::strerror(errno) + "."};
}

}  // namespace

void write_file_durably(std::string const& path, std::string const& content, unsigned mode) {
    std::string const temporary = path + ".new";
    int const file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, static_cast<mode_t>(mode));
    if (file < 0) throw trouble("The file " + temporary + " cannot be written");
    std::size_t done = 0;
    while (done < content.size()) {
        auto const count = ::write(file, content.data() + done, content.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            int const why = errno;
            ::close(file);
            errno = why;
            throw trouble("The file " + temporary + " cannot be written");
        }
        done += static_cast<std::size_t>(count);
    }
    bool const synced = ::fsync(file) == 0;
    ::close(file);
    if (!synced || ::rename(temporary.c_str(), path.c_str()) != 0)
        throw trouble("The file " + path + " cannot be written");
}

std::optional<std::string> read_small_file(std::string const& path) {
    std::ifstream in{path, std::ios::binary};
    if (!in) return std::nullopt;
    try {
        std::string text{std::istreambuf_iterator<char>{in}, {}};
        return std::string{trim(text)};
    } catch (std::ios_base::failure const&) {  // a folder can be opened, and not be read
        std::error_code unknown;
        auto const why = std::filesystem::is_directory(path, unknown) ? "it is a folder" : "its disk does not give it";
        throw std::runtime_error{"The file " + path + " cannot be read: " + why + ". Move it away and start again."};
    }
}

std::optional<FileLock> FileLock::try_take(std::string const& path) {
    int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) throw trouble("The file " + path + " cannot be used");
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return FileLock{file};
    int const why = errno;
    ::close(file);
    if (why == EWOULDBLOCK) return std::nullopt;
    errno = why;
    throw trouble("The file " + path + " cannot be locked");
}

FileLock::FileLock(FileLock&& other) noexcept : file_{std::exchange(other.file_, -1)} {}

FileLock::~FileLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace praline::store
