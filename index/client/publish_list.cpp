#include "index/client/publish_list.hpp"

#include <algorithm>
#include <utility>

#include "index/client/list_store.hpp"
#include "index/wire/codec.hpp"
#include "index/wire/entry_rules.hpp"
#include "index/wire/limits.hpp"
#include "node/store/checkpointer.hpp"

namespace praline::index::client {
namespace {

SetDigest mix_of(Entry const& entry) {
    SetDigest digest;
    digest.add(entry);
    return digest;
}

}  // namespace

struct PublishList::Impl {
    explicit Impl(std::string const& file) : store{file}, checkpoints{store.database()}, head{store.load_head()} {
        digest = store.digest_at(head.head).value_or(SetDigest{});
    }

    // ---- what is shared ----
    void flush();
    void take(Entry const& entry);
    void take_away(ListRow row);
    Progress finish_some(std::size_t entries_max);

    // ---- what is told ----
    Next next_change(Version held, SetDigest const& its_digest, bool reset, std::size_t least);
    Next begin_era(Version held);
    std::optional<Next> again(std::int64_t from, Change change);
    std::optional<std::int64_t> closed_end(std::int64_t from, std::int64_t end);
    std::vector<ListRow> next_rows();
    Next tell(std::vector<ListRow> rows, Change change);
    void tell_row(ListRow row, Change& change);
    void forget_old();

    /// The change of this era that told of a row last; 0: none did.
    [[nodiscard]] std::int64_t told(ListRow const& row) const {
        if (row.at > head.base) return row.at;
        return row.before > head.base ? row.before : 0;
    }
    [[nodiscard]] bool waits(ListRow const& row) const {
        if (row.at > head.base) return false;
        return !row.gone || (told(row) != 0 && row.listed);
    }
    [[nodiscard]] bool was_seen(std::int64_t id) const {
        return static_cast<std::size_t>(id) < seen.size() && seen[static_cast<std::size_t>(id)];
    }
    void see(std::int64_t id) {
        auto const at = static_cast<std::size_t>(id);
        if (at >= seen.size()) seen.resize(std::max(at + 1, seen.size() * 2));
        seen[at] = true;
    }
    [[nodiscard]] Version version(std::int64_t number) const {
        return {head.era, static_cast<std::uint64_t>(number - head.base)};
    }

