#include "transfer/library/shared_file_index.hpp"

#include <algorithm>

#include "node/wire/keywords.hpp"
#include "node/wire/media_types.hpp"
#include "transfer/library/limits.hpp"

namespace praline::library {
namespace {

template <class Table, class Key>
void forget(Table& table, Key const& key, std::uint32_t index) {
    auto const found = table.find(key);
    if (found == table.end()) return;
    std::erase(found->second, index);
    if (found->second.empty()) table.erase(found);
}

}  // namespace

SharedFileIndex::FolderState* SharedFileIndex::folder(FolderId id) {
    auto const found =
        std::find_if(folders_.begin(), folders_.end(), [&](auto const& state) { return state.id == id; });
    return found == folders_.end() ? nullptr : &*found;
}

bool SharedFileIndex::is_shared(FolderId id) const {
    return std::any_of(folders_.begin(), folders_.end(), [&](auto const& state) { return state.id == id; });
}

void SharedFileIndex::add_folder(FolderId id, std::string path, std::string virtual_name) {
    Folder folder;
    folder.path = std::move(path);
    folder.virtual_name = std::move(virtual_name);
    add_folder(id, std::move(folder));
}

void SharedFileIndex::add_folder(FolderId id, Folder folder) {
    FolderState state;
    state.id = id;
    state.folder = std::move(folder);
    folders_.emplace_back(std::move(state));
}

void SharedFileIndex::confirm_folder(FolderId id) {
    auto* const state = folder(id);
    if (!state) return;
    state->folder.needs_confirmation = false;
    state->folder.problem.clear();
}

void SharedFileIndex::remove_folder(FolderId id) {
    std::erase_if(folders_, [&](auto const& state) { return state.id == id; });
}

void SharedFileIndex::set_report(FolderReport const& report) {
    auto* const state = folder(report.folder);
    if (!state) return;
    state->folder.problem = report.problem;
    state->folder.left_out = report.left_out;
}

void SharedFileIndex::add(Addition const& addition) {
    SharedFilePtr const& file = addition.file;
    if (!files_.try_emplace(file->index, Entry{file, addition.folder, addition.folded_path}).second) return;
    by_sha1_[file->sha1].push_back(file->index);
    by_root_[file->tiger_root].push_back(file->index);
    by_path_.emplace(file->virtual_path, file->index);
    words_.add(file->index, addition.words);
    bytes_ += file->size_bytes;
    if (auto* const state = folder(addition.folder)) {
        ++state->folder.files;
        state->folder.bytes += file->size_bytes;
    }
}

void SharedFileIndex::remove(std::uint32_t index) {
    ++changes_;
    take_out(index);
    words_.remove({index});
}

void SharedFileIndex::take_out(std::uint32_t index) {
    auto const found = files_.find(index);
    if (found == files_.end()) return;
    auto const [file, folder_id, path] = std::move(found->second);
    forget(by_sha1_, file->sha1, index);
    forget(by_root_, file->tiger_root, index);
    auto const [first, last] = by_path_.equal_range(file->virtual_path);
    for (auto at = first; at != last; ++at)
        if (at->second == index) {
            by_path_.erase(at);
            break;
        }
    bytes_ -= file->size_bytes;
    if (auto* const state = folder(folder_id)) {
        --state->folder.files;
        state->folder.bytes -= file->size_bytes;
    }
    files_.erase(found);
}

void SharedFileIndex::apply(Batch const& batch) {
    ++changes_;
    // An index is never given out again, so the words of all that left can go together, which is much cheaper.
    Indices removed;
    for (auto const& change : batch.changes) {
        if (auto const* const removal = std::get_if<Removal>(&change)) {
            take_out(removal->index);
            removed.push_back(removal->index);
        } else {
            add(std::get<Addition>(change));
        }
    }
    words_.remove(std::move(removed));
    for (FolderReport const& report : batch.reports) set_report(report);
}

void SharedFileIndex::collect(Indices const& indices, std::size_t most, std::size_t known,
                              std::vector<SharedFilePtr>& out) const {
    for (std::uint32_t const index : indices) {
        if (out.size() >= most) return;
        auto const& entry = files_.at(index);
        if (!is_shared(entry.folder)) continue;
        auto const end = out.begin() + static_cast<std::ptrdiff_t>(known);
        if (std::find(out.begin(), end, entry.file) == end) out.push_back(entry.file);
    }
}

FoundFiles SharedFileIndex::find(wire::Query const& query, FindWish const& wish) const {
    FoundFiles found;
    auto& files = found.files;
    std::size_t const urns = std::min(query.urns.size(), query_urns_max);
    for (std::size_t i = 0; i < urns; ++i) {
        Urn const& urn = query.urns[i];
        ++found.steps;
        if (urn.sha1) {
            if (auto const named = by_sha1_.find(*urn.sha1); named != by_sha1_.end())
                collect(named->second, wish.most, files.size(), files);
        } else if (urn.tiger_root) {
            if (auto const named = by_root_.find(*urn.tiger_root); named != by_root_.end())
                collect(named->second, wish.most, files.size(), files);
        }
    }
    if (files.size() >= wish.most) return found;
    std::size_t const by_urn = files.size();
    auto const media = wire::media_wanted(query);
    MatchWish match{wish.most - by_urn, wish.start, [&](std::uint32_t index) {
                        auto const& [file, folder, path] = files_.at(index);
                        auto const known = files.begin() + static_cast<std::ptrdiff_t>(by_urn);
                        return is_shared(folder) && (!media || (*media & wire::media_types(file->name)) != 0) &&
                               std::find(files.begin(), known, file) == known;
                    }};
    auto const matches = words_.find(wire::keywords(query.text), match);
    found.steps += matches.steps;
    for (std::uint32_t const index : matches.ids) files.push_back(files_.at(index).file);
    return found;
}

template <class Hash>
SharedFilePtr SharedFileIndex::first_of(std::map<Hash, Indices> const& by_hash, Hash const& hash) const {
    std::vector<SharedFilePtr> out;
    if (auto const found = by_hash.find(hash); found != by_hash.end()) collect(found->second, 1, 0, out);
    return out.empty() ? nullptr : out.front();
}

SharedFilePtr SharedFileIndex::by_sha1(Sha1 const& sha1) const { return first_of(by_sha1_, sha1); }
SharedFilePtr SharedFileIndex::by_tiger_root(TigerHash const& root) const { return first_of(by_root_, root); }

SharedFilePtr SharedFileIndex::by_index(std::uint32_t index) const {
    auto const found = files_.find(index);
    return found == files_.end() || !is_shared(found->second.folder) ? nullptr : found->second.file;
}

std::vector<SharedFilePtr> SharedFileIndex::after(std::string_view virtual_path, std::size_t count) const {
    std::vector<SharedFilePtr> out;
    for (auto at = by_path_.upper_bound(virtual_path); at != by_path_.end() && out.size() < count; ++at)
        if (auto const& entry = files_.at(at->second); is_shared(entry.folder)) out.push_back(entry.file);
    return out;
}

std::vector<SharedFilePtr> SharedFileIndex::page(std::size_t offset, std::size_t count,
                                                 std::string const& filter) const {
    std::vector<SharedFilePtr> out;
    if (filter.find_first_not_of(" \t\r\n") == std::string::npos) {
        for (auto at = by_path_.begin(); at != by_path_.end() && out.size() < count; ++at) {
            auto const& entry = files_.at(at->second);
            if (!is_shared(entry.folder)) continue;
            if (offset > 0)
                --offset;
            else
                out.push_back(entry.file);
        }
        return out;
    }
    for (auto const& index : filtered(filter)) {
        if (out.size() == count) break;
        auto file = by_index(index);
        if (!file) continue;
        if (offset > 0)
            --offset;
        else
            out.push_back(std::move(file));
    }
    return out;
}

SharedFileIndex::Indices const& SharedFileIndex::filtered(std::string const& filter) const {
    if (filtered_.filter == filter && filtered_.changes == changes_) return filtered_.files;
    filtered_ = {filter, changes_, {}};
    PathFilter const wanted{filter};
    for (auto const& [path, index] : by_path_) {
        auto const& folded = files_.at(index).folded_path;
        if (folded.empty() ? wanted.matches_ascii(path) : wanted.matches_folded(folded))
            filtered_.files.push_back(index);
    }
    return filtered_.files;
}

}  // namespace praline::library
