#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/base/urn.hpp"
#include "node/store/database.hpp"
#include "transfer/content/file_hasher.hpp"

namespace praline::library {

/// What was once worked out about a file, and holds as long as size and time stay the same.
struct Remembered {
    std::uint64_t size_bytes = 0;
    std::int64_t mtime_ns = 0;
    Sha1 sha1;
    TigerHash tiger_root;
};

struct StoredFolder {
    std::string path, virtual_name;
};

/// The library's tables (`library_…`) in the node's database. Paths are octets: Linux names need not be UTF-8.
/// Every member throws store::DatabaseError. @threads one at a time; open one for each thread.
class FileStore {
public:
    explicit FileStore(std::string const& database);

    [[nodiscard]] std::vector<StoredFolder> folders();
    void add_folder(StoredFolder const& folder);
    /// The folder and all that is remembered of its files.
    void remove_folder(std::string const& path);

    [[nodiscard]] std::optional<Remembered> file(std::string const& path);
    void put(std::string const& path, std::int64_t mtime_ns, content::FileDigest const& digest);
    void remove(std::string const& path);
    /// Forgets files in the folder that are not `alive`, and trees no file needs.
    void purge(std::string const& folder, std::function<bool(std::string const&)> const& alive);
    /// The level kept for a file larger than one slice.
    [[nodiscard]] std::optional<content::TreeLevel> tree(Sha1 const& sha1);

    [[nodiscard]] store::Database& database() { return database_; }

private:
    store::Database database_;
    store::Statement select_, insert_, delete_, insert_tree_, select_tree_;
};

}  // namespace praline::library
