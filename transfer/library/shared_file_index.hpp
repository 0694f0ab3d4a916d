#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "transfer/library/keyword_index.hpp"
#include "transfer/library/library.hpp"
#include "transfer/library/path_filter.hpp"

namespace praline::library {

using FolderId = std::uint32_t;

/// A file that has become ready, with all that can be worked out before the node's thread has to look at it.
struct Addition {
    SharedFilePtr file;
    FolderId folder = 0;
    std::vector<std::string> words;
    std::string folded_path = folded_for_filter(file->virtual_path);
};
struct Removal {
    std::uint32_t index = 0;
};
/// How it stands with a folder.
struct FolderReport {
    FolderId folder = 0;
    std::string problem;
    std::vector<LeftOutGroup> left_out;
};
/// In the order in which things happened.
struct Batch {
    std::vector<std::variant<Removal, Addition>> changes;
    std::vector<FolderReport> reports;
};

/// What can be found now: files, folders, words. Lives on the node's thread; pure.
class SharedFileIndex {
public:
    struct FolderState {
        FolderId id = 0;
        Folder folder;
    };

    void add_folder(FolderId id, std::string path, std::string virtual_name);
    void add_folder(FolderId id, Folder folder);
    /// Its owner has said yes.
    void confirm_folder(FolderId id);
    /// From now on nothing in it is found; its files leave in later batches.
    void remove_folder(FolderId id);
    [[nodiscard]] std::vector<FolderState> const& folders() const { return folders_; }

    void apply(Batch const& batch);
    void remove(std::uint32_t index);

    [[nodiscard]] FoundFiles find(wire::Query const& query, FindWish const& wish) const;
    [[nodiscard]] SharedFilePtr by_sha1(Sha1 const& sha1) const;
    [[nodiscard]] SharedFilePtr by_tiger_root(TigerHash const& root) const;
    [[nodiscard]] SharedFilePtr by_index(std::uint32_t index) const;
    [[nodiscard]] std::vector<SharedFilePtr> page(std::size_t offset, std::size_t count,
                                                  std::string const& filter) const;
    [[nodiscard]] std::vector<SharedFilePtr> after(std::string_view virtual_path, std::size_t count) const;
    [[nodiscard]] std::uint64_t files() const { return files_.size(); }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

private:
    struct Entry {
        SharedFilePtr file;
        FolderId folder = 0;
        std::string folded_path;  ///< empty: the path is ASCII
    };
    using Indices = std::vector<std::uint32_t>;
    template <class Hash>
    [[nodiscard]] SharedFilePtr first_of(std::map<Hash, Indices> const& by_hash, Hash const& hash) const;
    [[nodiscard]] FolderState* folder(FolderId id);
    void set_report(FolderReport const& report);
    [[nodiscard]] bool is_shared(FolderId id) const;
    void add(Addition const& addition);
    /// All but its words.
    void take_out(std::uint32_t index);
    /// Appends up to `most` in all, without those among the first `known` already.
    void collect(Indices const& indices, std::size_t most, std::size_t known, std::vector<SharedFilePtr>& out) const;

    std::vector<FolderState> folders_;
    // In order, not hashed: a hash table that grows moves a million entries at once, and the node waits meanwhile.
    std::map<std::uint32_t, Entry> files_;
    std::map<Sha1, Indices> by_sha1_;
    std::map<TigerHash, Indices> by_root_;
    std::multimap<std::string_view, std::uint32_t> by_path_;  ///< virtual; views into the files
    KeywordIndex words_;
    std::uint64_t bytes_ = 0;
    std::uint64_t changes_ = 0;
    /// What the filter that was used last found, so that the next page of it costs nothing.
    struct Filtered {
        std::string filter;
        std::uint64_t changes = 0;
        Indices files;
    };
    [[nodiscard]] Indices const& filtered(std::string const& filter) const;
    mutable Filtered filtered_;
};

}  // namespace praline::library
