#include "tools/praline/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "node/base/text.hpp"
#include "node/net/real_world.hpp"

namespace praline {
namespace {

constexpr std::size_t token_octets = 32;

std::runtime_error trouble(std::string const& what) {
    return std::runtime_error{what + ": " + std::strerror(errno) + "."};
}

std::optional<std::string> read_small_file(std::string const& path) {
    std::ifstream in{path, std::ios::binary};
    if (!in) return std::nullopt;
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    return std::string{trim(text)};
}

std::string base64url(Bytes const& bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    unsigned held = 0;
    unsigned bits = 0;
    for (auto const byte : bytes) {
        held = (held << 8) | std::to_integer<unsigned>(byte);
        for (bits += 8; bits >= 6; bits -= 6) text.push_back(alphabet[(held >> (bits - 6)) & 63U]);
        held &= 0xFFU;
    }
    if (bits > 0) text.push_back(alphabet[(held << (6 - bits)) & 63U]);
    return text;
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
        if (count < 0) { int const why = errno; ::close(file); errno = why; throw trouble("The file " + temporary + " cannot be written"); }
        done += static_cast<std::size_t>(count);
    }
    bool const synced = ::fsync(file) == 0;
    ::close(file);
    if (!synced || ::rename(temporary.c_str(), path.c_str()) != 0) throw trouble("The file " + path + " cannot be written");
}

DataDirectory DataDirectory::open_for_node(std::string const& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) throw std::runtime_error{"The data directory " + path + " cannot be created: " + error.message() + ". Choose another one with --data."};
    ::chmod(path.c_str(), 0700);
    std::string const lock_file = path + "/lock";
    int const lock = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) throw trouble("The data directory " + path + " cannot be used");
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        bool const taken = errno == EWOULDBLOCK;
        ::close(lock);
        if (taken) throw std::runtime_error{"Another Praline node is running on the data directory " + path + ". Stop it first, or choose another directory with --data."};
        throw trouble("The data directory " + path + " cannot be locked");
    }
    return {path, lock};
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept : path_{std::move(other.path_)}, lock_{std::exchange(other.lock_, -1)} {}

DataDirectory::~DataDirectory() {
    if (lock_ < 0) return;
    ::unlink((path_ + "/api-address").c_str());
    ::close(lock_);
}

std::string DataDirectory::token() {
    std::string const file = path_ + "/api-token";
    if (auto const kept = read_small_file(file); kept && kept->size() == 43) {
        ::chmod(file.c_str(), 0600);
        return *kept;
    }
    auto const token = base64url(net::entropy_bytes(token_octets));
    write_file_durably(file, token + '\n', 0600);
    return token;
}

Guid DataDirectory::servent_guid() {
    std::string const file = path_ + "/servent-guid";
    if (auto const kept = read_small_file(file)) {
        if (auto const guid = Guid::from_hex(*kept); guid && !guid->is_blank()) return *guid;
    }
    Rng rng{net::entropy()};
    auto const guid = Guid::random(rng);
    write_file_durably(file, guid.hex() + '\n', 0600);
    return guid;
}

void DataDirectory::announce_api(std::string const& address) {
    write_file_durably(path_ + "/api-address", address + '\n', 0600);
}

std::optional<RunningNode> find_running_node(std::string const& data_directory) {
    auto const address = read_small_file(data_directory + "/api-address");
    auto const token = read_small_file(data_directory + "/api-token");
    if (!address || !token || address->empty()) return std::nullopt;
    return RunningNode{*address, *token};
}

}  // namespace praline
