#include <algorithm>
#include <utility>

#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"
#include "search/cache/attestation.hpp"
#include "search/hub/search_hub_impl.hpp"
#include "search/strategy/dynamic_rules.hpp"

/// What starts here: launched, told to newcomers, paid for, finished.
namespace praline::search {

using strategy::Kind;

OwnSearch* SearchHub::Impl::find_own(Guid const& name) {
    for (OwnSearch& search : searches)
        if (search.guid == name || std::find(search.names.begin(), search.names.end(), name) != search.names.end()) return &search;
    return nullptr;
}

void SearchHub::Impl::launch(Launch&& launch) {
    Guid const guid = launch.guid;
    stop(guid);
    while (!searches.empty() && searches.size() >= options.limits.searches_max) forget(searches.begin());
    auto query = std::make_shared<overlay::RoutedQuery>();
    query->query = std::move(launch.query);
    (void)wire::remove_steps(query->query);
    query->payload = std::make_shared<Bytes const>(wire::encode(query->query));
    searches.push_back(OwnSearch{guid, {}, query, launch.parameters, now, now, false, false, false, 0, {}, Spent{guid}, HitMatch{query->query, launch.asked}});
    out->overlay.emplace_back(overlay::OpenQuery{guid});
    refresh(true);
    feed(StartQuery{guid, view_of(query), Ttl{0}, launch.parameters});
    if (cache_on && !cache_empty()) {
        auto found = used().cache.find(query->query, now);
        ++(found.empty() ? used().counters.hit_cache_misses : used().counters.hit_cache_hits);
        std::size_t records = 0;
        // What one link has told is shown, but is no reason to ask fewer others.
        OwnSearch* const own = is_widely_attested(found, options.limits.cached_enough) ? find_own(guid) : nullptr;
        for (auto& one : found) {
            records += own == nullptr ? 0 : new_results(*own, one.hit);
            out->found.push_back(Found{guid, PeerId{0}, one.hops, std::move(one.hit), one.age_seconds});
        }
        if (records > 0) feed(ResultsCame{guid, records});
    }
    if (OwnSearch* const own = find_own(guid)) settle(*own);
}

void SearchHub::Impl::ask_no_more(Guid const& search) {
    OwnSearch* const own = find_own(search);
    if (own == nullptr) return;
    own->stopped = true;
    feed(StopQuery{own->guid});
    settle(*own);
}

void SearchHub::Impl::stop(Guid const& search) {
    OwnSearch const* const own = find_own(search);
    if (own != nullptr) forget(searches.begin() + (own - searches.data()));
}

void SearchHub::Impl::forget(std::vector<OwnSearch>::iterator search) {
    OwnSearch const gone = std::move(*search);
    searches.erase(search);
    feed(StopQuery{gone.guid});
    out->overlay.emplace_back(overlay::CloseQuery{gone.guid});
    for (Guid const& name : gone.names) out->overlay.emplace_back(overlay::CloseQuery{name});
    if (!gone.finished) out->finished.push_back(gone.guid);
}

/// A neighbour that comes while a search is young is asked too: at the start of a node the links come one by one.
void SearchHub::Impl::ask_newcomer(PeerId peer) {
    overlay::LinkInfo const* const link = core->link(peer);
    for (std::size_t i = 0; link != nullptr && i < searches.size(); ++i) {
        OwnSearch& search = searches[i];
        if (search.stopped || now - search.started >= options.limits.tell_newcomers_for) continue;
        Kind const kind = search.parameters.kind;
        bool const walks = kind == Kind::random_walk || kind == Kind::biased_walk;
        if (kind == Kind::flood || (search.messages > 0 && walks && !link->praline)) {
            std::uint8_t const ttl = search.parameters.ttl.value_or(options.router.default_ttl);
            Ttl const reach{std::min({ttl, options.router.hops_and_ttl_max, std::max<std::uint8_t>(link->max_ttl, 1)})};
            if (reach != Ttl{0}) perform(Forward{search.guid, {peer}, reach, Hops{0}, view_of(search.query)});
        } else if (search.messages == 0) {
            // There was nobody to ask when it began.
            search.finished = false;
            feed(StartQuery{search.guid, view_of(search.query), Ttl{0}, search.parameters});
        }
        settle(searches[i]);
    }
}

void SearchHub::Impl::on(overlay::HitArrived const& action) {
    feed(HitCame{action.guid, action.from});
    auto const age = wire::cached_of(action.hit);
    // What lay in caches for so long is no news.
    if (age && std::chrono::seconds{age->age_seconds} > options.cache.age_max) {
        used().counters.hit_cache_refused += action.hit.records.size();
        return;
    }
    Guid search = action.guid;
    std::size_t fresh = 0;
    if (OwnSearch* const own = find_own(action.guid)) {
        search = own->guid;
        own->active_at = now;
        fresh = new_results(*own, action.hit);
        if (cache_on) {
            auto const kept = used().cache.store(own->query->query, action.hit, action.hops, age ? age->age_seconds : 0, teller_of(action.from), now);
            used().counters.hit_cache_stored += kept;
            used().counters.hit_cache_refused += action.hit.records.size() - kept;
        }
    }
    out->found.push_back(Found{search, action.from, action.hops, action.hit, age ? std::optional{age->age_seconds} : std::nullopt});
    if (fresh > 0) feed(ResultsCame{action.guid, fresh});
    if (OwnSearch* const own = find_own(action.guid)) settle(*own);
}

/// How many of its records are answers that this search has not heard of.
std::size_t SearchHub::Impl::new_results(OwnSearch& search, wire::QueryHit const& hit) const {
    std::size_t fresh = 0;
    auto const verdicts = search.match.judge(hit);
    for (std::size_t i = 0; i < hit.records.size(); ++i) {
        wire::HitRecord const& record = hit.records[i];
        if (verdicts[i] != HitMatch::Verdict::answers) continue;
        // FNV-1a: two results that share one number cost a search a result at most.
        std::uint64_t number = 0xCBF29CE484222325;
        auto const mix = [&](std::uint8_t octet) { number = (number ^ octet) * 0x100000001B3; };
        for (auto const octet : hit.servent.bytes) mix(octet);
        for (unsigned shift = 0; shift < 32; shift += 8) mix(static_cast<std::uint8_t>(record.index >> shift));
        for (char const letter : record.name) mix(static_cast<std::uint8_t>(letter));
        if (search.known.size() >= options.limits.results_known_max) ++fresh;
        else fresh += search.known.insert(number).second ? 1 : 0;
    }
    return fresh;
}

// ---- the price, and the end ----

void SearchHub::Impl::count(OwnSearch& search, std::uint64_t messages, std::uint64_t bytes, std::uint64_t reach) {
    search.messages += messages;
    search.news.messages += messages;
    search.news.bytes += bytes;
    search.news.reach = std::min(search.news.reach + std::min(reach, options.limits.reach_max), options.limits.reach_max);
}

void SearchHub::Impl::count(OwnSearch& search, Forward const& forward, std::size_t payload_bytes) {
    std::uint64_t reach = 0;
    for (PeerId const to : forward.to) {
        overlay::LinkInfo const* const link = core->link(to);
        bool const far = link != nullptr && link->kind == overlay::LinkKind::to_ultrapeer && !forward.walker && !forward.trip;
        std::uint32_t const degree = !link || link->degree == 0 ? options.limits.degree_assumed
                                                                : std::min<std::uint32_t>(link->degree, options.limits.degree_max);
        reach += far ? std::min(strategy::horizon(degree, forward.ttl.value()), options.limits.reach_max) : 1;
    }
    search.walks = search.walks || forward.walker.has_value();
    count(search, forward.to.size(), forward.to.size() * (wire::header_bytes + payload_bytes), reach);
}

/// Tells what it cost since the last time, and once when it will ask nobody any more.
void SearchHub::Impl::settle(OwnSearch& search) {
    if (search.news.messages > 0) out->spent.push_back(std::exchange(search.news, Spent{search.guid}));
    if (search.finished || router.asks_more(search.guid)) return;
    // Walkers that end by themselves say nothing.
    if (search.walks && router.wants_more(search.guid) && now < search.active_at + options.limits.walk_quiet_for) return;
    search.finished = true;
    out->finished.push_back(search.guid);
}

std::optional<Instant> SearchHub::Impl::quiet_at() const {
    std::optional<Instant> earliest;
    for (OwnSearch const& search : searches) {
        // While its strategy has more to do, the router wakes us: a deadline gone by would do so without end.
        if (search.finished || !search.walks || router.asks_more(search.guid)) continue;
        Instant const due = search.active_at + options.limits.walk_quiet_for;
        if (!earliest || due < *earliest) earliest = due;
    }
    return earliest;
}

}  // namespace praline::search
