#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/base/urn.hpp"
#include "node/store/database.hpp"
#include "transfer/content/tiger_tree.hpp"
#include "transfer/download/destination.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/download/rank.hpp"

namespace praline::download {

/// A download as it is kept over restarts.
struct Record {
    std::string id, name, reason;
    Rank rank;
    Destination destination;
    Urn urn;
    bool root_given = false;      ///< the Tiger root was asked for, not learned from a source
    bool named_only = false;      ///< `urn` holds what the user named; earlier versions kept a stranger's word there
    State state = State::queued;  ///< queued, paused, completed or failed
    std::optional<std::uint64_t> size_bytes;
    std::vector<Source> sources;
    std::optional<content::TreeLevel> tree;
    std::uint64_t slice_bytes = 0;                    ///< of the map
    Bytes map;                                        ///< PieceMap::packed
    std::shared_ptr<content::FileProof const> proof;  ///< null: none was named
};

/// The table of downloads. Throws store::DatabaseError. @threads one at a time.
class DownloadStore {
public:
    explicit DownloadStore(std::string const& file);
    [[nodiscard]] std::vector<Record> load();
    void save(Record const& record);
    void remove(std::string const& id);

private:
    store::Database database_;
    store::Statement save_, remove_;
};

}  // namespace praline::download
