#include "index/replica/copy_source.hpp"

#include <algorithm>

#include "index/replica/limits.hpp"

namespace praline::index::replica {

CopyPart CopySource::answer_to(CopyAsk const& ask) {
    CopyPart part;
    part.record.record.publisher.id = ask.publisher;
    part.from_start = ask.from_start;
    part.after = ask.after;
    return part;
}

void CopySource::got(Envelope const& from, CopyAsk const& message) {
    if (parts_.size() >= reads_under_way_max) return;
    ReplicaRecord const* const held = records_.find(message.publisher);
    if (held == nullptr || !held->visible()) {
        CopyPart part = answer_to(message);
        part.last = part.unknown = true;
        group_.send(from.from, std::move(part));
        return;
    }
    Ticket const ticket = ctx_.next_ticket();
    parts_[ticket] = Part{from.from, message};
    std::optional<Sha1> after;
    if (!message.from_start) after = message.after;
    auto const entries = std::min<std::size_t>(ctx_.options().copy_entries, change_entries_max);
    ctx_.emit(ReadEntries{ticket, message.publisher, after, static_cast<std::uint32_t>(entries)});
}

void CopySource::read(EntriesRead const& event) {
    auto const found = parts_.find(event.ticket);
    if (found == parts_.end()) return;
    Part const asked = found->second;
    parts_.erase(found);
    ReplicaRecord const* const held = records_.find(asked.ask.publisher);
    CopyPart part = answer_to(asked.ask);
    if (held == nullptr || !held->visible() || !event.record) {
        part.last = part.unknown = true;
    } else {
        // Version and digest are those of the entries that were read; whose list it is, is known here.
        part.record = records_.leased(*held);
        part.record.record.version = event.record->version;
        part.record.record.digest = event.record->digest;
        part.record.record.entries = event.record->entries;
        part.entries = event.entries;
        part.last = event.last;
    }
    group_.send(asked.asker, std::move(part));
}

}  // namespace praline::index::replica
