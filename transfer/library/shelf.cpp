#include "transfer/library/shelf.hpp"

#include <algorithm>
#include <tuple>

#include "node/wire/keywords.hpp"
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

Shelf::FolderState* Shelf::folder(FolderId id) {
    auto const found = std::find_if(folders_.begin(), folders_.end(), [&](auto const& state) { return state.id == id; });
    return found == folders_.end() ? nullptr : &*found;
}

bool Shelf::is_shared(FolderId id) const {
    return std::any_of(folders_.begin(), folders_.end(), [&](auto const& state) { return state.id == id; });
}

void Shelf::add_folder(FolderId id, std::string path, std::string virtual_name) {
    FolderState state;
    state.id = id;
    state.folder.path = std::move(path);
    state.folder.virtual_name = std::move(virtual_name);
    folders_.emplace_back(std::move(state));
}

void Shelf::remove_folder(FolderId id) {
    std::erase_if(folders_, [&](auto const& state) { return state.id == id; });
}

void Shelf::set_problem(FolderId id, std::string const& problem) {
    if (auto* const state = folder(id)) state->folder.problem = problem;
}

void Shelf::add(Addition const& addition) {
    SharedFilePtr const& file = addition.file;
    if (!files_.try_emplace(file->index, Entry{file, addition.folder}).second) return;
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

void Shelf::remove(std::uint32_t index) {
    auto const found = files_.find(index);
    if (found == files_.end()) return;
    auto const [file, folder_id] = found->second;
    forget(by_sha1_, file->sha1, index);
    forget(by_root_, file->tiger_root, index);
    auto const [first, last] = by_path_.equal_range(file->virtual_path);
    for (auto at = first; at != last; ++at)
        if (at->second == index) {
            by_path_.erase(at);
            break;
        }
    words_.remove(index);
    bytes_ -= file->size_bytes;
    if (auto* const state = folder(folder_id)) {
        --state->folder.files;
        state->folder.bytes -= file->size_bytes;
    }
    files_.erase(found);
}

void Shelf::apply(Batch const& batch) {
    for (auto const& change : batch.changes) {
        if (auto const* const removal = std::get_if<Removal>(&change))
            remove(removal->index);
        else
            add(std::get<Addition>(change));
    }
    for (auto const& [id, problem] : batch.problems) set_problem(id, problem);
}

void Shelf::collect(Indices const& indices, std::size_t most, std::size_t known,
                    std::vector<SharedFilePtr>& out) const {
    for (std::uint32_t const index : indices) {
        if (out.size() >= most) return;
        auto const& entry = files_.at(index);
        if (!is_shared(entry.folder)) continue;
        auto const end = out.begin() + static_cast<std::ptrdiff_t>(known);
        if (std::find(out.begin(), end, entry.file) == end) out.push_back(entry.file);
    }
}

std::vector<SharedFilePtr> Shelf::find(wire::Query const& query, std::size_t most) const {
    std::vector<SharedFilePtr> out;
    std::size_t const urns = std::min(query.urns.size(), query_urns_max);
    for (std::size_t i = 0; i < urns; ++i) {
        Urn const& urn = query.urns[i];
        if (urn.sha1) {
            if (auto const found = by_sha1_.find(*urn.sha1); found != by_sha1_.end()) collect(found->second, most, out.size(), out);
        } else if (urn.tiger_root) {
            if (auto const found = by_root_.find(*urn.tiger_root); found != by_root_.end())
                collect(found->second, most, out.size(), out);
        }
    }
    if (out.size() < most) collect(words_.find(wire::keywords(query.text), most), most, out.size(), out);
    return out;
}

SharedFilePtr Shelf::by_sha1(Sha1 const& sha1) const {
    std::vector<SharedFilePtr> out;
    if (auto const found = by_sha1_.find(sha1); found != by_sha1_.end()) collect(found->second, 1, 0, out);
    return out.empty() ? nullptr : out.front();
}

SharedFilePtr Shelf::by_index(std::uint32_t index) const {
    auto const found = files_.find(index);
    return found == files_.end() || !is_shared(found->second.folder) ? nullptr : found->second.file;
}

std::vector<SharedFilePtr> Shelf::after(std::string_view virtual_path, std::size_t count) const {
    std::vector<SharedFilePtr> out;
    for (auto at = by_path_.upper_bound(virtual_path); at != by_path_.end() && out.size() < count; ++at)
        if (auto const& entry = files_.at(at->second); is_shared(entry.folder)) out.push_back(entry.file);
    return out;
}

std::vector<SharedFilePtr> Shelf::page(std::size_t offset, std::size_t count, std::string const& filter) const {
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
    std::vector<SharedFilePtr> matching;
    for (std::uint32_t const index : words_.find(wire::keywords(filter), files_.size()))
        if (auto file = by_index(index)) matching.push_back(std::move(file));
    std::sort(matching.begin(), matching.end(), [](auto const& left, auto const& right) {
        return std::tie(left->virtual_path, left->index) < std::tie(right->virtual_path, right->index);
    });
    for (std::size_t i = offset; i < matching.size() && out.size() < count; ++i) out.push_back(matching[i]);
    return out;
}

}  // namespace praline::library
