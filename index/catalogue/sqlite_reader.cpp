#include "index/catalogue/sqlite_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <span>

#include "index/catalogue/rows.hpp"
#include "index/catalogue/schema.hpp"
#include "index/wire/limits.hpp"
#include "node/wire/keywords.hpp"

namespace praline::index::catalogue {
namespace {

/// Files of one tier that are ranked against each other, for one that is wanted; those of a tier that are older stay behind.
constexpr std::size_t ranked_for_each_wanted = 4;
/// Sources of one file of which the best are named. Further ones are counted without a look at them.
constexpr std::size_t sources_compared_max = 2 * row_sources_max;
/// Lists of one file that are looked at, hidden ones too.
constexpr std::size_t lists_looked_at_max = 256;
/// Lists that say the same of a file, counted to find out what most say.
constexpr std::size_t says_counted_max = 256;
constexpr std::size_t reader_cache_share = 4;

std::string select_source() {
    return std::string{"SELECT "} + publisher_columns +
           " FROM slot JOIN publisher ON publisher.number = slot.publisher AND publisher.slot = slot.slot WHERE "
           "slot.slot = ?";
}

store::Database& prepared_to_read(store::Database& database, CatalogueLimits const& limits) {
    tune(database, limits.cache_bytes / reader_cache_share);
    return database;
}

/// Undone unless it ends well: an open snapshot would keep the log from being emptied.
class Snapshot {
public:
    Snapshot(store::Statement& begin, store::Statement& end) : end_{end} { begin.run(); }
    Snapshot(Snapshot const&) = delete;
    Snapshot& operator=(Snapshot const&) = delete;
    ~Snapshot() {
        try {
            end_.run();
        } catch (store::DatabaseError const&) {
            // The statement that failed has ended it already.
        }
    }

private:
    store::Statement& end_;
};

}  // namespace

struct SqliteReader::Candidate {
    FileId file;
    std::uint32_t sources = 0;        ///< lists that hold it, hidden ones too
    std::vector<std::size_t> places;  ///< of its variants that satisfy the query
    FileRecord record;
};

struct SqliteReader::Found {
    WaitingSources::View const& view;
    bool must_be_visible = false;  ///< files without a source that is not hidden are no candidates
    std::vector<Candidate> candidates;
    bool more = false;  ///< not everything was looked at
};

SqliteReader::SqliteReader(std::string const& file, CatalogueLimits const& limits, FileIndex const& index,
                           WaitingSources& waiting)
    : limits_{limits},
      index_{index},
      waiting_{waiting},
      database_{file},
      publishers_{prepared_to_read(database_, limits)},
      entries_{database_},
      files_{database_},
      source_table_{database_},
      begin_{database_.prepare("BEGIN")},
      end_{database_.prepare("COMMIT")},
      match_{database_.prepare("SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid LIMIT ?")},
      source_{database_.prepare(select_source())},
      totals_{database_.prepare("SELECT publishers, files, entries FROM total")} {}

template <class Work>
auto SqliteReader::in_snapshot(Work const& work) {
    return explaining(database_.file(), [&] {
        Snapshot const snapshot{begin_, end_};
        return work();
    });
}

std::optional<Publisher> SqliteReader::source(SlotId slot) {
    Rows const rows{source_};
    source_.bind(1, slot.value());
    if (!source_.step()) return std::nullopt;
    return publisher_at(source_, 0);
}

std::vector<Source> SqliteReader::sources_of(FileId file, WaitingSources::View const& view) {
    auto sources = source_table_.of(file, lists_looked_at_max);
    auto const waiting = view.of(file);
    sources.insert(sources.end(), waiting.begin(), waiting.end());
    if (!waiting.empty()) std::sort(sources.begin(), sources.end());
    sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
    return sources;
}

bool SqliteReader::is_visible(FileId file, WaitingSources::View const& view) {
    auto const sources = sources_of(file, view);
    return std::any_of(sources.begin(), sources.end(),
                       [this](Source const& one) { return source(one.slot).has_value(); });
}

SqliteReader::Sources SqliteReader::name_sources(Candidate const& candidate, WaitingSources::View const& view) {
    Sources sources;
    std::uint32_t looked_at = 0, hidden = 0;
    std::size_t reachable = 0;
    for (auto const& [file, place, slot] : sources_of(candidate.file, view)) {
        if (reachable == row_sources_max || sources.named.size() == sources_compared_max) break;
        ++looked_at;
        if (auto publisher = source(slot)) {
            if (!publisher->push_needed) ++reachable;
            sources.named.push_back(std::move(*publisher));
        } else {
            ++hidden;
        }
    }
    bool const whole = looked_at >= candidate.sources;
    sources.known = whole ? static_cast<std::uint32_t>(sources.named.size())
                          : candidate.sources - std::min(hidden, candidate.sources);
    std::stable_partition(sources.named.begin(), sources.named.end(),
                          [](Publisher const& publisher) { return !publisher.push_needed; });
    if (sources.named.size() > row_sources_max) sources.named.resize(row_sources_max);
    return sources;
}

void SqliteReader::look_at(FileId file, FileRecord&& record, Wish const& wish, bool words_hold, Found& found) {
    auto places = satisfying(record, wish, words_hold);
    if (places.empty() || (found.must_be_visible && !is_visible(file, found.view))) return;
    auto const state = index_.find(record.sha1, file);
    found.candidates.push_back({file, state ? state->sources : 0, std::move(places), std::move(record)});
}

Variant const& SqliteReader::most_said(Candidate const& candidate, WaitingSources::View const& view) {
    auto best = candidate.places.front();
    if (candidate.places.size() > 1) {
        auto const waiting = view.of(candidate.file);
        std::size_t most = 0;
        for (auto const place : candidate.places) {
            auto const count =
                source_table_.count(candidate.file, place, says_counted_max) +
                static_cast<std::size_t>(std::count_if(waiting.begin(), waiting.end(),
                                                       [&](Source const& one) { return one.place == place; }));
            if (count > most) best = place;
            most = std::max(most, count);
        }
    }
    return *candidate.record.variants[best];
}

std::vector<Row> SqliteReader::rows_of(Found& found, std::size_t wanted) {
    auto const better = [](Candidate const& left, Candidate const& right) {
        return left.sources != right.sources ? left.sources > right.sources : left.file > right.file;
    };
    std::sort(found.candidates.begin(), found.candidates.end(), better);
    std::vector<Row> rows;
    for (auto const& candidate : found.candidates) {
        if (rows.size() > wanted) break;
        auto sources = name_sources(candidate, found.view);
        if (!sources.named.empty())
            rows.push_back({most_said(candidate, found.view).entry(candidate.record.sha1), sources.known,
                            std::move(sources.named)});
    }
    // Hidden lists are told from others only now.
    std::stable_sort(rows.begin(), rows.end(),
                     [](Row const& left, Row const& right) { return left.sources_known > right.sources_known; });
    return rows;
}

void SqliteReader::search_words(Wish const& wish, TermQuery const& terms, std::size_t wanted, Found& found) {
    Rows const rows{match_};
    match_.bind(1, std::string_view{terms.match}).bind(2, static_cast<std::int64_t>(limits_.candidates_max + 1));
    std::size_t looked_at = 0;
    unsigned last_tier = tiers;  // in which there were enough
    while (match_.step()) {
        DocumentId const document{match_.integer(0)};
        auto const tier = tier_of(document);
        auto const count = found.candidates.size();
        if (count > wanted && last_tier == tiers) last_tier = tier;
        bool const enough = count > wanted && (tier < last_tier || count >= wanted * ranked_for_each_wanted);
        if (enough || looked_at++ == limits_.candidates_max) {
            found.more = true;
            return;
        }
        auto const file = file_of(document);
        auto record = files_.load(file);
        if (record)
            look_at(file, std::move(*record), wish, terms.is_exact, found);  // else damage that hides no other file
    }
}

void SqliteReader::search_sha1(Sha1 const& sha1, Wish const& wish, Found& found) {
    for (std::size_t nth = 0;; ++nth) {
        auto const known = index_.find(sha1, nth);
        if (!known) return;
        auto record = files_.load(known->file);
        if (!record || record->sha1 != sha1) continue;  // not committed yet, or mistaken for it
        look_at(known->file, std::move(*record), wish, false, found);
        return;
    }
}

Answer SqliteReader::search(Query const& query) {
    Wish const wish{wire::distinct_keywords(query.words), query.urn ? query.urn->tiger_root : std::nullopt,
                    query.size_min, query.size_max, query.kind};
    auto const terms = term_query(wish.words, {limits_.query_terms_max, limits_.query_widened_max});
    std::size_t const wanted = std::min<std::size_t>(query.wanted, answer_rows_max);
    WaitingSources::View const view{waiting_};  // before the snapshot
    Found found{view, false, {}, false};
    Answer answer;
    auto const sha1 = query.urn ? query.urn->sha1 : std::nullopt;
    in_snapshot([&] {
        if (sha1) search_sha1(*sha1, wish, found);
        bool const by_words = !query.urn && !terms.match.empty();
        if (by_words) search_words(wish, terms, wanted, found);
        answer.rows = rows_of(found, wanted);
        // Seldom so many are hidden that those left over do not make up for them: only then each is looked at closely.
        if (by_words && found.more && answer.rows.size() < std::min(found.candidates.size(), wanted + 1)) {
            found.must_be_visible = true;
            found.more = false;
            found.candidates.clear();
            search_words(wish, terms, wanted, found);
            answer.rows = rows_of(found, wanted);
        }
        answer.more = found.more || answer.rows.size() > wanted;
        if (answer.rows.size() > wanted) answer.rows.pop_back();
    });
    return answer;
}

EntryPage SqliteReader::entries_after(PublisherId const& publisher, std::optional<Sha1> after,
                                      std::size_t entries_max) {
    return in_snapshot([&] {
        EntryPage page;
        auto row = publishers_.find(publisher);
        page.last = true;
        if (!row) return page;
        page.record = row->record;
        if (!row->slot) return page;
        auto rows = entries_.rows_after(*row->slot, after, entries_max + 1);
        page.last = rows.size() <= entries_max;
        if (!page.last) rows.pop_back();
        for (auto const& [sha1, place] : rows) {
            if (place.own) {
                page.entries.push_back(place.own->entry(sha1));
                continue;
            }
            auto const record = files_.load(place.file);
            if (!record || *place.variant >= record->variants.size() || !record->variants[*place.variant])
                files_.fail_as_damaged();
            page.entries.push_back(record->variants[*place.variant]->entry(sha1));
        }
        return page;
    });
}

CatalogueSize SqliteReader::size() {
    auto size = in_snapshot([&] {
        Rows const rows{totals_};
        CatalogueSize result;
        if (totals_.step())
            result = {static_cast<std::uint64_t>(totals_.integer(0)), static_cast<std::uint64_t>(totals_.integer(1)),
                      static_cast<std::uint64_t>(totals_.integer(2)), 0};
        return result;
    });
    for (char const* const ending : {"", "-wal", "-shm"}) {
        std::error_code missing;
        auto const bytes = std::filesystem::file_size(database_.file() + ending, missing);
        if (!missing) size.disk_bytes += bytes;
    }
    return size;
}

}  // namespace praline::index::catalogue
