#pragma once

#include <optional>
#include <string>
#include <vector>

#include "index/client/client_core.hpp"
#include "index/wire/ids.hpp"
#include "node/store/database.hpp"

/// What a node keeps of the index, besides its list.   @threads one.
namespace praline::index::client {

/// Servers that were known when the node last ran, with their distance.
class ServerStore {
public:
    /// Throws store::DatabaseError.
    explicit ServerStore(std::string const& database_file);
    [[nodiscard]] std::vector<KnownServer> load();
    void save(std::vector<KnownServer> const& servers);

private:
    store::Database database_;
};

/// The public key of the group, kept from the first server on that showed one, as ssh keeps those of hosts. A text file,
/// so that its owner can look at it, and delete it.
class PinnedKey {
public:
    /// Throws std::runtime_error with a sentence when there is a file that holds no key.
    explicit PinnedKey(std::string file);
    [[nodiscard]] std::optional<PublisherId> const& key() const { return key_; }
    /// The first time. Throws std::runtime_error with a sentence when it cannot be written.
    void pin(PublisherId const& key);
    /// What to say of a server that shows another key.
    [[nodiscard]] std::string refusal(Endpoint server) const;

private:
    std::string file_;
    std::optional<PublisherId> key_;
};

}  // namespace praline::index::client
