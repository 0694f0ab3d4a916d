#include "transfer/library/library.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>

#include <dirent.h>

#include "node/base/check.hpp"
#include "node/base/path_text.hpp"
#include "node/log/log.hpp"
#include "transfer/library/file_store.hpp"
#include "transfer/library/library_indexer.hpp"
#include "transfer/library/limits.hpp"
#include "transfer/library/previewer.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {

namespace {

std::string without_slash(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

/// A folder that the setting names: it may be on a disk that is not there now.
struct NamedFolder {
    std::string text;  ///< as the setting has it, from the root on
    std::string path;  ///< canonical, as far as it exists
};

std::optional<NamedFolder> named_folder(std::string const& text) {
    std::string const home = with_home(text);
    if (home.empty()) {
        log::warn(
            "The setting share names \"{}\": only ~/… stands for a home folder, that of who runs the node. It is left "
            "out.",
            path_text(text));
        return std::nullopt;
    }
    auto const absolute = std::filesystem::absolute(home).lexically_normal();
    std::error_code error;
    auto const canonical = std::filesystem::canonical(absolute, error);
    return NamedFolder{without_slash(absolute.string()), without_slash(error ? absolute.string() : canonical.string())};
}

}  // namespace

struct Library::Impl {
    explicit Impl(Options const& options)
        : data_folder{options.data_folder.empty()
                          ? std::filesystem::weakly_canonical(std::filesystem::absolute(options.database)).parent_path()
                          : std::filesystem::weakly_canonical(options.data_folder)},
          here{surroundings_here(data_folder.string())},
          reader{options.database},
          node{std::make_shared<NodeThreadIndex>()},
          previewer{data_folder.string()} {
        check(static_cast<bool>(options.post));
        node->on_change = options.on_change;
        indexer = std::make_unique<LibraryIndexer>(options, data_folder.string(), node);
        begin(options.config_folders);
    }
    void begin(std::vector<std::string> const& config_folders);
    [[nodiscard]] bool is_still_named(StoredFolder& folder, std::vector<NamedFolder>& named);
    void add_named(NamedFolder const& named);
    void start(StoredFolder folder, bool is_new);
    [[nodiscard]] std::string why_not(std::string const& path) const;
    [[nodiscard]] SharedFileIndex::FolderState const* state_of(std::string const& path) const;
    [[nodiscard]] std::string name_for(std::string const& path) const;

