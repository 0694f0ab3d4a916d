#pragma once

#include <string>
#include <vector>

#include "node/overlay/overlay.hpp"
#include "node/store/database.hpp"

namespace praline::net {

/// The host cache on disk: table `hosts`. Used on the node's thread; writes are small and rare.
class HostStore {
public:
    explicit HostStore(std::string const& database_file);  ///< throws store::DatabaseError
    [[nodiscard]] std::vector<overlay::HostRecord> load();
    /// Replaces everything in one transaction.
    void save(std::vector<overlay::HostRecord> const& hosts);

private:
    store::Database database_;
};

}  // namespace praline::net
