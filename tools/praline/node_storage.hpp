#pragma once

#include <optional>
#include <string>

#include "node/store/database_health.hpp"
#include "tools/praline/data_directory.hpp"

namespace praline {

/// Makes the database of a data directory fit to start a node on: it is looked through, and when the disk is full, the node
/// gets a copy in memory (`DataDirectory::use_database`).
class NodeStorage {
public:
    /// Throws std::runtime_error with a sentence: which file, what is lost, and what to do.
    explicit NodeStorage(DataDirectory& directory);
    /// A sentence for the user while the node runs; empty: all is well.
    [[nodiscard]] std::string const& problem() const { return problem_; }

private:
    std::optional<store::MemoryCopy> copy_;
    std::string problem_;
};

/// What a database error means for the user who has to act on it.
/// @param holds  what is lost with the database, as "the list of …".
[[nodiscard]] std::string database_advice(store::DatabaseError const& error, std::string const& file,
                                          std::string const& holds);
/// The same for a file of which only the error itself knows.
[[nodiscard]] std::string explain_database_error(store::DatabaseError const& error);
/// The same for the database of a node.
[[nodiscard]] std::string node_database_advice(store::DatabaseError const& error, std::string const& file);

}  // namespace praline
