#include "index/catalogue/source_ledger.hpp"

#include <algorithm>
#include <utility>

#include "index/catalogue/schema.hpp"
#include "index/catalogue/varint.hpp"

namespace praline::index::catalogue {
namespace {

constexpr std::size_t settled_at_least = 64;  // by one transaction, while too many wait
constexpr std::uint64_t taken_away_flag = 1;

void put_step(Bytes& out, Source const& source, std::uint64_t flags, FileId& file_before) {
    put_varint(out, source.place << 1U | flags);
    // The difference, from below as from above: the lowest bit is its sign.
    auto const difference = source.file.value() - file_before.value();
    put_varint(out, difference < 0 ? static_cast<std::uint64_t>(-difference) << 1U | 1U
                                   : static_cast<std::uint64_t>(difference) << 1U);
    put_varint(out, static_cast<std::uint64_t>(source.slot.value()));
    file_before = source.file;
}

struct LogStep {
    Source source;
    bool taken_away = false;
};

std::optional<LogStep> take_step(ByteReader& in, FileId& file_before) {
    auto const head = take_varint(in), difference = take_varint(in), slot = take_varint(in);
    if (!head || !difference || !slot || *head >> 1U > own_place) return std::nullopt;
    auto const distance = static_cast<std::int64_t>(*difference >> 1U);
    file_before = FileId{file_before.value() + ((*difference & 1U) != 0 ? -distance : distance)};
    return LogStep{{file_before, *head >> 1U, SlotId{static_cast<std::int64_t>(*slot)}},
                   (*head & taken_away_flag) != 0};
}

/// Whether one of them is of the file and at the place; `all` in order.
bool has_any(std::set<Source> const& all, FileId file, std::size_t place, std::set<Source> const& except) {
    for (auto at = all.lower_bound({file, place, {}}); at != all.end() && at->file == file && at->place == place; ++at)
        if (!except.contains(*at)) return true;
    return false;
}

}  // namespace

SourceLedger::SourceLedger(store::Database& database, WaitingSources& waiting, std::size_t waiting_max)
    : table_{database},
      waiting_{waiting},
      waiting_max_{waiting_max},
      insert_log_{database.prepare("INSERT INTO source_log VALUES (?, ?)")},
      delete_log_{database.prepare("DELETE FROM source_log WHERE row <= ?")} {
    auto last = database.prepare("SELECT max(row) FROM source_log");
    if (last.step()) round_.last_row = last.integer(0);
    round_.steps = waiting_.waiting().size();
    round_before_ = round_;
}

void SourceLedger::settle_log(store::Database& database) {
    store::Transaction transaction{database};
    std::set<Source> sources;
    auto rows = database.prepare("SELECT steps FROM source_log ORDER BY row");
    while (rows.step()) {
        auto const steps = rows.blob(0);
        ByteReader in{steps};
        FileId file;
        while (in.remaining() > 0) {
            auto const step = take_step(in, file);
            if (!step) fail_as_damaged(database.file());
            if (step->taken_away)
                sources.erase(step->source);
            else
                sources.insert(step->source);
        }
    }
    rows.reset();
    SourceTable table{database};
    for (auto const& source : sources) table.put(source);
    database.run("DELETE FROM source_log");
    transaction.commit();
}

void SourceLedger::put(Source const& source, bool last) {
    if (last) return table_.put(source);
    added_.insert(added_.end(), source);  // they mostly come in order
}

void SourceLedger::remove(Source const& source) {
    bool const was_added = added_.erase(source) > 0;
    bool const waits = waiting_.waiting().contains(source);
    if (waits)
        removed_.insert(source);
    else if (!was_added)
        table_.remove(source);
    if (waits || !was_added) taken_away_.push_back(source);
}

bool SourceLedger::is_said(FileId file, std::size_t place) {
    return has_any(added_, file, place, {}) || has_any(waiting_.waiting(), file, place, removed_) ||
           table_.count(file, place, 1) > 0;
}

std::vector<SlotId> SourceLedger::own_lists(FileId file, std::size_t lists_max) {
    std::vector<SlotId> lists;
    auto const take = [&](auto const& sources, auto const& is_there) {
        for (auto at = sources.lower_bound({file, own_place, {}});
             at != sources.end() && at->file == file && lists.size() < lists_max; ++at)
            if (is_there(*at)) lists.push_back(at->slot);
    };
    take(added_, [](Source const&) { return true; });
    take(waiting_.waiting(), [this](Source const& source) { return waits(source); });
    for (auto const& source : table_.own_of(file, lists_max - lists.size())) lists.push_back(source.slot);
    return lists;
}

void SourceLedger::write_log() {
    Bytes steps;
    FileId file;
    // First those taken away: one that was there before and is there again must stay.
    for (auto const& source : taken_away_) put_step(steps, source, taken_away_flag, file);
    for (auto const& source : added_) put_step(steps, source, 0, file);
    if (steps.empty()) return;
    insert_log_.bind(1, ++round_.last_row).bind_borrowed(2, ByteView{steps}).run();
    round_.steps += taken_away_.size() + added_.size();
}

void SourceLedger::settle_some() {
    auto const& waiting = waiting_.waiting();
    auto left = std::max(settled_at_least, 2 * (added_.size() + taken_away_.size()));
    auto at = waiting.lower_bound(round_.next);
    for (; at != waiting.end() && left > 0; ++at, --left) {
        if (removed_.contains(*at)) continue;  // logged anew, if it is there again
        table_.put(*at);
        settled_.push_back(*at);
    }
    round_.next = at == waiting.end() ? Source{} : *at;
    if (at != waiting.end()) return;
    delete_log_.bind(1, round_.began_after).run();
    round_.steps -= round_.steps_before;
    round_.steps_before = round_.steps;
    round_.began_after = round_.last_row;
}

void SourceLedger::finish() {
    write_log();
    if (round_.steps > waiting_max_) settle_some();
}

void SourceLedger::committed() {
    waiting_.committed(settled_, removed_, std::exchange(added_, {}));
    settled_.clear();
    removed_.clear();
    taken_away_.clear();
    round_before_ = round_;
}

void SourceLedger::undone() {
    added_.clear();
    removed_.clear();
    taken_away_.clear();
    settled_.clear();
    round_ = round_before_;
}

}  // namespace praline::index::catalogue
