#include "index/catalogue/file_ledger.hpp"

#include <algorithm>
#include <string>

namespace praline::index {
namespace {

/// One step of the full text index.
struct WordStep {
    DocumentId document;
    bool insert;
    std::string words;
};

bool is_free(Variant const& variant) { return variant.sources == 0; }

}  // namespace

FileLedger::FileLedger(store::Database& database, RecentFiles& recent, std::size_t recent_max)
    : table_{database}, by_sha1_{database, recent, recent_max}, insert_holder_{database.prepare("INSERT OR IGNORE INTO holder VALUES (?, ?)")},
      delete_holder_{database.prepare("DELETE FROM holder WHERE file = ? AND slot = ?")},
      select_holders_{database.prepare("SELECT slot FROM holder WHERE file = ? ORDER BY slot LIMIT ?")},
      insert_words_{database.prepare("INSERT INTO word (rowid, text) VALUES (?, ?)")},
      delete_words_{database.prepare("INSERT INTO word (word, rowid, text) VALUES ('delete', ?, ?)")} {}

std::pair<FileId const, FileLedger::Touched>& FileLedger::touch(FileId file) {
    auto const found = files_.lower_bound(file);
    if (found != files_.end() && found->first == file) return *found;
    auto record = table_.load(file);
    if (!record) table_.fail_as_damaged();
    auto const document = document_of(file, record->sources);
    return *files_.emplace_hint(found, file, Touched{document, {}, std::move(*record)});
}

std::pair<FileId const, FileLedger::Touched>& FileLedger::find_or_make(Sha1 const& sha1) {
    if (auto const known = by_sha1_.find(sha1)) return touch(*known);
    auto const file = table_.next_id();
    by_sha1_.add(sha1, file);
    return *files_.emplace_hint(files_.end(), file, Touched{{}, {}, {sha1, 0, {}, {}}});   // new ones are the last
}

void FileLedger::will_change_words(Touched& touched) const {
    if (touched.document_before && !touched.words_before) touched.words_before = indexed_words(touched.now);
}

Place FileLedger::put(FileId file, Touched& touched, Entry const& entry) {
    auto& variants = touched.now.variants;
    Variant fresh{1, entry.size_bytes, entry.tiger_root, entry.name};
    auto found = std::find_if(variants.begin(), variants.end(), [&](auto const& variant) { return !is_free(variant) && variant.says(entry); });
    if (found != variants.end()) {
        ++found->sources;
        return {file, static_cast<std::size_t>(found - variants.begin()), {}};
    }
    found = std::find_if(variants.begin(), variants.end(), is_free);
    if (found == variants.end() && variants.size() == variants_max) return {file, {}, std::move(fresh)};
    will_change_words(touched);
    if (found == variants.end()) found = variants.insert(found, std::move(fresh));
    else *found = std::move(fresh);
    return {file, static_cast<std::size_t>(found - variants.begin()), {}};
}

void FileLedger::take(FileId file, Touched& touched, Place const& place) {
    if (!place.variant) return;
    auto& variants = touched.now.variants;
    if (*place.variant >= variants.size() || is_free(variants[*place.variant])) table_.fail_as_damaged();
    if (variants[*place.variant].sources == 1) will_change_words(touched);
    if (--variants[*place.variant].sources > 0) return;
    variants[*place.variant] = {};
    while (!variants.empty() && is_free(variants.back())) variants.pop_back();
    if (variants.empty()) orphans_.emplace(file, touched.now.sha1);
}

void FileLedger::hold(FileId file, Touched& touched, SlotId slot) {
    if (touched.now.holders.size() < holders_inside_max) touched.now.holders.push_back(slot);
    else holders_[{file, slot}] = true;
}

void FileLedger::release(FileId file, Touched& touched, SlotId slot) {
    auto& inside = touched.now.holders;
    auto const found = std::find(inside.begin(), inside.end(), slot);
    if (found != inside.end()) inside.erase(found);
    else holders_[{file, slot}] = false;
}

Place FileLedger::add(SlotId slot, Entry const& entry) {
    auto& [file, touched] = find_or_make(entry.sha1);
    if (touched.now.sources++ == 0) ++growth_;
    hold(file, touched, slot);
    return put(file, touched, entry);
}

Entry FileLedger::entry(Sha1 const& sha1, Place const& place) {
    if (!place.variant) return place.own->entry(sha1);
    auto const& record = touch(place.file).second.now;
    if (*place.variant >= record.variants.size() || record.sha1 != sha1) table_.fail_as_damaged();
    return record.variants[*place.variant].entry(sha1);
}

Place FileLedger::replace(Place const& before, Entry const& entry) {
    auto& touched = touch(before.file).second;
    take(before.file, touched, before);
    return put(before.file, touched, entry);
}

void FileLedger::remove(SlotId slot, Place const& place) {
    auto& touched = touch(place.file).second;
    if (touched.now.sources == 0) table_.fail_as_damaged();
    if (--touched.now.sources == 0) --growth_;
    release(place.file, touched, slot);
    take(place.file, touched, place);
    if (touched.now.sources == 0 && !touched.now.variants.empty()) table_.fail_as_damaged();
}

std::optional<Place> FileLedger::adopt(FileId file, Variant const& own) {
    auto& touched = touch(file).second;
    auto place = put(file, touched, own.entry(touched.now.sha1));
    if (!place.variant) return std::nullopt;
    return place;
}

std::vector<std::pair<FileId, Sha1>> FileLedger::take_orphans() {
    std::vector<std::pair<FileId, Sha1>> result;
    for (auto const& [file, sha1] : orphans_) {
        auto const found = files_.find(file);
        if (found != files_.end() && found->second.now.sources > 0 && found->second.now.variants.empty()) result.emplace_back(file, sha1);
    }
    orphans_.clear();
    return result;
}

std::vector<SlotId> FileLedger::holders(FileId file, std::size_t holders_max) {
    std::vector<SlotId> slots = touch(file).second.now.holders;
    if (slots.size() >= holders_max) return slots;
    flush_holders();
    select_holders_.bind(1, file.value()).bind(2, static_cast<std::int64_t>(holders_max));
    while (select_holders_.step()) slots.emplace_back(select_holders_.integer(0));
    select_holders_.reset();
    return slots;
}

void FileLedger::flush_holders() {
    for (auto const& [pair, has] : holders_) {
        auto& statement = has ? insert_holder_ : delete_holder_;
        statement.bind(1, pair.first.value()).bind(2, pair.second.value()).run();
    }
    holders_.clear();
}

void FileLedger::flush_files() {
    for (auto const& [file, touched] : files_) {
        if (touched.now.sources > 0) {
            table_.save(file, touched.now);
        } else {
            if (touched.document_before) table_.remove(file);
            by_sha1_.remove(touched.now.sha1);
        }
    }
}

void FileLedger::flush_words() {
    std::vector<WordStep> steps;
    for (auto const& [file, touched] : files_) {
        auto const document = document_of(file, touched.now.sources);
        bool const stays = touched.document_before == document && touched.now.sources > 0;
        if (stays && !touched.words_before) continue;
        auto words = indexed_words(touched.now);
        auto before = touched.words_before ? *touched.words_before : touched.document_before ? words : std::string{};
        if (stays && before == words) continue;
        // A document without words is not there at all.
        if (!before.empty()) steps.push_back({*touched.document_before, false, std::move(before)});
        if (!words.empty()) steps.push_back({document, true, std::move(words)});
    }
    std::sort(steps.begin(), steps.end(), [](WordStep const& left, WordStep const& right) {
        return left.document != right.document ? left.document < right.document : left.insert < right.insert;
    });
    for (auto const& step : steps) (step.insert ? insert_words_ : delete_words_).bind(1, step.document.value()).bind_borrowed(2, step.words).run();
}

void FileLedger::flush() {
    flush_holders();
    flush_files();
    flush_words();
    files_.clear();
}

void FileLedger::finish() {
    flush();
    by_sha1_.settle_some();
}

void FileLedger::committed() {
    by_sha1_.committed();
    orphans_.clear();
}

void FileLedger::undone() {
    by_sha1_.undone();
    files_.clear();
    holders_.clear();
    orphans_.clear();
    growth_ = 0;
}

}  // namespace praline::index
