#include "unit/index/replica/group_catalogue.hpp"

#include <utility>

namespace praline::index::replica::group {

SetDigest digest_of(List const& list) {
    SetDigest digest;
    for (auto const& [sha1, entry] : list) digest.add(entry);
    return digest;
}

void apply_to(List& list, Change const& change) {
    if (change.reset) list.clear();
    for (auto const& sha1 : change.remove) list.erase(sha1);
    for (auto const& entry : change.add) list[entry.sha1] = entry;
}

void SimpleCatalogue::show(PublisherId const& publisher) {
    auto const* const shelf = shown(publisher);
    if (!shelf) return;
    auto& newest = newest_shown_[publisher];
    if (shelf->record.version < newest)
        fault_ = "a read went back to an older version of " + publisher.hex().substr(0, 4);
    newest = std::max(newest, shelf->record.version);
}

SimpleCatalogue::Shelf const* SimpleCatalogue::shown(PublisherId const& publisher) const {
    auto const found = shelves_.find(publisher);
    return found != shelves_.end() && found->second.visible && !found->second.entries.empty() ? &found->second
                                                                                              : nullptr;
}

Applied SimpleCatalogue::apply(Apply const& action) {
    auto& shelf = shelves_[action.publisher.id];
    auto const& change = action.change;
    bool const fits = change.to > shelf.record.version && (change.reset || change.from == shelf.record.version);
    if (!fits) {
        shelf.record.publisher.id = action.publisher.id;
        return {action.ticket, shelf.record, false, false};
    }
    apply_to(shelf.entries, change);
    shelf.record = {action.publisher, change.to, digest_of(shelf.entries),
                    static_cast<std::uint32_t>(shelf.entries.size()), action.claim};
    shelf.visible = true;
    show(action.publisher.id);
    return {action.ticket, shelf.record, true, false};
}

void SimpleCatalogue::adopt(Adopt const& action) {
    auto& shelf = shelves_[action.publisher.id];
    shelf.record.publisher = action.publisher;
    shelf.record.claim = action.claim;
    shelf.visible = true;
    show(action.publisher.id);
}

void SimpleCatalogue::hide(Hide const& action) {
    if (action.forget) {
        shelves_.erase(action.publisher);
        return;
    }
    auto& shelf = shelves_[action.publisher];
    shelf.record.publisher.id = action.publisher;
    shelf.record.version = action.version;
    shelf.record.digest = {};
    shelf.record.entries = 0;
    shelf.entries.clear();
    shelf.visible = false;
}

std::optional<Applied> SimpleCatalogue::stage(StageCopy const& action) {
    auto const& id = action.record.publisher.id;
    auto& copy = copies_[id];
    if (action.first) copy.entries.clear();
    for (auto const& entry : action.entries) copy.entries[entry.sha1] = entry;
    if (!action.last) return std::nullopt;
    auto whole = std::move(copy.entries);
    copies_.erase(id);
    auto& shelf = shelves_[id];
    shelf.record.publisher.id = id;
    bool const fits = digest_of(whole) == action.record.digest && action.record.version >= shelf.record.version;
    if (!fits) return Applied{action.ticket, shelf.record, false, false};
    shelf = {action.record, std::move(whole), true};
    show(id);
    return Applied{action.ticket, shelf.record, true, false};
}

EntriesRead SimpleCatalogue::read(ReadEntries const& action) const {
    EntriesRead read{action.ticket, std::nullopt, {}, true};
    auto const found = shelves_.find(action.publisher);
    if (found == shelves_.end()) return read;
    read.record = found->second.record;
    auto const& entries = found->second.entries;
    for (auto at = action.after ? entries.upper_bound(*action.after) : entries.begin(); at != entries.end(); ++at) {
        if (read.entries.size() == action.entries_max) {
            read.last = false;
            break;
        }
        read.entries.push_back(at->second);
    }
    return read;
}

std::vector<Record> SimpleCatalogue::records() const {
    std::vector<Record> records;
    for (auto const& [id, shelf] : shelves_) records.push_back(shelf.record);
    return records;
}

}  // namespace praline::index::replica::group
