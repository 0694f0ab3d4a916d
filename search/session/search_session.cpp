#include "search/session/search_session.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "node/wire/keywords.hpp"
#include "search/match/hit_match.hpp"
#include "search/session/clean_name.hpp"
#include "search/session/limits.hpp"
#include "search/session/query_text.hpp"
#include "search/session/result_table.hpp"
#include "search/session/row_index.hpp"
#include "search/strategy/key_rules.hpp"

namespace praline::search {
namespace {

struct Search {
    Search(HitMatch answers, std::vector<std::string> words) : match{std::move(answers)}, table{std::move(words)} {}

    SearchInfo info;
    std::size_t sources_min = 0;  // rows with fewer are not shown, and may have more later
    HitMatch match;
    ResultTable table;
    CostLedger ledger;
};

/// The rows of a search in an order somebody asked for.
struct KeptIndex {
    std::uint32_t search;
    RowIndex index;
};

std::string clean_vendor(std::string const& vendor) {
    std::string out;
    for (char const c : vendor)
        if (c > ' ' && c < 0x7F && out.size() < vendor_bytes_max) out += c;
    return out;
}

/// Tells one record of one servent from others.
std::uint64_t key_of(wire::QueryHit const& hit, wire::HitRecord const& record) {
    return strategy::key_of_text(hit.servent.hex() + std::to_string(record.index) + '\n' + record.name + '\n' +
                                 record.urn.text());
}

Source source_of(wire::QueryHit const& hit, wire::HitRecord const& record, PeerId via, Hops hops,
                 std::optional<std::uint32_t> cached_seconds) {
    Source source;
    source.endpoint = hit.endpoint;
    source.servent = hit.servent;
    source.index = record.index;
    source.name = clean_name(record.name);
    source.vendor = clean_vendor(hit.vendor);
    source.push_needed = hit.push_needed;
    source.browsable = hit.browsable;
    source.busy = hit.busy;
    source.hops = hops.value();
    source.via = via;
    source.cached_seconds = cached_seconds;
    auto const proxies = static_cast<std::ptrdiff_t>(std::min(hit.push_proxies.size(), push_proxies_max));
    source.push_proxies.assign(hit.push_proxies.begin(), hit.push_proxies.begin() + proxies);
    return source;
}

}  // namespace

struct SearchSessions::Impl {
    explicit Impl(SessionLimits given) : limits{given} {}

    SessionLimits limits;
    std::map<std::uint32_t, Search> searches;  // in order of age
    std::map<Guid, std::uint32_t> by_guid;     // open ones only
    std::uint32_t next_id = 1;
    std::size_t sources = 0;             // of all searches, those in `discarded` too
    std::vector<ResultTable> discarded;  // of searches that were erased: their memory goes back little by little
    std::vector<KeptIndex> indexes;      // the one used last stands last; at most indexes_max

