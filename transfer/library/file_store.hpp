#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/base/urn.hpp"
#include "node/store/database.hpp"
#include "transfer/content/file_hasher.hpp"
#include "transfer/library/file_stamp.hpp"

namespace praline::library {

/// What was once worked out about a file; holds where is_same_file says so.
struct Remembered {
    std::string path;
    FileStamp stamp;
    Sha1 sha1;
    TigerHash tiger_root;
    bool missing = false;  ///< it was not there when the folder was looked at last
};

/// Who named a shared folder.
enum class FolderOrigin : std::uint8_t {
    unknown,  ///< an earlier version did not note it: the user's, unless the setting names it now
    user,     ///< on the page or by `praline share add`
    config,   ///< the setting `share`: config file, command line, or the settings page
};

struct StoredFolder {
    std::string path, virtual_name;
    FolderOrigin origin = FolderOrigin::unknown;
    std::string named{};     ///< as the setting names it, when that is not `path`
    bool confirmed = false;  ///< the user has seen what would be public and said yes
};

/// The library's tables (`library_…`) in the node's database. Paths are bytes: Linux names need not be UTF-8.
/// Rows of files that are missing stay for weeks, so that a disk that is put back is not hashed again.
/// Every member throws store::DatabaseError. @threads one at a time; open one for each thread.
class FileStore {
public:
    explicit FileStore(std::string const& database);

    [[nodiscard]] std::vector<StoredFolder> folders();
    void put_folder(StoredFolder const& folder);
    /// Its files are missing from now on.
    void remove_folder(std::string const& path, std::int64_t now_s);

    [[nodiscard]] std::optional<Remembered> file(std::string const& path);
    /// Those of this inode, size and ctime, wherever they lay. At most `same_inode_max`.
    [[nodiscard]] std::vector<Remembered> files_of_inode(FileStamp const& stamp);
    void put(std::string const& path, FileStamp const& stamp, Sha1 const& sha1, TigerHash const& root);
    void put_tree(Sha1 const& sha1, content::TreeLevel const& tree);
    void remove(std::string const& path);
    void set_missing(std::string const& path, std::int64_t now_s);
    void set_present(std::string const& path);
    /// Everything remembered in the folder and in folders in it.
    void set_all_missing(std::string const& folder, std::int64_t now_s);
    /// Notes for every file remembered in the folder whether it is there.
    void settle(std::string const& folder, std::function<bool(std::string const&)> const& is_there, std::int64_t now_s);
    /// Whether anything in the folder is remembered.
    [[nodiscard]] bool remembers_any(std::string const& folder);
    /// Forgets files that have been missing for `missing_days_max`, the longest missing of more than `missing_files_max`,
    /// and trees that no file needs.
    void expire(std::int64_t now_s);
    /// The level kept for a file larger than one slice.
    [[nodiscard]] std::optional<content::TreeLevel> tree(Sha1 const& sha1);

    [[nodiscard]] store::Database& database() { return database_; }

private:
    store::Database database_;
    store::Statement select_, select_inode_, insert_, delete_, miss_, find_, insert_tree_, select_tree_;
};

}  // namespace praline::library
