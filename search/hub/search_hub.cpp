#include "search/hub/search_hub.hpp"

#include <algorithm>
#include <utility>

#include "node/base/room_for_one.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"
#include "search/hub/search_hub_impl.hpp"

namespace praline::search {
namespace {

/// The query as it goes out: with the walker or key request it goes as, or without any.
overlay::QueryPtr dressed(Forward const& action) {
    auto query = std::static_pointer_cast<overlay::RoutedQuery const>(action.query.body);
    if (!query || (!action.walker && !action.trip && !wire::carries_steps(query->query))) return query;
    auto fresh = std::make_shared<overlay::RoutedQuery>();
    fresh->query = query->query;
    (void)wire::remove_steps(fresh->query);
    if (auto const& walker = action.walker) {
        auto const every = static_cast<std::uint16_t>(std::min(walker->check_every, 0xFFFFU));
        wire::put(fresh->query, wire::WalkerItem{walker->number, walker->step, walker->steps_max, every, walker->keep_state, walker->biased});
    } else if (action.trip) {
        wire::put(fresh->query, wire::KeyItem{action.trip->key, action.trip->htl});
    }
    fresh->payload = std::make_shared<Bytes const>(wire::encode(fresh->query));
    return fresh;
}

}  // namespace

Neighbour SearchHub::Impl::neighbour_of(overlay::LinkInfo const& link) {
    return {link.peer, link.kind == overlay::LinkKind::to_ultrapeer, link.query_routing, link.hops_flow, link.max_ttl,
            link.praline, link.ext_probes, link.degree, link.capacity_kbits, link.load};
}

void SearchHub::Impl::begin(overlay::Overlay const& overlay, Instant at, HubOutput& output) {
    core = &overlay;
    now = at;
    out = &output;
    bool const is_ultrapeer = overlay.role() == overlay::Role::ultrapeer;
    if (is_ultrapeer == std::exchange(ultrapeer, is_ultrapeer)) return;
    feed(RoleIs{is_ultrapeer});
}

void SearchHub::Impl::finish() {
    core = nullptr;
    out = nullptr;
}

/// Load, Hops Flow and the like change without a word of the overlay's.
void SearchHub::Impl::refresh(bool always) {
    // Among many nodes that is the rule, and to look at each link would cost walks to memory.
    if (links_seen == core->link_changes()) return;
    if (!always && refreshed != Instant::min() && now - refreshed < options.limits.refresh_every) return;
    refreshed = now;
    links_seen = core->link_changes();
    for (PeerId const peer : peers)
        if (overlay::LinkInfo const* const link = core->link(peer)) feed(NeighbourChanged{neighbour_of(*link)});
}

void SearchHub::Impl::feed(Event const& event) {
    // What the router decides may feed it again: a walker of ours that waits here is answered at once.
    Actions decided;
    router.handle(event, now, decided);
    for (Action const& action : decided) std::visit([this](auto const& one) { perform(one); }, action);
}

void SearchHub::Impl::perform(Forward const& action) {
    overlay::QueryPtr const query = dressed(action);
    if (!query) return;
    if (OwnSearch* const own = find_own(action.guid)) count(*own, action, query->payload->size());
    out->overlay.emplace_back(overlay::ForwardQuery{action.guid, action.to, action.ttl, action.hops, query});
}

void SearchHub::Impl::perform(AskOrigin const& action) {
    auto const& [guid, walker] = action.check;
    auto const way = core->way_back(guid, now);
    if (!way) return;  // the walker loses its patience
    if (*way == PeerId{0}) {
        ++used().counters.checks_answered;
        return feed(AnswerArrived{guid, walker.number, walker.step, router.wants_more(guid)});
    }
    used().checks.add(guid, walker.number, walker.step, PeerId{0}, *way, now, options.limits.checks_max, options.limits.checks_for);
    out->overlay.emplace_back(overlay::SendNote{*way, guid, wire::CheckNote{walker.number, walker.step}});
}

void SearchHub::Impl::perform(ReturnKey const& action) {
    out->overlay.emplace_back(overlay::SendNote{action.to, action.guid, wire::KeyReturnNote{action.htl}});
}

void SearchHub::Impl::perform(Renamed const& action) {
    OwnSearch* const own = find_own(action.search);
    if (own == nullptr || own->names.size() >= options.limits.names_max) return;
    own->names.push_back(action.name);
    out->overlay.emplace_back(overlay::OpenQuery{action.name});
}

void SearchHub::Impl::perform(SendTable const& action) { out->overlay.emplace_back(overlay::SendQrp{action.to, action.messages}); }

void SearchHub::Impl::perform(BadTable const& action) { out->overlay.emplace_back(overlay::RejectQrp{action.from}); }

// ---- neighbours ----

void SearchHub::Impl::on(overlay::LinkUp const& action) {
    overlay::LinkInfo const* const link = core->link(action.peer);
    if (link == nullptr) return;
    auto const at = std::lower_bound(peers.begin(), peers.end(), action.peer);
    if (at == peers.end() || *at != action.peer) {
        // The router takes no more than it has room for.
        if (peers.size() < options.router.neighbours_max) {
            auto const place = at - peers.begin();
            room_for_one(peers);
            peers.insert(peers.begin() + place, action.peer);
        }
    }
    feed(NeighbourUp{neighbour_of(*link)});
    if (link->kind == overlay::LinkKind::to_ultrapeer) ask_newcomer(action.peer);
}

void SearchHub::Impl::on(overlay::LinkDown const& action) {
    std::erase(peers, action.peer);
    feed(NeighbourDown{action.peer});
}

void SearchHub::Impl::on(overlay::QrpArrived const& action) { feed(TableArrived{action.from, action.message}); }

// ---- doors ----

SearchHub::SearchHub(std::shared_ptr<HubOptions const> options, Rng rng, LocalContent& content)
    : impl_{std::make_unique<Impl>(std::move(options), rng, content)} {}
SearchHub::SearchHub(HubOptions const& options, Rng rng, LocalContent& content)
    : SearchHub{std::make_shared<HubOptions const>(options), rng, content} {}
SearchHub::~SearchHub() = default;
SearchHub::SearchHub(SearchHub&&) noexcept = default;
SearchHub& SearchHub::operator=(SearchHub&&) noexcept = default;

void SearchHub::handle(overlay::Overlay const& core, overlay::Action const& action, Instant now, HubOutput& out) {
    impl_->begin(core, now, out);
    std::visit([this](auto const& one) { impl_->on(one); }, action);
    impl_->finish();
}

void SearchHub::launch(overlay::Overlay const& core, Launch launch, Instant now, HubOutput& out) {
    impl_->begin(core, now, out);
    impl_->launch(std::move(launch));
    impl_->finish();
}

void SearchHub::ask_no_more(overlay::Overlay const& core, Guid const& search, Instant now, HubOutput& out) {
    impl_->begin(core, now, out);
    impl_->ask_no_more(search);
    impl_->finish();
}

void SearchHub::stop(overlay::Overlay const& core, Guid const& search, Instant now, HubOutput& out) {
    impl_->begin(core, now, out);
    impl_->stop(search);
    impl_->finish();
}

void SearchHub::local_table(overlay::Overlay const& core, qrp::QueryRoutingTable finest, Instant now, HubOutput& out) {
    impl_->begin(core, now, out);
    impl_->feed(LocalTable{std::move(finest)});
    impl_->finish();
}

void SearchHub::source_refused(Endpoint source, Guid const& servent) {
    if (!impl_->cache_empty()) impl_->used().counters.hit_cache_invalidated += impl_->used().cache.forget(source, servent);
}

void SearchHub::tick(overlay::Overlay const& core, Instant now, HubOutput& out) {
    impl_->begin(core, now, out);
    if (auto const due = impl_->router.next_deadline(); due && *due <= now) {
        impl_->refresh(false);
        impl_->feed(Tick{});
    }
    for (OwnSearch& search : impl_->searches) impl_->settle(search);
    impl_->finish();
}

void SearchHub::fetch(unsigned stage) const noexcept {
    constexpr std::size_t line = 64, lines = 3;
    if (stage > 0) return impl_->router.fetch(stage - 1);
    for (std::size_t at = 0; at < lines; ++at) __builtin_prefetch(reinterpret_cast<std::byte const*>(impl_.get()) + at * line);
}

std::optional<Instant> SearchHub::next_deadline() const {
    auto const due = impl_->router.next_deadline();
    auto const quiet = impl_->quiet_at();
    if (due && quiet) return std::min(*due, *quiet);
    return due ? due : quiet;
}

HubCounters SearchHub::counters() const {
    HubCounters all = impl_->on_use ? impl_->on_use->counters : HubCounters{};
    RouterCounters const& router = impl_->router.counters();
    all.walkers_in = router.walkers_in;
    all.walkers_refused = router.walkers_refused;
    all.keys_in = router.keys_in;
    all.key_returns = router.key_returns;
    all.queries_held_by_qrp = router.held_by_tables;
    all.leaf_queries_held_by_qrp = router.held_from_leaves;
    all.leaf_queries_sent = router.leaves_asked;
    all.tables_sent = router.tables_sent;
    all.table_messages_in = router.table_messages_in;
    all.tables_refused = router.tables_refused;
    return all;
}

void SearchHub::enable_hit_cache(bool on) {
    impl_->cache_on = on;
    if (on || !impl_->on_use) return;
    impl_->on_use->cache.clear();
    impl_->on_use->recent.clear();
}

void SearchHub::reseed(Rng rng) { impl_->router.reseed(rng); }
void SearchHub::forget_keys() { impl_->router.forget_keys(); }

std::size_t SearchHub::cached_records() const { return impl_->on_use ? impl_->on_use->cache.records() : 0; }

std::vector<std::pair<std::string, std::uint64_t>> named(HubCounters const& counters) {
    return {
        {"walkers_in", counters.walkers_in},
        {"walkers_ended", counters.walkers_ended},
        {"walkers_refused", counters.walkers_refused},
        {"checks_in", counters.checks_in},
        {"checks_answered", counters.checks_answered},
        {"keys_in", counters.keys_in},
        {"key_returns", counters.key_returns},
        {"hit_cache_hits", counters.hit_cache_hits},
        {"hit_cache_misses", counters.hit_cache_misses},
        {"hit_cache_stored", counters.hit_cache_stored},
        {"hit_cache_refused", counters.hit_cache_refused},
        {"hit_cache_invalidated", counters.hit_cache_invalidated},
        {"queries_held_by_cache", counters.queries_held_by_cache},
        {"queries_shortened_by_cache", counters.queries_shortened_by_cache},
        {"queries_held_by_qrp", counters.queries_held_by_qrp},
        {"leaf_queries_held_by_qrp", counters.leaf_queries_held_by_qrp},
        {"leaf_queries_sent", counters.leaf_queries_sent},
        {"tables_sent", counters.tables_sent},
        {"table_messages_in", counters.table_messages_in},
        {"tables_refused", counters.tables_refused},
    };
}

}  // namespace praline::search
