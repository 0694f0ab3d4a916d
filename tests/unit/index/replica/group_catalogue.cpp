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
    auto const* const list = shown(publisher);
    if (!list) return;
    auto& newest = newest_shown_[publisher];
    if (list->record.version < newest)
        fault_ = "a read went back to an older version of " + publisher.hex().substr(0, 4);
    newest = std::max(newest, list->record.version);
}

SimpleCatalogue::PublisherList const* SimpleCatalogue::shown(PublisherId const& publisher) const {
    auto const found = lists_.find(publisher);
    return found != lists_.end() && found->second.visible && !found->second.entries.empty() ? &found->second : nullptr;
}

Applied SimpleCatalogue::apply(Apply const& action) {
    auto& list = lists_[action.publisher.id];
    auto const& change = action.change;
    bool const fits = change.to > list.record.version && (change.reset || change.from == list.record.version);
    if (!fits) {
        list.record.publisher.id = action.publisher.id;
        return {action.ticket, list.record, false, false};
    }
    apply_to(list.entries, change);
    list.record = {action.publisher, change.to, digest_of(list.entries),
                   static_cast<std::uint32_t>(list.entries.size()), action.claim};
    list.visible = true;
    show(action.publisher.id);
    return {action.ticket, list.record, true, false};
}

void SimpleCatalogue::adopt(Adopt const& action) {
    auto& list = lists_[action.publisher.id];
    list.record.publisher = action.publisher;
    list.record.claim = action.claim;
    list.visible = true;
    show(action.publisher.id);
}

void SimpleCatalogue::hide(Hide const& action) {
    if (action.forget) {
        lists_.erase(action.publisher);
        return;
    }
    auto& list = lists_[action.publisher];
    list.record.publisher.id = action.publisher;
    list.record.version = action.version;
    list.record.digest = {};
    list.record.entries = 0;
    list.entries.clear();
    list.visible = false;
}

std::optional<Applied> SimpleCatalogue::stage(StageCopy const& action) {
    auto const& id = action.record.publisher.id;
    auto& copy = copies_[id];
    if (action.first) copy.entries.clear();
    for (auto const& entry : action.entries) copy.entries[entry.sha1] = entry;
    if (!action.last) return std::nullopt;
    auto whole = std::move(copy.entries);
    copies_.erase(id);
    auto& list = lists_[id];
    list.record.publisher.id = id;
    bool const fits = digest_of(whole) == action.record.digest && action.record.version >= list.record.version;
    if (!fits) return Applied{action.ticket, list.record, false, false};
    list = {action.record, std::move(whole), true};
    show(id);
    return Applied{action.ticket, list.record, true, false};
}

EntriesRead SimpleCatalogue::read(ReadEntries const& action) const {
    EntriesRead read{action.ticket, std::nullopt, {}, true};
    auto const found = lists_.find(action.publisher);
    if (found == lists_.end()) return read;
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
    for (auto const& [id, list] : lists_) records.push_back(list.record);
    return records;
}

}  // namespace praline::index::replica::group
