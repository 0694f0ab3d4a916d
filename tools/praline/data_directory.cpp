#include "tools/praline/data_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "node/base/text.hpp"
#include "node/net/real_world.hpp"

namespace praline {
namespace {

constexpr std::size_t token_octets = 32;

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

DataDirectory DataDirectory::open(std::string const& path, std::string const& taken) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) throw std::runtime_error{"The data directory " + path + " cannot be created: " + error.message() + ". Choose another one with --data."};
    ::chmod(path.c_str(), 0700);
    auto lock = store::FileLock::try_take(path + "/lock");
    if (!lock) throw std::runtime_error{taken + " is running on the data directory " + path + ". Stop it first, or choose another directory with --data."};
    return {path, std::move(*lock)};
}

DataDirectory DataDirectory::open_for_node(std::string const& path) { return open(path, "Another Praline node"); }

DataDirectory DataDirectory::open_for_index(std::string const& path) { return open(path, "A Praline index server or node"); }

DataDirectory::~DataDirectory() {
    if (lock_.held()) ::unlink((path_ + "/api-address").c_str());
}

std::string DataDirectory::token() {
    std::string const file = path_ + "/api-token";
    if (auto const kept = store::read_small_file(file); kept && kept->size() == 43) {
        ::chmod(file.c_str(), 0600);
        return *kept;
    }
    auto const token = base64url(net::entropy_bytes(token_octets));
    write_file_durably(file, token + '\n', 0600);
    return token;
}

Guid DataDirectory::servent_guid() {
    std::string const file = path_ + "/servent-guid";
    if (auto const kept = store::read_small_file(file)) {
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
    auto const address = store::read_small_file(data_directory + "/api-address");
    auto const token = store::read_small_file(data_directory + "/api-token");
    if (!address || !token || address->empty()) return std::nullopt;
    return RunningNode{*address, *token};
}

}  // namespace praline
