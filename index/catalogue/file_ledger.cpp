#include "index/catalogue/file_ledger.hpp"

#include <algorithm>

namespace praline::index::catalogue {
namespace {

bool nobody_says_anything(FileRecord const& record) {
    return std::none_of(record.variants.begin(), record.variants.end(),
                        [](auto const& variant) { return variant.has_value(); });
}

std::size_t place_number(Place const& place) { return place.variant.value_or(own_place); }

}  // namespace

FileLedger::FileLedger(store::Database& database, FileIndex& index, WaitingSources& waiting, std::size_t waiting_max)
    : table_{database},
      sources_{database, waiting, waiting_max},
      index_{index},
      insert_words_{database.prepare("INSERT INTO word (rowid, text) VALUES (?, ?)")},
      delete_words_{database.prepare("INSERT INTO word (word, rowid, text) VALUES ('delete', ?, ?)")},
      first_fresh_{table_.first_free().value()} {}

FileLedger::Touched& FileLedger::touch(FileId file) {
    auto const found = files_.lower_bound(file);
    if (found != files_.end() && found->first == file) return found->second;
    auto record = table_.load(file);
    if (!record) table_.fail_as_damaged();
    return files_.emplace_hint(found, file, Touched{std::move(*record), {}})->second;
}

FileRecord& FileLedger::record(FileId file) { return is_fresh(file) ? fresh(file).record : touch(file).now; }

FileRecord& FileLedger::record_to_change(FileId file) {
    if (is_fresh(file)) return fresh(file).record;
    auto& touched = touch(file);
    if (!touched.words_before) touched.words_before = indexed_terms(touched.now);
    return touched.now;
}

FileState FileLedger::state(Sha1 const& sha1, FileId file) const {
    auto const state = index_.find(sha1, file);
    if (!state) table_.fail_as_damaged();
    return *state;
}

void FileLedger::set_sources(Sha1 const& sha1, FileState state, std::uint32_t sources) {
    if (state.sources == 0) ++growth_;
    if (sources == 0) --growth_;
    if (is_fresh(state.file))
        fresh(state.file).sources = sources;
    else if (tier_of(state.sources) != tier_of(sources))
        moved_.try_emplace(state.file, document_of(state.file, state.sources), sha1);
    state.sources = sources;
    index_.change(sha1, state);
}

void FileLedger::update_print(FileId file, FileRecord const& record) {
    auto now = state(record.sha1, file);
    bool const has_first = !record.variants.empty() && record.variants[0];
    now.print = has_first ? index_.print(record.variants[0]->entry(record.sha1)) : 0;
    index_.change(record.sha1, now);
}

Place FileLedger::make(SlotId slot, Entry const& entry, std::uint64_t print) {
    FileId const file{first_fresh_ + static_cast<std::int64_t>(fresh_.size())};
    auto& made = fresh_.emplace_back(Fresh{{entry.sha1, {}}, 1});
    made.record.variants.emplace_back(Variant{entry.size_bytes, entry.tiger_root, entry.name});
    index_.add(entry.sha1, {file, 1, print});
    ++growth_;
    source_steps_.push_back({{file, 0, slot}, true});
    return {file, 0, {}};
}

Place FileLedger::put(FileId file, Entry const& entry) {
    auto place = put_if_room(file, entry);
    if (place.variant || lost_.lower_bound({file, 0}) == lost_.lower_bound({file, own_place})) return place;
    settle_lost();  // perhaps there is room now
    return put_if_room(file, entry);
}

Place FileLedger::put_if_room(FileId file, Entry const& entry) {
    auto const& seen = record(file).variants;
    auto const same =
        std::find_if(seen.begin(), seen.end(), [&](auto const& variant) { return variant && variant->says(entry); });
    if (same != seen.end()) return {file, static_cast<std::size_t>(same - seen.begin()), {}};
    Variant fresh{entry.size_bytes, entry.tiger_root, entry.name};
    auto const place = static_cast<std::size_t>(std::find(seen.begin(), seen.end(), std::nullopt) - seen.begin());
    if (place == variants_max) return {file, {}, std::move(fresh)};
    auto& changed = record_to_change(file);
    if (place == changed.variants.size()) changed.variants.emplace_back();
    changed.variants[place] = std::move(fresh);
    if (place == 0) update_print(file, changed);
    return {file, place, {}};
}

Place FileLedger::add(SlotId slot, Entry const& entry) {
    auto const print = index_.print(entry);
    for (std::size_t nth = 0;; ++nth) {
        auto known = index_.find(entry.sha1, nth);
        if (!known) return make(slot, entry, print);
        Place place{known->file, 0, {}};
        if (known->print != print) {
            if (record(known->file).sha1 != entry.sha1) continue;  // mistaken for it
            place = put(known->file, entry);
            known = state(entry.sha1, known->file);
        }
        set_sources(entry.sha1, *known, known->sources + 1);
        source_steps_.push_back({{known->file, place_number(place), slot}, true});
        return place;
    }
}

Entry FileLedger::entry(Sha1 const& sha1, Place const& place) {
    if (!place.variant) return place.own->entry(sha1);
    auto const& held = record(place.file);
    if (*place.variant >= held.variants.size() || !held.variants[*place.variant] || held.sha1 != sha1)
        table_.fail_as_damaged();
    return held.variants[*place.variant]->entry(sha1);
}

Place FileLedger::replace(SlotId slot, Place const& before, Entry const& entry) {
    if (before.variant && state(entry.sha1, before.file).sources == 1) {
        auto& changed = record_to_change(before.file);
        changed.variants[*before.variant] = Variant{entry.size_bytes, entry.tiger_root, entry.name};
        if (*before.variant == 0) update_print(before.file, changed);
        return before;
    }
    lose({before.file, place_number(before), slot}, entry.sha1);
    auto place = put(before.file, entry);
    source_steps_.push_back({{before.file, place_number(place), slot}, true});
    return place;
}

void FileLedger::remove(SlotId slot, Sha1 const& sha1, Place const& place) {
    auto const held = state(sha1, place.file);
    if (held.sources == 0) table_.fail_as_damaged();
    set_sources(sha1, held, held.sources - 1);
    lose({place.file, place_number(place), slot}, sha1);
}

void FileLedger::lose(Source const& source, Sha1 const& sha1) {
    source_steps_.push_back({source, false});
    lost_.try_emplace({source.file, source.place}, sha1);
}

std::optional<Place> FileLedger::adopt(SlotId slot, FileId file, Variant const& own) {
    auto const sha1 = record(file).sha1;
    auto place = put(file, own.entry(sha1));
    if (!place.variant) return std::nullopt;
    lose({file, own_place, slot}, sha1);
    source_steps_.push_back({{file, *place.variant, slot}, true});
    return place;
}

void FileLedger::settle_lost() {
    write_sources();
    auto const lost = std::exchange(lost_, {});
    for (auto const& [where, sha1] : lost) {
        auto const& [file, place] = where;
        if (state(sha1, file).sources == 0) {
            gone_.insert(file);
            continue;
        }
        if (place == own_place || sources_.is_said(file, place)) continue;
        auto& changed = record_to_change(file);
        if (place >= changed.variants.size()) table_.fail_as_damaged();
        changed.variants[place].reset();
        while (!changed.variants.empty() && !changed.variants.back()) changed.variants.pop_back();
        if (place == 0) update_print(file, changed);
        if (nobody_says_anything(changed)) orphans_.try_emplace(file, sha1);
    }
}

std::vector<std::pair<FileId, Sha1>> FileLedger::take_orphans() {
    settle_lost();
    std::vector<std::pair<FileId, Sha1>> result;
    for (auto const& [file, sha1] : std::exchange(orphans_, {}))
        if (state(sha1, file).sources > 0 && nobody_says_anything(record(file))) result.emplace_back(file, sha1);
    return result;
}

std::vector<SlotId> FileLedger::lists_of_orphan(FileId file, std::size_t lists_max) {
    write_sources();
    return sources_.own_lists(file, lists_max);
}

void FileLedger::write_sources() {
    std::stable_sort(source_steps_.begin(), source_steps_.end(),
                     [](SourceStep const& left, SourceStep const& right) { return left.source < right.source; });
    for (auto step = source_steps_.begin(); step != source_steps_.end(); ++step) {
        auto const next = std::next(step);
        if (next != source_steps_.end() && next->source == step->source) continue;  // the last one counts
        if (step->has)
            sources_.put(step->source, is_fresh(step->source.file));
        else
            sources_.remove(step->source);
    }
    source_steps_.clear();
}

std::vector<FileLedger::WordStep> FileLedger::word_steps() {
    std::vector<WordStep> steps;
    auto const step = [&steps](DocumentId document, bool insert, std::string words) {
        if (!words.empty())
            steps.push_back({document, insert, std::move(words)});  // a document without words is not there at all
    };
    for (std::size_t at = 0; at < fresh_.size(); ++at)
        if (fresh_[at].sources > 0)
            step(document_of(FileId{first_fresh_ + static_cast<std::int64_t>(at)}, fresh_[at].sources), true,
                 indexed_terms(fresh_[at].record));
    for (auto const& [file, place] : moved_)
        if (document_of(file, state(place.second, file).sources) != place.first) touch(file);
    for (auto const& [file, touched] : files_) {
        auto const moved = moved_.find(file);
        bool const gone = gone_.contains(file);
        if (!touched.words_before && moved == moved_.end() && !gone) continue;
        auto const document = document_of(file, state(touched.now.sha1, file).sources);
        auto const before = moved == moved_.end() ? document : moved->second.first;
        auto words = indexed_terms(touched.now);
        auto words_before = touched.words_before.value_or(words);
        if (before == document && words_before == words && !gone) continue;
        step(before, false, std::move(words_before));
        if (!gone) step(document, true, std::move(words));
    }
    std::sort(steps.begin(), steps.end(), [](WordStep const& left, WordStep const& right) {
        return left.document != right.document ? left.document < right.document : left.insert < right.insert;
    });
    return steps;
}

void FileLedger::write_words() {
    for (auto const& step : word_steps())
        (step.insert ? insert_words_ : delete_words_).bind(1, step.document.value()).bind_borrowed(2, step.words).run();
}

void FileLedger::write_files() {
    for (auto const& [file, touched] : files_) {
        if (gone_.contains(file)) {
            table_.remove(file);
            index_.remove(touched.now.sha1, file);
        } else if (touched.words_before) {
            table_.save(file, touched.now);
        }
    }
    for (std::size_t at = 0; at < fresh_.size(); ++at) {
        FileId const file{first_fresh_ + static_cast<std::int64_t>(at)};
        if (fresh_[at].sources > 0)
            table_.save(file, fresh_[at].record);
        else
            index_.remove(fresh_[at].record.sha1, file);
    }
}

void FileLedger::flush() {
    settle_lost();
    std::erase_if(gone_,
                  [this](FileId file) { return is_fresh(file) || state(touch(file).now.sha1, file).sources > 0; });
    write_words();
    write_files();
    first_fresh_ += static_cast<std::int64_t>(fresh_.size());
    fresh_.clear();
    files_.clear();
    moved_.clear();
    gone_.clear();
}

void FileLedger::finish() {
    flush();
    sources_.finish();
}

void FileLedger::committed() {
    index_.committed();
    sources_.committed();
    orphans_.clear();
}

void FileLedger::undone() {
    index_.undone();
    sources_.undone();
    fresh_.clear();
    files_.clear();
    source_steps_.clear();
    moved_.clear();
    lost_.clear();
    orphans_.clear();
    gone_.clear();
    growth_ = 0;
}

}  // namespace praline::index::catalogue
