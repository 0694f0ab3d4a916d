#pragma once

#include <optional>
#include <string>

#include "node/base/ids.hpp"
#include "node/store/durable_file.hpp"

namespace praline {

/// The one folder in which a node, or an index server, keeps its state. Errors are std::runtime_error with a sentence.
class DataDirectory {
public:
    /// Creates the folder (0700) if it is missing and takes its lock; refuses one that another node uses.
    static DataDirectory open_for_node(std::string const& path);
    /// The same for an index server.
    static DataDirectory open_for_index(std::string const& path);
    /// Empty: a node or an index server uses it, or there is no such folder; nothing is created.
    static std::optional<DataDirectory> try_open(std::string const& path);
    DataDirectory(DataDirectory&&) noexcept = default;
    DataDirectory& operator=(DataDirectory&&) = delete;
    ~DataDirectory();

    [[nodiscard]] std::string const& path() const { return path_; }
    [[nodiscard]] std::string database() const { return database_.empty() ? path_ + "/praline.db" : database_; }
    /// What is opened instead of the file from now on.
    void use_database(std::string name) { database_ = std::move(name); }
    /// The API's token, made at first use, in a file only its owner can read. When that cannot be written it holds for this
    /// run alone.
    [[nodiscard]] std::string token();
    /// The node's name on the network, kept forever; when it cannot be written, for this run.
    [[nodiscard]] Guid servent_guid();
    /// Tells commands on this machine where the API is; taken away when the node ends. Returns a sentence when it cannot.
    [[nodiscard]] std::string announce_api(std::string const& address);

private:
    DataDirectory(std::string path, store::FileLock lock) : path_{std::move(path)}, lock_{std::move(lock)} {}
    static DataDirectory open(std::string const& path, std::string const& taken);
    void write_or_warn(std::string const& file, std::string const& content) const;
    std::string path_, database_, token_;
    std::optional<Guid> servent_;
    store::FileLock lock_;
};

/// Whether a node or an index server uses the folder just now.
[[nodiscard]] bool node_runs(std::string const& data_directory);

/// What a command needs to reach the node of a data directory.
struct RunningNode {
    std::string address, token;
};
/// Empty: no node runs there.
[[nodiscard]] std::optional<RunningNode> find_running_node(std::string const& data_directory);

using store::write_file_durably;

}  // namespace praline
