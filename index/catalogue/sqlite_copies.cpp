// Copies of whole lists from other servers: SqliteWriter's second half.
#include "index/catalogue/writer_transaction.hpp"
#include "node/base/check.hpp"

namespace praline::index::catalogue {

void SqliteWriter::drop_copy(PublisherId const& publisher) {
    auto const found = copies_.find(publisher);
    if (found == copies_.end()) return;
    slots_.set(found->second.list.slot, 0, SlotState::dead);
    copies_.erase(found);
}

void SqliteWriter::copy_begin(PublisherId const& publisher) {
    in_transaction([&] {
        drop_copy(publisher);
        copies_.emplace(publisher, Copy{{slots_.create(0, SlotState::copying), {}, 0}, false});
    });
}

void SqliteWriter::copy_add(PublisherId const& publisher, std::span<Entry const> entries) {
    in_transaction([&] {
        auto const found = copies_.find(publisher);
        check(found != copies_.end());
        auto& copy = found->second;
        Change part;
        part.add.assign(entries.begin(), entries.end());
        auto steps = steps_of(part);
        auto const held = look_up(copy.list.slot, steps);
        for (auto const& step : steps) {
            if (!step.held && copy.list.entries >= limits_.publisher_entries_max) copy.too_many = true;
            if (copy.too_many) return;
            take(copy.list, step);
        }
    });
}

bool SqliteWriter::copy_commit(Record const& record) {
    return in_transaction([&] {
        auto const& id = record.publisher.id;
        auto const found = copies_.find(id);
        if (found == copies_.end()) return false;
        auto const [list, too_many] = found->second;
        auto row = publishers_.find(id).value_or(PublisherRow{});
        if (too_many || list.digest != record.digest || list.entries != record.entries ||
            row.record.version > record.version) {
            drop_copy(id);
            return false;
        }
        mark_dead(row);
        row.record = record;
        publishers_.save(row);  // for its number
        row.slot = list.slot;
        publishers_.save(row);
        slots_.set(list.slot, row.number, SlotState::current);
        copies_.erase(found);
        ++totals_.publishers;
        totals_.entries += record.entries;
        return true;
    });
}

void SqliteWriter::copy_forget(PublisherId const& publisher) {
    in_transaction([&] { drop_copy(publisher); });
}

}  // namespace praline::index::catalogue
