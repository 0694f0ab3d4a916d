#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/base/time.hpp"
#include "node/base/urn.hpp"
#include "node/wire/message.hpp"
#include "transfer/content/tiger_tree.hpp"
#include "transfer/library/folder_guard.hpp"
#include "transfer/library/left_out.hpp"
#include "transfer/library/preview.hpp"

/// What this node shares. All members are called on one thread (the node's); scanning, hashing and watching happen on
/// threads of the library's own, whose results come back through `post`.
namespace praline::library {

struct SharedFile {
    std::uint32_t index = 0;   ///< stable while the node runs, never 0; what QueryHit records carry
    std::string name;          ///< virtual: the last component, valid UTF-8
    std::string virtual_path;  ///< "folder-name/sub/name": shown to the owner only
    std::string path;          ///< on this machine: never leaves the node
    std::uint64_t size_bytes = 0;
    std::int64_t mtime_ns = 0, ctime_ns = 0;  ///< as when it was hashed: with others it is not to be served
    std::uint64_t inode = 0;                  ///< 0: made up by its file system at each mount, and says nothing
    std::string root;                         ///< the shared folder it lies in, on this machine
    Sha1 sha1;
    TigerHash tiger_root;
};
using SharedFilePtr = std::shared_ptr<SharedFile const>;

struct Folder {
    std::string path;
    std::string virtual_name;
    std::uint64_t files = 0, bytes = 0;  ///< ready to be shared
    std::string problem;                 ///< empty: none; else a sentence ("/x cannot be read: Permission denied")
    std::vector<LeftOutGroup> left_out;  ///< what lies in it and is not shared, by reason
    bool from_config = false;            ///< the setting `share` names it; false: the user added it
    bool needs_confirmation = false;     ///< nothing of it is shared until its owner has said yes
};

struct Progress {
    bool scanning = false;
    std::uint64_t files_found = 0;    ///< by the scan under way or the last one
    std::uint64_t files_ready = 0;    ///< hashed, searchable
    std::uint64_t files_waiting = 0;  ///< to be hashed
    std::uint64_t bytes_waiting = 0;
    std::uint64_t bytes_ready = 0;
    std::uint64_t files_failed = 0;  ///< unreadable, or changing all the time
    std::string current;             ///< virtual path of a file being hashed, or empty
    bool watching = false;           ///< false: changes are found by the sweep only
    std::uint64_t files_hashed = 0;  ///< since the start: what was remembered is not hashed again
    std::string problem;             ///< empty, or a sentence: hashes cannot be remembered (disk full)
};

struct FindWish {
    std::size_t most = 0;     ///< files
    std::uint64_t start = 0;  ///< any number; of many files that match, another one begins with others
};

struct FoundFiles {
    std::vector<SharedFilePtr> files;
    std::uint32_t steps = 0;  ///< what the query cost: at most about `query_steps_max`, and one for each URN
};

/// What would be public if a folder were shared, and whether it may be.
struct FolderPreview {
    Verdict verdict;
    Preview preview;      ///< empty when it is refused
    bool shared = false;  ///< it is already
};

struct Options {
    std::string database;       ///< SQLite file; shared with other rooms, WAL
    std::string data_folder{};  ///< the node's own, never shared; empty: that of the database
    std::vector<std::string>
        config_folders{};  ///< what the setting `share` names now; a folder it named once and does not
                           ///< name any more is no longer shared, and those that users added are left alone
    unsigned hash_threads = 1;
    std::chrono::seconds sweep_every{600};
    std::uint64_t files_max = 2'000'000;
    std::function<void(std::function<void()>)> post;  ///< runs a function on the node's thread, soon
    std::function<void()>
        on_change;  ///< on the node's thread: content or progress changed (coalesced, at most ~5 a second)
};

class Library {
public:
    explicit Library(
        Options options);  ///< throws std::runtime_error with a sentence when the database cannot be opened
    ~Library();            ///< joins its threads; a hash under way stops within a block

    /// A sentence for the user, or empty when all is well. Relative paths are refused; "~" is the home folder of who runs
    /// the node. @param confirmed  the user has seen what would be public and said yes: without it a folder that
    /// `preview` says needs a yes is refused. The yes is remembered as long as the folder is shared.
    std::string add_folder(std::string const& path, bool confirmed = false);
    std::string remove_folder(std::string const& path);
    /// Whether `add_folder` would ask for a yes.
    [[nodiscard]] bool needs_confirmation(std::string const& path) const;
    /// Empty value: being looked at on another thread; ask again soon. Else the look, or a sentence why there is none.
    struct PreviewAnswer {
        std::optional<FolderPreview> preview;
        std::string problem;
    };
    [[nodiscard]] PreviewAnswer preview(std::string const& path);
    [[nodiscard]] std::vector<Folder> folders() const;
    void rescan();
    [[nodiscard]] Progress progress() const;

    /// Gnutella matching: every word of the text is found in the name as `wire::word_matches` has it, and the file is of
    /// a type that the query wants (GGEP `M`); or any URN is equal. The names of folders do not count: they are for the
    /// owner. What a query costs is bounded, so one of very common words may miss some files.
    /// Words and URNs both empty: none.
    [[nodiscard]] FoundFiles find(wire::Query const& query, FindWish const& wish) const;
    [[nodiscard]] SharedFilePtr by_sha1(Sha1 const& sha1) const;
    [[nodiscard]] SharedFilePtr by_tiger_root(TigerHash const& root) const;
    [[nodiscard]] SharedFilePtr by_index(std::uint32_t index) const;
    /// For the owner: files in order of virtual path. With a filter those whose virtual path contains its text, whatever
    /// the case and the accents, or has all of its words, if it has several, at the beginnings of words.
    [[nodiscard]] std::vector<SharedFilePtr> page(std::size_t offset, std::size_t count,
                                                  std::string const& filter) const;
    /// The same without a filter, from the path after `virtual_path` on: costs what it returns, however far that is.
    [[nodiscard]] std::vector<SharedFilePtr> after(std::string_view virtual_path, std::size_t count) const;
    /// The stored tree of a shared file; blocks for one database read.
    [[nodiscard]] std::optional<content::TreeLevel> tree(Sha1 const& sha1) const;
    /// To be called when a file that was served turned out to differ from what was hashed: it is taken out and hashed anew.
    void report_changed(std::uint32_t index);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::library