    ListStore store;
    store::Checkpointer checkpoints;
    ListHead head;
    SetDigest digest;  // of what has been told, at head.head
    bool updating = false, changed = false;
    std::vector<Entry> buffer;  // named, not looked up yet
    std::vector<bool> seen;     // ids of rows that this update has named
    std::int64_t cursor = 0;    // of the removal
};

// ---- what is shared ----

void PublishList::Impl::flush() {
    if (buffer.empty()) return;
    auto const entries = std::exchange(buffer, {});
    auto const before = head;
    try {
        store::Transaction transaction{store.database()};
        for (auto const& entry : entries) take(entry);
        store.save(head);
        transaction.commit();
    } catch (...) {
        head = before;
        throw;
    }
}

void PublishList::Impl::take(Entry const& entry) {
    auto found = store.find(entry.sha1);
    if (!found) {
        if (head.entries >= entries_max) return;
        see(store.insert(entry));
        ++head.entries;
        ++head.waiting;
        changed = true;
        return;
    }
    auto row = std::move(*found);
    // The same content under two names: the same one of them each time, in whatever order they come.
    if (was_seen(row.id) && !row.gone && entry.name >= row.entry.name) return;
    see(row.id);
    if (!row.gone && entry == row.entry) return;
    if (row.gone && head.entries >= entries_max) return;
    head.entries += row.gone ? 1 : 0;
    head.waiting -= waits(row) ? 1 : 0;
    auto const last = told(row);
    bool const as_told = last != 0 && row.listed && row.mix == mix_of(entry);
    row.entry = entry;
    row.gone = false;
    row.at = as_told ? last : 0;
    row.before = as_told ? 0 : last;
    head.waiting += waits(row) ? 1 : 0;
    store.update(row);
    changed = true;
}

void PublishList::Impl::take_away(ListRow row) {
    changed = true;
    --head.entries;
    head.waiting -= waits(row) ? 1 : 0;
    auto const last = told(row);
    if (last == 0) return store.erase(row.id);
    row.gone = true;
    row.at = row.listed ? 0 : last;
    row.before = row.listed ? last : 0;
    head.waiting += waits(row) ? 1 : 0;
    store.mark(row);
}

PublishList::Progress PublishList::Impl::finish_some(std::size_t most) {
    if (!updating) return {true, false};
    flush();
    auto const before = head;
    auto const rows = store.ids_after(cursor, most);
    try {
        store::Transaction transaction{store.database()};
        for (auto const& row : rows) {
            if (row.gone || was_seen(row.id)) continue;
            if (auto found = store.find(row.sha1)) take_away(std::move(*found));
        }
        store.save(head);
        transaction.commit();
    } catch (...) {
        head = before;
        throw;
    }
    if (!rows.empty()) cursor = rows.back().id;
    if (rows.size() == most) return {false, changed};
    updating = false;
    seen = {};
    return {true, changed};
}

// ---- what is told ----

PublishList::Next PublishList::Impl::next_change(Version held, SetDigest const& its_digest, bool reset,
                                                 std::size_t least) {
    if (held.number == 0 && its_digest == SetDigest{} && head.entries == 0 && !reset) return {};
    if (held.era >= era_max) return {};
    if (reset || held.era > head.era) return begin_era(held);
    Change change;
    change.from = held;
    change.reset = held.era < head.era;
    auto from = head.base;
    if (!change.reset) {
        if (held.number > static_cast<std::uint64_t>(head.head - head.base)) return begin_era(held);
        from += static_cast<std::int64_t>(held.number);
        auto const ours = held.number == 0 ? std::optional{SetDigest{}} : store.digest_at(from);
        if (ours != its_digest) return begin_era(held);
    }
    if (from < head.head) {
        auto next = again(from, change);
        return next ? std::move(*next) : begin_era(held);
    }
    if (head.waiting < std::max<std::size_t>(least, 1) && !change.reset) return {};
    return tell(next_rows(), std::move(change));
}

PublishList::Next PublishList::Impl::begin_era(Version held) {
    head.era = std::max(head.era, held.era) + 1;
    head.base = head.floor = head.head;
    head.waiting = head.entries;
    head.tombstones = 0;
    digest = {};
    Change change;
    change.from = held;
    change.reset = true;
    return tell(next_rows(), std::move(change));
}

/// The first end, not before `end`, such that what the changes up to it told of has not been told otherwise since: only
/// there is the list once more what it was. Rows that wait stand in the way of any end, and are told at once.
std::optional<std::int64_t> PublishList::Impl::closed_end(std::int64_t from, std::int64_t end) {
    for (;;) {
        auto const overtaken = store.overtaken_by(from, end);
        if (overtaken > end) {
            end = overtaken;
            continue;
        }
        auto waiting = store.waiting_within(from, end, change_entries_max + 1);
        if (waiting.empty()) return end;
        if (waiting.size() > change_entries_max) return std::nullopt;
        (void)tell(std::move(waiting), {});
    }
}

/// Empty: what was told after `from` cannot be told again.
std::optional<PublishList::Next> PublishList::Impl::again(std::int64_t from, Change change) {
    if (from < head.floor) return std::nullopt;
    // As much as one change can hold; if that is overtaken by what is far later, as little as there is.
    auto const too_far = store.told_after(from, change_entries_max);
    for (auto const end : {too_far ? *too_far - 1 : head.head, from + 1}) {
        auto const closed = closed_end(from, std::max(end, from + 1));
        if (!closed) continue;
        auto const rows = store.told_within(from, *closed, change_entries_max + 1);
        if (rows.size() > change_entries_max) continue;
        for (auto const& row : rows) {
            if (row.gone)
                change.remove.push_back(row.entry.sha1);
            else
                change.add.push_back(row.entry);
        }
        change.to = version(*closed);
        return Next{std::move(change), store.digest_at(*closed).value_or(SetDigest{})};
    }
    return std::nullopt;
}

/// What takes away costs more: with each of them an old tombstone goes.
std::vector<ListRow> PublishList::Impl::next_rows() {
    auto rows = store.told_up_to(head.base, change_entries_max);
    std::size_t gone = 0;
    auto const end = std::find_if(rows.begin(), rows.end(),
                                  [&](ListRow const& row) { return (gone += row.gone ? 1 : 0) > removals_max; });
    rows.erase(end, rows.end());
    return rows;
}

/// A new change. It is on disk before anybody hears of it: its number must never mean something else.
PublishList::Next PublishList::Impl::tell(std::vector<ListRow> rows, Change change) {
    auto const head_before = store.load_head();
    auto const digest_before = store.digest_at(head_before.head).value_or(SetDigest{});
    try {
        store::Transaction transaction{store.database()};
        if (head.base != head_before.base) store.forget_changes(head.base);
        ++head.head;
        for (auto& row : rows) tell_row(std::move(row), change);
        store.add_change(head.head, digest);
        forget_old();
        store.save(head);
        transaction.commit();
    } catch (...) {
        head = head_before;
        digest = digest_before;
        throw;
    }
    change.to = version(head.head);
    return {std::move(change), digest};
}

void PublishList::Impl::tell_row(ListRow row, Change& change) {
    auto const last = told(row);
    bool const was_listed = last != 0 && row.listed;
    if (row.gone && !was_listed) return store.erase(row.id);  // of an era that is over
    --head.waiting;
    if (last != 0) store.overtake(last, head.head);
    if (was_listed) digest = {digest.low - row.mix.low, digest.high - row.mix.high};
    if (last != 0 && !row.listed) --head.tombstones;
    row.at = head.head;
    row.before = 0;
    row.listed = !row.gone;
    if (row.gone) {
        ++head.tombstones;
        change.remove.push_back(row.entry.sha1);
    } else {
        row.mix = mix_of(row.entry);
        digest = {digest.low + row.mix.low, digest.high + row.mix.high};
        change.add.push_back(row.entry);
    }
    store.mark(row);
}

void PublishList::Impl::forget_old() {
    if (head.tombstones > tombstones_max) {
        auto const forgotten = store.forget_tombstones(head.base, head.tombstones - tombstones_max);
        head.floor = std::max(head.floor, forgotten.last);
        head.tombstones -= forgotten.count;
    }
    if (auto const oldest = head.head - static_cast<std::int64_t>(changes_max); oldest > head.floor) {
        store.forget_changes(oldest - 1);  // the state at the floor itself is still known
        head.floor = oldest;
    }
}

// ---- what others see ----

PublishList::PublishList(std::string const& file) : impl_{std::make_unique<Impl>(file)} {}
PublishList::~PublishList() = default;

void PublishList::begin_update() {
    impl_->flush();
    impl_->updating = true;
    impl_->changed = false;
    impl_->cursor = 0;
    impl_->seen = {};
}

void PublishList::entry(Entry const& entry) {
    if (!impl_->updating || !fits_wire(entry) || !may_be_listed(entry)) return;
    impl_->buffer.push_back(entry);
    if (impl_->buffer.size() >= step_entries) impl_->flush();
}

PublishList::Progress PublishList::finish_some(std::size_t most) {
    return impl_->finish_some(std::max<std::size_t>(most, 1));
}

Version PublishList::own() const {
    auto const& head = impl_->head;
    auto own = impl_->version(head.head);
    own.number += (head.waiting + change_entries_max - 1) / change_entries_max;
    return own;
}

std::uint64_t PublishList::entries() const { return impl_->head.entries; }
std::uint64_t PublishList::waiting() const { return impl_->head.waiting; }
bool PublishList::busy() const { return impl_->checkpoints.busy(); }
PublishList::Next PublishList::next_change(Version held, SetDigest const& digest, bool reset, std::size_t least) {
    return impl_->next_change(held, digest, reset, least);
}

}  // namespace praline::index::client