    [[nodiscard]] Search const* find(std::uint32_t id) const {
        auto const at = searches.find(id);
        return at == searches.end() ? nullptr : &at->second;
    }
    [[nodiscard]] bool make_room();
    Search& add(Guid const& guid, HitMatch match, std::vector<std::string> words, Instant now);
    [[nodiscard]] Search* find_open(Guid const& guid);
    void close(Search& search, Instant now);
    void discard_some();
    void erase(std::map<std::uint32_t, Search>::iterator at);
    template <class MakeSource>
    std::optional<std::uint32_t> add_records(Guid const& guid, wire::QueryHit const& hit, Instant now,
                                             MakeSource make_source);
    bool add_record(Search& search, wire::HitRecord const& record, Source source, Instant now);
    [[nodiscard]] RowIndex* index_for(std::uint32_t id, RowQuery const& choice);
    void help_unfinished();
    [[nodiscard]] SearchInfo info(Search const& search) const;
};

bool SearchSessions::Impl::make_room() {
    if (searches.size() < limits.searches_max) return true;
    auto const closed =
        std::find_if(searches.begin(), searches.end(), [](auto const& one) { return !one.second.info.open; });
    if (closed == searches.end()) return false;
    erase(closed);
    return true;
}

/// @pre make_room()
Search& SearchSessions::Impl::add(Guid const& guid, HitMatch match, std::vector<std::string> words, Instant now) {
    std::uint32_t const id = next_id++;
    Search& search = searches.try_emplace(id, std::move(match), std::move(words)).first->second;
    search.info.id = id;
    search.info.guid = guid;
    search.info.started = now;
    search.info.open_for = limits.open_for;
    by_guid.emplace(guid, id);
    return search;
}

Search* SearchSessions::Impl::find_open(Guid const& guid) {
    auto const known = by_guid.find(guid);
    return known == by_guid.end() ? nullptr : &searches.at(known->second);
}

void SearchSessions::Impl::close(Search& search, Instant now) {
    if (!search.info.open) return;
    search.info.open = false;
    search.info.state = SearchState::closed;
    search.info.lasted = now - search.info.started;
    ++search.info.revision;  // whoever follows the revision learns of it
    by_guid.erase(search.info.guid);
}

void SearchSessions::Impl::erase(std::map<std::uint32_t, Search>::iterator at) {
    by_guid.erase(at->second.info.guid);
    discarded.push_back(std::move(at->second.table));
    std::erase_if(indexes, [&](KeptIndex const& one) { return one.search == at->first; });
    searches.erase(at);
    discard_some();
}

/// A search has a hundred thousand rows at most, each of several pieces of memory: all at once would hold others up.
void SearchSessions::Impl::discard_some() {
    for (std::size_t left = discarded_a_step_max; left > 0 && !discarded.empty();) {
        ResultTable& table = discarded.back();
        auto const [rows, of_it] = std::pair{table.size(), table.sources()};
        table.discard(left);
        left -= rows - table.size();
        sources -= of_it - table.sources();
        if (table.size() == 0) discarded.pop_back();
    }
}

bool SearchSessions::Impl::add_record(Search& search, wire::HitRecord const& record, Source source, Instant now) {
    using Outcome = ResultTable::Outcome;
    auto const [servent, endpoint, hops, cached, indexed] =
        std::tuple{source.servent, source.endpoint, source.hops, source.cached_seconds.has_value(), source.indexed};
    std::size_t const before = search.table.sources();
    if (sources >= limits.sources_of_all_max) discard_some();
    bool const may_grow = sources < limits.sources_of_all_max;
    Outcome const outcome =
        search.table.add(record.urn, record.size_bytes, std::move(source), limits, may_grow, search.info.revision);
    sources += search.table.sources() - before;
    if (outcome == Outcome::refused) ++search.info.dropped;
    if (outcome == Outcome::added) {
        ++search.info.hits;
        search.ledger.found(hops, cached, search.table.size(), now - search.info.started);
    }
    if (outcome == Outcome::updated) {
        auto const& [from, to] = search.table.last_move();
        if (from != to) search.ledger.moved({from.hops, from.cached}, {to.hops, to.cached});
    }
    bool const changed = outcome == Outcome::added || outcome == Outcome::updated;
    if (changed && !indexed) search.ledger.answered(servent, endpoint);
    return changed;
}

/// @returns nullptr: all places are taken by what is still being sorted.
RowIndex* SearchSessions::Impl::index_for(std::uint32_t id, RowQuery const& choice) {
    auto const known = std::find_if(indexes.begin(), indexes.end(), [&](KeptIndex const& one) {
        return one.search == id && one.index.choice() == choice;
    });
    if (known != indexes.end()) {
        std::rotate(known, std::next(known), indexes.end());
        return &indexes.back().index;
    }
    if (indexes.size() >= indexes_max) {
        auto const spare =
            std::find_if(indexes.begin(), indexes.end(), [](KeptIndex const& one) { return one.index.ready(); });
        if (spare == indexes.end()) return nullptr;
        indexes.erase(spare);
    }
    indexes.push_back(KeptIndex{id, RowIndex{choice}});
    return &indexes.back().index;
}

/// Takes the sorting that was left longest a step further: who began it may have gone, and it holds a place until it ends.
void SearchSessions::Impl::help_unfinished() {
    auto const left =
        std::find_if(indexes.begin(), indexes.end(), [](KeptIndex const& one) { return !one.index.ready(); });
    if (left != indexes.end()) left->index.advance(searches.at(left->search).table);
}

SearchInfo SearchSessions::Impl::info(Search const& search) const {
    SearchInfo result = search.info;
    result.rows = search.table.size();
    result.cost = search.ledger.cost();
    return result;
}

SearchSessions::SearchSessions(SessionLimits limits) : impl_{std::make_unique<Impl>(limits)} {}
SearchSessions::~SearchSessions() = default;

std::optional<SearchSessions::Opened> SearchSessions::open(std::string const& text, std::optional<Urn> urn, Guid guid,
                                                           Instant now, strategy::Parameters const& parameters) {
    std::optional<wire::Query> query = make_query(text, urn, impl_->limits.text_bytes_max);
    if (!query || impl_->by_guid.contains(guid) || !impl_->make_room()) return std::nullopt;
    bool const has_words = query->text != "\\";
    auto asked = split_search_text(text);
    Search& search = impl_->add(guid, HitMatch{*query, asked},
                                has_words ? wire::keywords(query->text) : std::vector<std::string>{}, now);
    search.info.parameters = parameters;
    search.info.text = clean_text(text);  // as the user wrote it, for the list
    if (search.info.text.empty() && !query->urns.empty()) search.info.text = query->urns.front().text();
    search.info.without = std::move(asked.excluded);
    search.info.conditions = asked.conditions.shown();
    search.sources_min = asked.conditions.sources_min();
    return Opened{search.info.id, std::move(*query)};
}

std::optional<std::uint32_t> SearchSessions::open_list(std::string const& title, Guid guid, Instant now,
                                                       Duration open_for) {
    if (impl_->by_guid.contains(guid) || !impl_->make_room()) return std::nullopt;
    Search& search = impl_->add(guid, HitMatch{wire::Query{}}, {}, now);
    search.info.text = clean_text(title);
    search.info.open_for = open_for;
    return search.info.id;
}

std::size_t SearchSessions::sources() const { return impl_->sources; }

bool SearchSessions::has_room() const {
    return impl_->by_guid.size() < impl_->limits.searches_max;  // one that is closed gives way
}

void SearchSessions::close(std::uint32_t id, Instant now) {
    if (auto const at = impl_->searches.find(id); at != impl_->searches.end()) impl_->close(at->second, now);
}

void SearchSessions::erase(std::uint32_t id) {
    if (auto const at = impl_->searches.find(id); at != impl_->searches.end()) impl_->erase(at);
}

template <class MakeSource>
std::optional<std::uint32_t> SearchSessions::Impl::add_records(Guid const& guid, wire::QueryHit const& hit, Instant now,
                                                               MakeSource make_source) {
    Search* const search = find_open(guid);
    if (search == nullptr) return std::nullopt;
    if (now >= search->info.started + search->info.open_for)
        return std::nullopt;  // due, though nobody called expire yet
    bool changed = false;
    auto const verdicts = search->match.judge(hit);
    for (std::size_t i = 0; i < hit.records.size(); ++i) {
        if (verdicts[i] == HitMatch::Verdict::answers)
            changed = add_record(*search, hit.records[i], make_source(hit.records[i]), now) || changed;
        else if (verdicts[i] == HitMatch::Verdict::excluded)
            search->ledger.excluded(key_of(hit, hit.records[i]));
        else
            search->ledger.hidden(key_of(hit, hit.records[i]));
    }
    return changed ? std::optional{search->info.id} : std::nullopt;
}

std::optional<std::uint32_t> SearchSessions::add_hit(Guid const& guid, PeerId via, Hops hops, wire::QueryHit const& hit,
                                                     Instant now, std::optional<std::uint32_t> cached_seconds) {
    return impl_->add_records(guid, hit, now, [&](wire::HitRecord const& record) {
        return source_of(hit, record, via, hops, cached_seconds);
    });
}

std::optional<std::uint32_t> SearchSessions::add_indexed(Guid const& guid, wire::QueryHit const& hit, Instant now) {
    return impl_->add_records(guid, hit, now, [&](wire::HitRecord const& record) {
        Source source = source_of(hit, record, PeerId{}, Hops{0}, std::nullopt);
        source.indexed = true;
        return source;
    });
}

std::optional<std::uint32_t> SearchSessions::index_cost(Guid const& guid, IndexCost cost) {
    Search* const search = impl_->find_open(guid);
    if (search == nullptr) return std::nullopt;
    search->ledger.index(std::move(cost));
    return search->info.id;
}

std::optional<std::uint32_t> SearchSessions::spent(Guid const& guid, std::uint64_t messages, std::uint64_t bytes,
                                                   std::uint64_t reach) {
    Search* const search = impl_->find_open(guid);
    if (search == nullptr) return std::nullopt;
    search->ledger.spent(messages, bytes, reach);
    return search->info.id;
}

std::optional<std::uint32_t> SearchSessions::query_phase_done(Guid const& guid) {
    Search* const search = impl_->find_open(guid);
    if (search == nullptr) return std::nullopt;
    search->info.state = SearchState::listening;
    return search->info.id;
}

std::vector<std::uint32_t> SearchSessions::expire(Instant now) {
    impl_->discard_some();
    std::vector<std::uint32_t> closed;
    for (auto& [id, search] : impl_->searches) {
        if (!search.info.open || now < search.info.started + search.info.open_for) continue;
        impl_->close(search, now);
        closed.push_back(id);
    }
    return closed;
}

std::optional<Instant> SearchSessions::next_deadline() const {
    std::optional<Instant> earliest;
    for (auto const& [guid, id] : impl_->by_guid) {
        auto const& search = impl_->searches.at(id).info;
        Instant const due = search.started + search.open_for;
        if (!earliest || due < *earliest) earliest = due;
    }
    return earliest;
}

std::vector<SearchInfo> SearchSessions::list() const {
    std::vector<SearchInfo> out;
    out.reserve(impl_->searches.size());
    for (auto const& [id, search] : impl_->searches) out.push_back(impl_->info(search));
    return out;
}

std::optional<SearchInfo> SearchSessions::info(std::uint32_t id) const {
    Search const* const search = impl_->find(id);
    return search == nullptr ? std::nullopt : std::optional{impl_->info(*search)};
}

std::vector<ResultRow const*> SearchSessions::rows_since(std::uint32_t id, std::uint64_t revision,
                                                         std::size_t most) const {
    Search const* const search = impl_->find(id);
    return search == nullptr ? std::vector<ResultRow const*>{}
                             : search->table.since(revision, most, search->sources_min);
}

ResultRow const* SearchSessions::row(std::uint32_t id, std::uint32_t row) const {
    Search const* const search = impl_->find(id);
    return search == nullptr ? nullptr : search->table.row(row);
}

RowPage SearchSessions::page(std::uint32_t id, RowQuery const& choice, std::size_t offset, std::size_t most) {
    Search const* const search = impl_->find(id);
    if (search == nullptr) return {};
    RowQuery shown = choice;
    shown.sources_min = std::max(shown.sources_min, search->sources_min);
    RowIndex* const index = impl_->index_for(id, shown);
    RowPage page;
    page.total = search->table.size();
    page.kinds = search->table.kinds();
    bool const was_ready = index != nullptr && index->ready();
    page.ready = index != nullptr && index->advance(search->table);
    if (index == nullptr || (was_ready && page.ready)) impl_->help_unfinished();
    if (!page.ready) return page;
    page.matching = index->size();
    for (std::uint32_t const row : index->page(offset, most)) page.rows.push_back(search->table.row(row));
    return page;
}

}  // namespace praline::search
