#include "transfer/library/library.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <dirent.h>

#include "node/base/check.hpp"
#include "transfer/library/file_store.hpp"
#include "transfer/library/keeper.hpp"
#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {

struct Library::Impl {
    explicit Impl(Options const& options)
        : data_folder{std::filesystem::weakly_canonical(std::filesystem::absolute(options.database)).parent_path()},
          reader{options.database}, node{std::make_shared<NodeSide>()} {
        check(static_cast<bool>(options.post));
        node->on_change = options.on_change;
        keeper = std::make_unique<Keeper>(options, data_folder.string(), node);
        for (StoredFolder& folder : reader.folders()) start(std::move(folder), false);
    }
    void start(StoredFolder folder, bool is_new) {
        FolderId const id = next_folder++;
        node->shelf.add_folder(id, folder.path, folder.virtual_name);
        keeper->add_folder(id, std::move(folder), is_new);
    }
    [[nodiscard]] std::string why_not(std::string const& path) const;

    std::filesystem::path data_folder;
    mutable FileStore reader;              ///< the node's thread's own connection: trees
    std::shared_ptr<NodeSide> node;
    std::unique_ptr<Keeper> keeper;
    FolderId next_folder = 1;
};

/// A sentence that says why this canonical folder is not shared besides those there are; empty: it can be.
std::string Library::Impl::why_not(std::string const& path) const {
    auto const& folders = node->shelf.folders();
    if (path == "/") return "The whole machine cannot be shared; name a folder.";
    if (path == data_folder) return path + " holds the node's own files and is not shared.";
    if (folders.size() >= folders_max) return "No more than " + std::to_string(folders_max) + " folders can be shared.";
    for (auto const& [id, folder] : folders) {
        if (folder.path == path) return path + " is shared already.";
        if (is_within(path, folder.path)) return path + " is shared already, as part of " + folder.path + ".";
        if (is_within(folder.path, path)) return path + " contains " + folder.path + ", which is shared already.";
    }
    return {};
}

Library::Library(Options options) : impl_{std::make_unique<Impl>(options)} {}
Library::~Library() = default;

std::string Library::add_folder(std::string const& path) {
    if (path.empty() || path.front() != '/' || path.find('\0') != std::string::npos)
        return "A folder is named by its full path, from the root on.";
    std::error_code error;
    auto const canonical = std::filesystem::canonical(path, error);
    if (error) return path + " cannot be shared: " + error.message() + ".";
    if (!std::filesystem::is_directory(canonical, error)) return path + " is not a folder.";
    DIR* const directory = ::opendir(canonical.c_str());
    if (!directory) return path + " cannot be read: " + std::strerror(errno) + ".";
    ::closedir(directory);
    std::string problem = impl_->why_not(canonical.string());
    if (!problem.empty()) return problem;

    std::vector<std::string> taken;
    for (auto const& state : impl_->node->shelf.folders()) taken.push_back(state.folder.virtual_name);
    impl_->start({canonical.string(), unique_name(clean_name(canonical.filename().string()), taken)}, true);
    return {};
}

std::string Library::remove_folder(std::string const& path) {
    std::error_code error;
    std::string const canonical = std::filesystem::weakly_canonical(path, error).string();
    for (auto const& [id, folder] : impl_->node->shelf.folders()) {
        if (folder.path != path && (error || folder.path != canonical)) continue;
        FolderId const gone = id;
        impl_->node->shelf.remove_folder(gone);
        impl_->keeper->remove_folder(gone);
        return {};
    }
    return path + " is not a shared folder.";
}

std::vector<Folder> Library::folders() const {
    std::vector<Folder> all;
    for (auto const& state : impl_->node->shelf.folders()) all.push_back(state.folder);
    return all;
}

void Library::rescan() { impl_->keeper->sweep(); }

Progress Library::progress() const {
    Progress progress = impl_->keeper->progress();
    progress.files_ready = impl_->node->shelf.files();
    progress.bytes_ready = impl_->node->shelf.bytes();
    return progress;
}

FoundFiles Library::find(wire::Query const& query, FindWish const& wish) const {
    return impl_->node->shelf.find(query, wish);
}
SharedFilePtr Library::by_sha1(Sha1 const& sha1) const { return impl_->node->shelf.by_sha1(sha1); }
SharedFilePtr Library::by_index(std::uint32_t index) const { return impl_->node->shelf.by_index(index); }
std::vector<SharedFilePtr> Library::page(std::size_t offset, std::size_t count, std::string const& filter) const {
    return impl_->node->shelf.page(offset, count, filter);
}

std::vector<SharedFilePtr> Library::after(std::string_view virtual_path, std::size_t count) const {
    return impl_->node->shelf.after(virtual_path, count);
}

std::optional<content::TreeLevel> Library::tree(Sha1 const& sha1) const {
    SharedFilePtr const file = by_sha1(sha1);
    if (!file) return std::nullopt;
    std::uint64_t const slice = content::good_slice_bytes(file->size_bytes);
    // One slice: the root is the whole tree, and no row was written.
    if (file->size_bytes <= slice) return content::TreeLevel{file->size_bytes, slice, {file->tiger_root}};
    try {
        auto level = impl_->reader.tree(sha1);
        if (level && level->file_bytes == file->size_bytes && level->root() == file->tiger_root) return level;
    } catch (store::DatabaseError const&) {
        // Peers can do without a tree; the keeper tells the user about the database.
    }
    return std::nullopt;
}

void Library::report_changed(std::uint32_t index) {
    SharedFilePtr const file = by_index(index);
    if (!file) return;
    impl_->node->shelf.remove(index);
    impl_->keeper->recheck(file->path);
}

}  // namespace praline::library
