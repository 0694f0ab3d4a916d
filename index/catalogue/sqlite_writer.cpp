#include "index/catalogue/sqlite_writer.hpp"

#include <algorithm>
#include <type_traits>

#include "index/catalogue/writer_transaction.hpp"

namespace praline::index::catalogue {
namespace {

constexpr std::size_t prefetched_ahead = 4;
constexpr std::size_t lists_asked_max = 16;  // for a word of their own, when all variants of a file are gone

store::Database& prepared_to_write(store::Database& database, CatalogueLimits const& limits) {
    prepare_schema(database);
    tune(database, limits.cache_bytes);
    return database;
}

}  // namespace

SqliteWriter::SqliteWriter(std::string const& file, CatalogueLimits const& limits, FileIndex& index,
                           WaitingSources& waiting)
    : limits_{limits},
      database_{file},
      publishers_{prepared_to_write(database_, limits)},
      slots_{database_},
      entries_{database_},
      files_{database_, index, waiting, limits.waiting_sources_max},
      select_totals_{database_.prepare("SELECT publishers, files, entries FROM total")},
      update_totals_{database_.prepare("UPDATE total SET publishers = ?, files = ?, entries = ?")},
      keep_{database_.prepare("REPLACE INTO kept VALUES (?, ?)")},
      kept_{database_.prepare("SELECT value FROM kept WHERE key = ?")} {
    in_transaction([&] { slots_.mark_unfinished_dead(); });
}

void SqliteWriter::begin() {
    database_.run("BEGIN IMMEDIATE");
    open_ = true;
    spoilt_ = false;
    copies_before_ = copies_;
    read_totals();
}

void SqliteWriter::commit() {
    if (spoilt_)
        throw CatalogueError{"A part of what was to be written to " + database_.file() +
                             " failed, so nothing of it was."};
    rescue_orphans();
    files_.finish();
    totals_.files += files_.take_growth();
    update_totals_.bind(1, totals_.publishers).bind(2, totals_.files).bind(3, totals_.entries).run();
    database_.run("COMMIT");
    files_.committed();
    open_ = false;
}

void SqliteWriter::undo() noexcept {
    open_ = false;
    copies_ = copies_before_;
    files_.undone();
    try {
        database_.run("ROLLBACK");
    } catch (store::DatabaseError const&) {
        // The statement that failed has undone it already.
    }
}

void SqliteWriter::read_totals() {
    if (select_totals_.step())
        totals_ = {select_totals_.integer(0), select_totals_.integer(1), select_totals_.integer(2)};
    select_totals_.reset();
}

void SqliteWriter::together(std::function<void()> const& work) { in_transaction(work); }

std::vector<Record> SqliteWriter::records() {
    return explaining(database_.file(), [&] { return publishers_.records(); });
}

std::vector<SqliteWriter::Step> SqliteWriter::steps_of(Change const& change) {
    std::vector<Step> steps;
    steps.reserve(change.remove.size() + change.add.size());
    for (auto const& entry : change.add) steps.push_back({entry.sha1, &entry});
    // Of the same file, what was added last counts.
    std::reverse(steps.begin(), steps.end());
    for (auto const& sha1 : change.remove) steps.push_back({sha1});
    std::stable_sort(steps.begin(), steps.end(),
                     [](Step const& left, Step const& right) { return left.sha1 < right.sha1; });
    auto const same = [](Step const& left, Step const& right) { return left.sha1 == right.sha1; };
    steps.erase(std::unique(steps.begin(), steps.end(), same), steps.end());
    return steps;
}

std::vector<Place> SqliteWriter::look_up(SlotId slot, std::vector<Step>& steps) {
    std::vector<Place> held;
    held.reserve(steps.size());  // so that none moves
    for (auto& step : steps)
        if (auto place = entries_.find(slot, step.sha1)) step.held = &held.emplace_back(std::move(*place));
    return held;
}

bool SqliteWriter::too_many(PublisherRow const& row, std::vector<Step> const& steps, bool anew) const {
    std::uint64_t more = 0, fewer = 0;
    for (auto const& step : steps) {
        if (step.add && !step.held) ++more;
        if (!step.add && step.held) ++fewer;
    }
    return (anew ? 0 : row.record.entries) + more - fewer > limits_.publisher_entries_max;
}

void SqliteWriter::take(List& list, Step const& step) {
    if (step.held) {
        auto const before = files_.entry(step.sha1, *step.held);
        if (step.add && before == *step.add) return;
        list.digest.remove(before);
        --list.entries;
    }
    if (step.add) {
        auto const place =
            step.held ? files_.replace(list.slot, *step.held, *step.add) : files_.add(list.slot, *step.add);
        entries_.put(list.slot, step.sha1, place);
        list.digest.add(*step.add);
        ++list.entries;
    } else if (step.held) {
        files_.remove(list.slot, step.sha1, *step.held);
        entries_.remove(list.slot, step.sha1);
    }
    if (files_.waiting() < limits_.changes_waiting_max) return;
    rescue_orphans();
    files_.flush();
}

void SqliteWriter::rescue_orphans() {
    for (auto const& [file, sha1] : files_.take_orphans())
        for (auto const slot : files_.lists_of_orphan(file, lists_asked_max)) {
            auto const place = entries_.find(slot, sha1);
            if (!place || !place->own) continue;
            if (auto const adopted = files_.adopt(slot, file, *place->own)) entries_.put(slot, sha1, *adopted);
        }
}

ApplyResult SqliteWriter::apply(Publisher const& publisher, Claim claim, Change const& change) {
    return in_transaction([&]() -> ApplyResult {
        auto row = publishers_.find(publisher.id).value_or(PublisherRow{0, {publisher, {}, {}, 0, claim}, {}});
        if (row.record.version >= change.to) return {ApplyOutcome::known, row.record};
        if (!change.reset && row.record.version != change.from) return {ApplyOutcome::behind, row.record};
        bool const anew = change.reset || !row.slot;
        auto steps = steps_of(change);
        auto const held = anew ? std::vector<Place>{} : look_up(*row.slot, steps);
        if (too_many(row, steps, anew)) return {ApplyOutcome::too_many, row.record};

        if (anew) {
            mark_dead(row);
            publishers_.save(row);  // for its number
            row.slot = slots_.create(row.number, SlotState::current);
            ++totals_.publishers;
        }
        List list{*row.slot, row.record.digest, row.record.entries};
        for (std::size_t at = 0; at < steps.size(); ++at) {
            if (at + prefetched_ahead < steps.size()) files_.prefetch(steps[at + prefetched_ahead].sha1);
            take(list, steps[at]);
        }
        totals_.entries += std::int64_t{list.entries} - std::int64_t{row.record.entries};
        row.record = {publisher, change.to, list.digest, list.entries, claim};
        publishers_.save(row);
        return {ApplyOutcome::applied, row.record};
    });
}

void SqliteWriter::mark_dead(PublisherRow& row) {
    if (row.slot) {
        slots_.set(*row.slot, row.number, SlotState::dead);
        --totals_.publishers;
        totals_.entries -= row.record.entries;
    }
    row.slot.reset();
    row.record.digest = {};
    row.record.entries = 0;
}

Record SqliteWriter::adopt(Publisher const& publisher, Claim claim) {
    return in_transaction([&] {
        auto row = publishers_.find(publisher.id).value_or(PublisherRow{});
        row.record.publisher = publisher;
        row.record.claim = claim;
        publishers_.save(row);
        return row.record;
    });
}

void SqliteWriter::hide(PublisherId const& publisher, Version version, bool forget) {
    in_transaction([&] {
        auto row = publishers_.find(publisher);
        if (!row && forget) return;
        if (!row) {
            row.emplace();
            row->record.publisher.id = publisher;
        }
        mark_dead(*row);
        row->record.version = std::max(row->record.version, version);
        if (forget)
            publishers_.remove(*row);
        else
            publishers_.save(*row);
    });
}

bool SqliteWriter::purge_some(std::size_t entries_max) {
    return in_transaction([&] {
        auto const slot = slots_.first_dead();
        if (!slot) return false;
        auto const rows_max = std::max<std::size_t>(entries_max, 1);
        auto const rows = entries_.rows_after(*slot, {}, rows_max);
        for (auto const& row : rows) files_.remove(*slot, row.sha1, row.place);
        if (!rows.empty()) entries_.remove_through(*slot, rows.back().sha1);
        if (rows.size() == rows_max) return true;
        slots_.remove(*slot);
        return slots_.first_dead().has_value();
    });
}

void SqliteWriter::keep(std::string const& key, std::string const& value) {
    // Unlike a publisher's list, nobody else could bring this back after a power cut.
    bool const alone = !open_;
    explaining(database_.file(), [&] {
        if (alone) database_.run("PRAGMA synchronous = FULL");
    });
    in_transaction([&] { keep_.bind(1, std::string_view{key}).bind(2, as_view(value)).run(); });
    explaining(database_.file(), [&] {
        if (alone) database_.run("PRAGMA synchronous = NORMAL");
    });
}

std::optional<std::string> SqliteWriter::kept(std::string const& key) {
    return explaining(database_.file(), [&] {
        kept_.bind(1, std::string_view{key});
        std::optional<std::string> value;
        if (kept_.step()) value = kept_.text(0);
        kept_.reset();
        return value;
    });
}

}  // namespace praline::index::catalogue
