#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "search/cache/hit_cache.hpp"
#include "search/hub/check_routes.hpp"
#include "search/hub/recent_queries.hpp"
#include "search/hub/search_hub.hpp"
#include "search/match/hit_match.hpp"
#include "search/routing/query_router.hpp"

/// Inside this room: what stands behind SearchHub. search_hub.cpp: its doors and what the router decides; passing.cpp:
/// what goes by; own_searches.cpp: what starts here.
namespace praline::search {

/// The router looks at the query and hands the whole back untouched.
inline QueryView view_of(overlay::QueryPtr const& query) {
    return {std::shared_ptr<wire::Query const>{query, &query->query}, query};
}

struct OwnSearch {
    Guid guid;
    std::vector<Guid> names;          // of its rings, the first excepted
    overlay::QueryPtr query;
    strategy::Parameters parameters;
    Instant started;
    Instant active_at;                // something was heard of it
    bool walks = false;               // walkers are on their way
    bool finished = false;
    bool stopped = false;             // nobody is to be asked any more, newcomers neither
    std::uint64_t messages = 0;       // sent so far
    std::set<std::uint64_t> known{};  // results: each ring finds those of the last one again
    Spent news;                       // not told yet
    HitMatch match;                   // what is no answer is no result
};

/// What most nodes of a large network never need, since they only ever relay floods.
struct OnUse {
    explicit OnUse(CacheLimits const& limits) : cache{limits} {}
    HitCache cache;
    RecentQueries recent;
    CheckRoutes checks;
    HubCounters counters;
};

struct SearchHub::Impl {
    Impl(std::shared_ptr<HubOptions const> given, Rng rng, LocalContent& local)
        : shared_options{std::move(given)}, options{*shared_options},
          router{std::shared_ptr<Limits const>{shared_options, &options.router}, rng}, content{local}, cache_on{options.hit_cache} {}

    std::shared_ptr<HubOptions const> shared_options;
    HubOptions const& options;
    QueryRouter router;
    LocalContent& content;
    std::unique_ptr<OnUse> on_use;    // null until something is to be kept or counted
    bool cache_on;
    std::vector<OwnSearch> searches;  // in the order they began
    std::vector<PeerId> peers;        // the router knows these, sorted
    bool ultrapeer = false;
    Instant refreshed = Instant::min();
    std::optional<std::uint32_t> links_seen;  // Overlay::link_changes, then

    // of the call being handled
    overlay::Overlay const* core = nullptr;
    Instant now{};
    HubOutput* out = nullptr;

    [[nodiscard]] OnUse& used() {
        if (!on_use) on_use = std::make_unique<OnUse>(options.cache);
        return *on_use;
    }
    [[nodiscard]] bool cache_empty() const { return !on_use || on_use->cache.empty(); }

    // ---- search_hub.cpp ----
    void begin(overlay::Overlay const& overlay, Instant at, HubOutput& output);
    void finish();
    void refresh(bool always);
    [[nodiscard]] static Neighbour neighbour_of(overlay::LinkInfo const& link);
    void feed(Event const& event);
    void perform(Forward const& action);
    void perform(AskOrigin const& action);
    void perform(ReturnKey const& action);
    void perform(Renamed const& action);
    void perform(SendTable const& action);
    void perform(BadTable const& action);

    void on(overlay::LinkUp const& action);
    void on(overlay::LinkDown const& action);
    void on(overlay::RoleChanged const&) {}
    void on(overlay::QrpArrived const& action);
    template <class Other>
    void on(Other const&) {}          // sockets, hosts and pushes are others' concern

    // ---- passing.cpp ----
    void on(overlay::QueryArrived const& action);
    void on(overlay::HitPassed const& action);
    void on(overlay::NoteArrived const& action);
    /// Sends what the cache has. @returns whether it is widely attested: one link's word must not decide about a query.
    [[nodiscard]] bool answer_from_cache(overlay::QueryArrived const& action);
    [[nodiscard]] bool may_own(PeerId peer, HitCache::Cached const& cached) const;
    [[nodiscard]] Teller teller_of(PeerId peer) const;
    void take_note(PeerId from, Guid const& guid, wire::CheckNote const& note);
    void take_note(PeerId from, Guid const& guid, wire::CheckAnswerNote const& note);
    void take_note(PeerId from, Guid const& guid, wire::KeyReturnNote const& note);

    // ---- own_searches.cpp ----
    void on(overlay::HitArrived const& action);
    void launch(Launch&& launch);
    void ask_no_more(Guid const& search);
    void stop(Guid const& search);
    void forget(std::vector<OwnSearch>::iterator search);
    void ask_newcomer(PeerId peer);
    [[nodiscard]] std::size_t new_results(OwnSearch& search, wire::QueryHit const& hit) const;
    void count(OwnSearch& search, std::uint64_t messages, std::uint64_t bytes, std::uint64_t reach);
    void count(OwnSearch& search, Forward const& forward, std::size_t payload_bytes);
    void settle(OwnSearch& search);
    [[nodiscard]] std::optional<Instant> quiet_at() const;
    [[nodiscard]] OwnSearch* find_own(Guid const& name);
};

}  // namespace praline::search
