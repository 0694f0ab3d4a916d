#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "transfer/library/directory_listing.hpp"
#include "transfer/library/shared_roots.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {

enum class FileState : std::uint8_t { waiting, ready, failed };

struct KnownFile {
    FileStamp stamp;
    FileState state = FileState::waiting;
    std::uint8_t attempts = 0;
    bool queued = false;      ///< waits to be hashed, or is being hashed
    bool touched = false;     ///< something happened to it since it was hashed: a move proves nothing
    bool by_move = false;     ///< a move proved its hash
    bool distrusted = false;  ///< to be hashed whatever is remembered of it
    SharedFilePtr file;       ///< when ready
};

struct KnownDirectory {
    FolderId folder = 0;
    std::size_t depth = 0;
    std::string virtual_path;
    FileSystem file_system;
    std::map<std::string, KnownFile> files;
    std::set<std::string> folders;
};

/// Every file there is in the shared folders, listed so far, and its state. Counts are kept at each change; a file that no
/// longer fails leaves the list of what is left out.   @threads one at a time: pure.
class KnownFiles {
public:
    KnownFiles(SharedRoots& roots, std::uint64_t files_max) : roots_{roots}, files_max_{files_max} {}

    /// Null: there is none.
    [[nodiscard]] KnownFile* find(std::string_view path);
    [[nodiscard]] KnownDirectory* find_directory(std::string const& path);
    /// @pre the file is known.
    [[nodiscard]] KnownDirectory const& directory_of(std::string const& path) const {
        return directories_.at(path.substr(0, path.rfind('/')));
    }
    /// The directory, known before or not.
    [[nodiscard]] KnownDirectory& open_directory(std::string const& path) { return directories_[path]; }

    /// A file that waits. Null: there are too many.   @pre it is not known.
    [[nodiscard]] KnownFile* add(KnownDirectory& directory, std::string const& name, FileStamp const& stamp);
    void erase(KnownDirectory& directory, std::string const& path);
    void set_state(KnownDirectory const& directory, std::string const& path, KnownFile& known, FileState state);
    /// It is another file by now.
    void set_stamp(KnownDirectory const& directory, std::string const& path, KnownFile& known, FileStamp const& stamp,
                   FileState state);

    /// A directory that is not there, or not to be shared, any more, with all that is in it. Calls `visit(KnownFile&)` for
    /// each file. @returns whether there was any.
    template <class Visit>
    bool drop(std::string const& path, Visit visit) {
        bool any = false;
        FolderId folder = 0;
        for (auto at = directories_.lower_bound(path); at != directories_.end() && at->first.starts_with(path);) {
            if (!is_within(at->first, path)) {
                ++at;
                continue;
            }
            folder = at->second.folder;
            for (auto& [name, known] : at->second.files) {
                visit(known);
                count(known, -1);
                --found_;
                any = true;
            }
            at = directories_.erase(at);
        }
        if (folder != 0) roots_.left_out(folder).forget(path);
        return any;
    }
    [[nodiscard]] bool has_files_in(std::string const& path) const;
    /// Events were lost: something may have happened to any of them.
    void touch_all();

    [[nodiscard]] std::uint64_t files_max() const { return files_max_; }
    [[nodiscard]] std::uint64_t found() const { return found_; }
    [[nodiscard]] std::uint64_t waiting() const { return waiting_; }
    [[nodiscard]] std::uint64_t bytes_waiting() const { return bytes_waiting_; }

private:
    void count(KnownFile const& file, int by);

    SharedRoots& roots_;
    std::uint64_t files_max_;
    std::map<std::string, KnownDirectory> directories_;
    std::uint64_t found_ = 0, waiting_ = 0, bytes_waiting_ = 0;
};

}  // namespace praline::library