    std::filesystem::path data_folder;
    Surroundings here;
    mutable FileStore reader;  ///< the node's thread's own connection: trees
    std::shared_ptr<NodeThreadIndex> node;
    Previewer previewer;
    std::unique_ptr<LibraryIndexer> indexer;
    std::map<FolderId, StoredFolder> stored;
    FolderId next_folder = 1;
};

/// Folders that are shared go on being so, unless the setting named them and does not any more.
void Library::Impl::begin(std::vector<std::string> const& config_folders) {
    std::vector<NamedFolder> named;
    for (std::string const& text : config_folders)
        if (auto folder = named_folder(text)) named.push_back(std::move(*folder));
    for (StoredFolder& folder : reader.folders()) {
        if (is_still_named(folder, named)) {
            start(std::move(folder), false);
            continue;
        }
        log::info("{} is no longer shared: the setting share does not name it any more.", path_text(folder.path));
        indexer->forget_folder(folder.path);
    }
    for (NamedFolder const& folder : named) add_named(folder);
}

/// Also true for what the setting never named. Takes what it finds out of `named`.
bool Library::Impl::is_still_named(StoredFolder& folder, std::vector<NamedFolder>& named) {
    auto const mine = [&](NamedFolder const& one) {
        return one.path == folder.path || one.text == folder.path ||
               (!folder.named.empty() && one.text == folder.named);
    };
    auto const found = std::find_if(named.begin(), named.end(), mine);
    if (found == named.end()) return folder.origin != FolderOrigin::config;
    if (folder.origin == FolderOrigin::unknown ||
        (folder.origin == FolderOrigin::config && folder.named != found->text)) {
        folder.origin = FolderOrigin::config;
        folder.named = found->text;
        indexer->remember_folder(folder);
    }
    std::erase_if(named, mine);
    return true;
}

void Library::Impl::add_named(NamedFolder const& named) {
    auto problem = why_not(named.path);
    if (auto const verdict = judge_folder(named.path, here); verdict.kind == Verdict::Kind::refused)
        problem = verdict.reason;
    if (!problem.empty()) {
        if (!state_of(named.path)) log::warn("The setting share: {}", problem);
        return;
    }
    StoredFolder folder{named.path, name_for(named.path), FolderOrigin::config, named.text, false};
    start(std::move(folder), true);
}

/// A folder that its owner would not expect to be public waits for a yes, also when it was shared before yeses were asked.
void Library::Impl::start(StoredFolder folder, bool is_new) {
    auto const verdict = judge_folder(folder.path, here);
    if (verdict.kind == Verdict::Kind::refused) {
        log::warn("{}", verdict.reason);
        indexer->forget_folder(folder.path);
        return;
    }
    FolderId const id = next_folder++;
    Folder shown;
    shown.path = folder.path;
    shown.virtual_name = folder.virtual_name;
    shown.from_config = folder.origin == FolderOrigin::config;
    shown.needs_confirmation = verdict.kind == Verdict::Kind::needs_yes && !folder.confirmed;
    if (shown.needs_confirmation) {
        shown.problem = verdict.reason +
                        " It is not shared until you have seen what would be public and said yes: on the page, or by "
                        "`praline share add " +
                        path_text(folder.path) + "`.";
        log::warn("{}", shown.problem);
        if (is_new) indexer->remember_folder(folder);
    } else {
        indexer->add_folder(id, folder, is_new);
    }
    node->files.add_folder(id, std::move(shown));
    stored.emplace(id, std::move(folder));
}

SharedFileIndex::FolderState const* Library::Impl::state_of(std::string const& path) const {
    auto const& folders = node->files.folders();
    auto const found =
        std::find_if(folders.begin(), folders.end(), [&](auto const& state) { return state.folder.path == path; });
    return found == folders.end() ? nullptr : &*found;
}

std::string Library::Impl::name_for(std::string const& path) const {
    std::vector<std::string> taken;
    for (auto const& state : node->files.folders()) taken.push_back(state.folder.virtual_name);
    return unique_name(clean_name(std::string_view{path}.substr(path.rfind('/') + 1)), taken);
}

/// A sentence that says why this canonical folder is not shared besides those there are; empty: it can be.
std::string Library::Impl::why_not(std::string const& path) const {
    auto const& folders = node->files.folders();
    std::string const shown = path_text(path);
    if (folders.size() >= folders_max) return "No more than " + std::to_string(folders_max) + " folders can be shared.";
    for (auto const& [id, folder] : folders) {
        if (folder.path == path) return shown + " is shared already.";
        if (is_within(path, folder.path))
            return shown + " is shared already, as part of " + path_text(folder.path) + ".";
        if (is_within(folder.path, path))
            return shown + " contains " + path_text(folder.path) + ", which is shared already.";
    }
    return {};
}

namespace {

/// Where a folder named by a user really is, or a sentence.
struct Place {
    std::string path, problem;
};

Place place_of(std::string const& text) {
    std::string const path = with_home(text);
    std::string const shown = path_text(text);
    if (path.empty() && !text.empty())
        return {
            {},
            shown +
                ": only ~/… stands for a home folder, that of who runs the node. Name the folder by its full path."};
    if (path.empty() || path.front() != '/' || path.find('\0') != std::string::npos)
        return {{}, "A folder is named by its full path, from the root on."};
    std::error_code error;
    auto const canonical = std::filesystem::canonical(path, error);
    if (error) return {{}, shown + " cannot be shared: " + error.message() + "."};
    if (!std::filesystem::is_directory(canonical, error)) return {{}, shown + " is not a folder."};
    return {canonical.string(), {}};
}

}  // namespace

Library::Library(Options options) : impl_{std::make_unique<Impl>(options)} {}
Library::~Library() = default;

std::string Library::add_folder(std::string const& text, bool confirmed) {
    auto const [path, problem] = place_of(text);
    if (!problem.empty()) return problem;
    auto const verdict = judge_folder(path, impl_->here);
    if (verdict.kind == Verdict::Kind::refused) return verdict.reason;
    bool const asked = verdict.kind == Verdict::Kind::needs_yes;
    if (asked && !confirmed) return verdict.reason + " Look at what would be public and confirm it.";
    if (auto const* const waiting = impl_->state_of(path); waiting && waiting->folder.needs_confirmation) {
        FolderId const id = waiting->id;
        StoredFolder& folder = impl_->stored.at(id);
        folder.confirmed = true;
        impl_->node->files.confirm_folder(id);
        impl_->indexer->add_folder(id, folder, true);
        return {};
    }
    DIR* const directory = ::opendir(path.c_str());
    if (!directory) return path_text(text) + " cannot be read: " + std::strerror(errno) + ".";
    ::closedir(directory);
    if (auto why_not = impl_->why_not(path); !why_not.empty()) return why_not;
    impl_->start({path, impl_->name_for(path), FolderOrigin::user, {}, asked}, true);
    return {};
}

bool Library::needs_confirmation(std::string const& text) const {
    auto const place = place_of(text);
    return place.problem.empty() && judge_folder(place.path, impl_->here).kind == Verdict::Kind::needs_yes;
}

Library::PreviewAnswer Library::preview(std::string const& text) {
    auto const place = place_of(text);
    if (!place.problem.empty()) return {std::nullopt, place.problem};
    FolderPreview answer;
    answer.verdict = judge_folder(place.path, impl_->here);
    answer.preview.path = place.path;
    auto const* const state = impl_->state_of(place.path);
    answer.shared = state && !state->folder.needs_confirmation;
    if (answer.verdict.kind != Verdict::Kind::refused) {
        auto look = impl_->previewer.ask(place.path);
        if (!look) return {};
        answer.preview = std::move(*look);
    }
    return {std::move(answer), {}};
}

std::string Library::remove_folder(std::string const& text) {
    std::string const home = with_home(text), path = home.empty() ? text : home;
    std::error_code error;
    std::string const canonical = std::filesystem::weakly_canonical(path, error).string();
    for (auto const& [id, folder] : impl_->node->files.folders()) {
        if (folder.path != path && (error || folder.path != without_slash(canonical))) continue;
        FolderId const gone = id;
        std::string const where = folder.path;
        bool const waits = folder.needs_confirmation;
        impl_->node->files.remove_folder(gone);
        impl_->stored.erase(gone);
        if (waits)
            impl_->indexer->forget_folder(where);
        else
            impl_->indexer->remove_folder(gone);
        return {};
    }
    return path_text(text) + " is not a shared folder.";
}

std::vector<Folder> Library::folders() const {
    std::vector<Folder> all;
    for (auto const& state : impl_->node->files.folders()) all.push_back(state.folder);
    return all;
}

void Library::rescan() { impl_->indexer->sweep(); }

Progress Library::progress() const {
    Progress progress = impl_->indexer->progress();
    progress.files_ready = impl_->node->files.files();
    progress.bytes_ready = impl_->node->files.bytes();
    return progress;
}

FoundFiles Library::find(wire::Query const& query, FindWish const& wish) const {
    return impl_->node->files.find(query, wish);
}
SharedFilePtr Library::by_sha1(Sha1 const& sha1) const { return impl_->node->files.by_sha1(sha1); }
SharedFilePtr Library::by_tiger_root(TigerHash const& root) const { return impl_->node->files.by_tiger_root(root); }
SharedFilePtr Library::by_index(std::uint32_t index) const { return impl_->node->files.by_index(index); }
std::vector<SharedFilePtr> Library::page(std::size_t offset, std::size_t count, std::string const& filter) const {
    return impl_->node->files.page(offset, count, filter);
}

std::vector<SharedFilePtr> Library::after(std::string_view virtual_path, std::size_t count) const {
    return impl_->node->files.after(virtual_path, count);
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
        // Peers can do without a tree; the indexer tells the user about the database.
    }
    return std::nullopt;
}

void Library::report_changed(std::uint32_t index) {
    SharedFilePtr const file = by_index(index);
    if (!file) return;
    impl_->node->files.remove(index);
    impl_->indexer->recheck(file->path);
}

}  // namespace praline::library
