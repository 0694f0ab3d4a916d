#include "search/session/search_session.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "search/session/clean_name.hpp"
#include "search/session/limits.hpp"
#include "search/session/query_text.hpp"
#include "search/session/result_table.hpp"

namespace praline::search {
namespace {

struct Search {
    SearchInfo info;
    std::optional<Urn> wanted;
    ResultTable table;
};

bool contradicts(Urn const& wanted, Urn const& offered) {
    if (wanted.sha1 && offered.sha1) return *wanted.sha1 != *offered.sha1;
    if (wanted.tiger_root && offered.tiger_root) return *wanted.tiger_root != *offered.tiger_root;
    return false;
}

std::string clean_vendor(std::string const& vendor) {
    std::string out;
    for (char const c : vendor)
        if (c > ' ' && c < 0x7F && out.size() < vendor_bytes_max) out += c;
    return out;
}

Source source_of(wire::QueryHit const& hit, wire::HitRecord const& record, PeerId via, Hops hops) {
    Source source;
    source.endpoint = hit.endpoint;
    source.servent = hit.servent;
    source.index = record.index;
    source.name = clean_name(record.name);
    source.vendor = clean_vendor(hit.vendor);
    source.push_needed = hit.push_needed;
    source.busy = hit.busy;
    source.hops = hops.value();
    source.via = via;
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
    std::size_t sources = 0;                   // of all searches

    [[nodiscard]] Search const* find(std::uint32_t id) const {
        auto const at = searches.find(id);
        return at == searches.end() ? nullptr : &at->second;
    }
    [[nodiscard]] bool make_room();
    void close(Search& search);
    void erase(std::map<std::uint32_t, Search>::iterator at);
    bool add_record(Search& search, wire::QueryHit const& hit, wire::HitRecord const& record, PeerId via, Hops hops);
    [[nodiscard]] SearchInfo info(Search const& search) const;
};

bool SearchSessions::Impl::make_room() {
    if (searches.size() < limits.searches_max) return true;
    auto const closed = std::find_if(searches.begin(), searches.end(), [](auto const& one) { return !one.second.info.open; });
    if (closed == searches.end()) return false;
    erase(closed);
    return true;
}

void SearchSessions::Impl::close(Search& search) {
    if (!search.info.open) return;
    search.info.open = false;
    ++search.info.revision;  // whoever follows the revision learns of it
    by_guid.erase(search.info.guid);
}

void SearchSessions::Impl::erase(std::map<std::uint32_t, Search>::iterator at) {
    close(at->second);
    sources -= at->second.table.sources();
    searches.erase(at);
}

bool SearchSessions::Impl::add_record(Search& search, wire::QueryHit const& hit, wire::HitRecord const& record,
                                      PeerId via, Hops hops) {
    using Outcome = ResultTable::Outcome;
    Outcome outcome = Outcome::refused;
    if (!search.wanted || !contradicts(*search.wanted, record.urn)) {
        std::size_t const before = search.table.sources();
        bool const may_grow = sources < limits.sources_of_all_max;
        outcome = search.table.add(record.urn, record.size_bytes, source_of(hit, record, via, hops), limits, may_grow,
                                   search.info.revision);
        sources += search.table.sources() - before;
    }
    if (outcome == Outcome::refused) ++search.info.dropped;
    if (outcome == Outcome::added) ++search.info.hits;
    return outcome == Outcome::added || outcome == Outcome::updated;
}

SearchInfo SearchSessions::Impl::info(Search const& search) const {
    SearchInfo result = search.info;
    result.rows = search.table.size();
    return result;
}

SearchSessions::SearchSessions(SessionLimits limits) : impl_{std::make_unique<Impl>(limits)} {}
SearchSessions::~SearchSessions() = default;

std::optional<SearchSessions::Opened> SearchSessions::open(std::string const& text, std::optional<Urn> urn, Guid guid,
                                                           Instant now) {
    std::optional<wire::Query> query = make_query(text, urn, impl_->limits.text_bytes_max);
    if (!query || impl_->by_guid.contains(guid) || !impl_->make_room()) return std::nullopt;
    std::uint32_t const id = impl_->next_id++;
    Search& search = impl_->searches[id];
    search.info.id = id;
    search.info.guid = guid;
    search.info.text = clean_name(text);  // as the user wrote it, for the list
    if (search.info.text.empty() && !query->urns.empty()) search.info.text = query->urns.front().text();
    search.info.started = now;
    if (!query->urns.empty()) search.wanted = query->urns.front();
    impl_->by_guid.emplace(guid, id);
    return Opened{id, std::move(*query)};
}

void SearchSessions::close(std::uint32_t id) {
    if (auto const at = impl_->searches.find(id); at != impl_->searches.end()) impl_->close(at->second);
}

void SearchSessions::erase(std::uint32_t id) {
    if (auto const at = impl_->searches.find(id); at != impl_->searches.end()) impl_->erase(at);
}

std::optional<std::uint32_t> SearchSessions::add_hit(Guid const& guid, PeerId via, Hops hops, wire::QueryHit const& hit,
                                                     Instant now) {
    auto const known = impl_->by_guid.find(guid);
    if (known == impl_->by_guid.end()) return std::nullopt;
    Search& search = impl_->searches.at(known->second);
    if (now >= search.info.started + impl_->limits.open_for) return std::nullopt;  // due, though nobody called expire yet
    bool changed = false;
    for (wire::HitRecord const& record : hit.records)
        changed = impl_->add_record(search, hit, record, via, hops) || changed;
    return changed ? std::optional{search.info.id} : std::nullopt;
}

std::vector<std::uint32_t> SearchSessions::expire(Instant now) {
    std::vector<std::uint32_t> closed;
    for (auto& [id, search] : impl_->searches) {
        if (!search.info.open || now < search.info.started + impl_->limits.open_for) continue;
        impl_->close(search);
        closed.push_back(id);
    }
    return closed;
}

std::optional<Instant> SearchSessions::next_deadline() const {
    std::optional<Instant> earliest;
    for (auto const& [guid, id] : impl_->by_guid) {
        Instant const due = impl_->searches.at(id).info.started + impl_->limits.open_for;
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
    return search == nullptr ? std::vector<ResultRow const*>{} : search->table.since(revision, most);
}

ResultRow const* SearchSessions::row(std::uint32_t id, std::uint32_t row) const {
    Search const* const search = impl_->find(id);
    return search == nullptr ? nullptr : search->table.row(row);
}

}  // namespace praline::search
