#include "tools/praline/data_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "node/base/text.hpp"
#include "node/log/log.hpp"
#include "node/net/entropy.hpp"

namespace praline {
namespace {

constexpr std::size_t token_bytes = 32;

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

std::optional<store::FileLock> lock_or_explain(std::string const& folder) {
    try {
        return store::FileLock::try_take(folder + "/lock");
    } catch (std::runtime_error const& problem) {
        throw std::runtime_error{std::string{problem.what()} +
                                 " A data directory must be on a disk that can be written, and belong to this user; "
                                 "choose another one with --data."};
    }
}

}  // namespace

DataDirectory DataDirectory::open(std::string const& path, std::string const& taken) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error)
        throw std::runtime_error{"The data directory " + path + " cannot be created: " + error.message() +
                                 ". Choose another one with --data."};
    ::chmod(path.c_str(), 0700);
    auto lock = lock_or_explain(path);
    if (!lock)
        throw std::runtime_error{taken + " is running on the data directory " + path +
                                 ". Stop it first, or choose another directory with --data."};
    return {path, std::move(*lock)};
}

DataDirectory DataDirectory::open_for_node(std::string const& path) { return open(path, "Another Praline node"); }

DataDirectory DataDirectory::open_for_index(std::string const& path) {
    return open(path, "A Praline index server or node");
}

std::optional<DataDirectory> DataDirectory::try_open(std::string const& path) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) return std::nullopt;
    auto lock = store::FileLock::try_take(path + "/lock");
    if (!lock) return std::nullopt;
    return DataDirectory{path, std::move(*lock)};
}

DataDirectory::~DataDirectory() {
    if (lock_.held()) ::unlink((path_ + "/api-address").c_str());
}

/// A disk that is full must not keep a node from coming up, or its page could not be used to make room.
void DataDirectory::write_or_warn(std::string const& file, std::string const& content) const {
    try {
        write_file_durably(file, content, 0600);
    } catch (std::runtime_error const& error) {
        log::error("{} What stands in it holds for this run alone.", error.what());
    }
}

std::string DataDirectory::token() {
    if (!token_.empty()) return token_;
    std::string const file = path_ + "/api-token";
    if (auto const kept = store::read_small_file(file); kept && kept->size() == 43) {
        ::chmod(file.c_str(), 0600);
        return token_ = *kept;
    }
    token_ = base64url(net::entropy_bytes(token_bytes));
    write_or_warn(file, token_ + '\n');
    return token_;
}

Guid DataDirectory::servent_guid() {
    if (servent_) return *servent_;
    std::string const file = path_ + "/servent-guid";
    if (auto const kept = store::read_small_file(file)) {
        if (auto const guid = Guid::from_hex(*kept); guid && !guid->is_blank()) return *(servent_ = *guid);
    }
    Rng rng{net::entropy()};
    servent_ = Guid::random(rng);
    write_or_warn(file, servent_->hex() + '\n');
    return *servent_;
}

std::string DataDirectory::announce_api(std::string const& address) {
    try {
        write_file_durably(path_ + "/api-address", address + '\n', 0600);
        return {};
    } catch (std::runtime_error const& error) {
        return std::string{error.what()} +
               " The commands on this machine cannot find the node; its page works with the link that is printed at "
               "the start.";
    }
}

bool node_runs(std::string const& data_directory) {
    std::error_code error;
    auto const lock = data_directory + "/lock";
    return std::filesystem::exists(lock, error) && !store::FileLock::try_take(lock);
}

std::optional<RunningNode> find_running_node(std::string const& data_directory) {
    auto const address = store::read_small_file(data_directory + "/api-address");
    auto const token = store::read_small_file(data_directory + "/api-token");
    if (!address || !token || address->empty()) return std::nullopt;
    return RunningNode{*address, *token};
}

}  // namespace praline
