#include "search/engine/engine.hpp"

#include <algorithm>
#include <utility>

#include "node/base/prefetch.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"
#include "search/cache/attestation.hpp"
#include "search/engine/answerer.hpp"
#include "search/engine/cached_answers.hpp"
#include "search/engine/checks.hpp"
#include "search/engine/neighbourhood.hpp"
#include "search/engine/own_searches.hpp"
#include "search/engine/router.hpp"
#include "search/engine/strategies.hpp"
#include "search/engine/tables.hpp"

namespace praline::search {

using strategy::Kind;

/// The parts, each below those that use it, and what goes from the overlay to them.
struct SearchEngine::Parts {
    Parts(std::shared_ptr<EngineOptions const> given, Rng rng, LocalContent& content)
        : options{std::move(given)},
          tables{options->routing, neighbourhood},
          strategies{options->routing},
          checks{options->limits, strategies},
          searches{options->limits, strategies, neighbourhood},
          router{{options->routing, neighbourhood, tables, strategies, searches, checks}, rng},
          cache{*options},
          answerer{content, cache} {}

    std::shared_ptr<EngineOptions const> options;
    Neighbourhood neighbourhood;
    Instant refreshed = Instant::min();
    std::optional<std::uint32_t> links_seen;  // Overlay::link_changes, then
    RoutingTables tables;
    Strategies strategies;
    Checks checks;
    OwnSearches searches;
    QueryRouter router;
    CachedAnswers cache;
    Answerer answerer;

    class Call;
};

/// One call of the engine: the parts at work on one overlay.
class SearchEngine::Parts::Call {
public:
    Call(Parts& parts, overlay::Overlay const& overlay, Instant now, EngineOutput& out)
        : parts_{parts}, overlay_{overlay}, turn_{now, out} {
        if (!parts_.neighbourhood.set_ultrapeer(overlay_.role() == overlay::Role::ultrapeer)) return;
        parts_.tables.on_role_changed();
        announce();
    }
    void announce() { parts_.tables.announce(turn_); }
    void refresh(bool always);
    void tick();

    void launch(Launch&& launch);
    void stop_querying(Guid const& search);
    void close(Guid const& search);

    void on(overlay::LinkUp const& action);
    void on(overlay::LinkDown const& action);
    void on(overlay::QueryArrived const& action);
    void on(overlay::HitArrived const& action);
    void on(overlay::HitPassed const& action);
    void on(overlay::QrpArrived const& action) { parts_.tables.on_message(action.from, action.message, turn_); }
    void on(overlay::NoteArrived const& action) {
        std::visit([&](auto const& note) { on_note(action.from, action.guid, note); }, action.note);
    }
    template <class Other>
    void on(Other const&) {}  // sockets, hosts and pushes are the concern of others

private:
    void on_note(PeerId from, Guid const& guid, wire::CheckNote const& note);
    void on_note(PeerId from, Guid const& guid, wire::CheckAnswerNote const& note);
    void on_note(PeerId from, Guid const& guid, wire::KeyReturnNote const& note);
    void query_newcomer(overlay::LinkInfo const& link);
    void find_cached(Guid const& guid);

    Parts& parts_;
    overlay::Overlay const& overlay_;
    Turn turn_;
};

/// Load, Hops Flow and the like change without a word of the overlay's.
void SearchEngine::Parts::Call::refresh(bool always) {
    // Among many nodes that is the rule, and to look at each link would cost walks to memory.
    if (parts_.links_seen == overlay_.link_changes()) return;
    if (!always && parts_.refreshed != Instant::min() &&
        turn_.now - parts_.refreshed < parts_.options->limits.refresh_every)
        return;
    parts_.refreshed = turn_.now;
    parts_.links_seen = overlay_.link_changes();
    for (Neighbour& one : parts_.neighbourhood.all()) {
        overlay::LinkInfo const* const link = overlay_.link(one.peer);
        if (link == nullptr) continue;
        Neighbour const before = std::exchange(one, neighbour_of(*link));
        parts_.tables.on_neighbour_changed(before, one);
    }
    announce();
}

// ---- neighbours ----

void SearchEngine::Parts::Call::on(overlay::LinkUp const& action) {
    overlay::LinkInfo const* const link = overlay_.link(action.peer);
    if (link == nullptr) return;
    if (Neighbour* const known = parts_.neighbourhood.find(action.peer)) {
        Neighbour const before = std::exchange(*known, neighbour_of(*link));
        parts_.tables.on_neighbour_changed(before, *known);
    } else {
        parts_.neighbourhood.add(neighbour_of(*link), parts_.options->routing.neighbours_max);
    }
    parts_.tables.on_neighbour_up();
    announce();
    if (link->kind == overlay::LinkKind::to_ultrapeer) query_newcomer(*link);
}

void SearchEngine::Parts::Call::on(overlay::LinkDown const& action) {
    if (parts_.neighbourhood.find(action.peer) == nullptr) return;
    parts_.neighbourhood.remove(action.peer);
    parts_.tables.on_neighbour_down(action.peer);
    parts_.strategies.neighbour_down(action.peer);
}

void SearchEngine::Parts::Call::query_newcomer(overlay::LinkInfo const& link) {
    for (OwnSearch& search : parts_.searches.all()) {
        if (!search.takes_newcomers(turn_.now, parts_.options->limits)) continue;
        Kind const kind = search.parameters().kind;
        if (kind == Kind::flood || (search.sent_anything() && strategy::is_walk(kind) && !link.praline)) {
            parts_.router.send_to_newcomer(search, neighbour_of(link), turn_);
        } else if (!search.sent_anything()) {
            // There was no neighbour when it began.
            search.reopen_query_phase();
            parts_.router.start(search, turn_);
        }
        parts_.searches.settle(search, turn_);
    }
}

// ---- queries and hits that pass ----

void SearchEngine::Parts::Call::on(overlay::QueryArrived const& action) {
    if (!action.query) return;
    bool const answers_from_cache = parts_.cache.is_on() && parts_.neighbourhood.is_ultrapeer() && !action.again;
    overlay::LinkInfo const* const from = answers_from_cache ? overlay_.link(action.from) : nullptr;
    auto passing = parts_.answerer.answer(action, from, parts_.neighbourhood.is_ultrapeer(), turn_);
    refresh(false);
    if (passing.walker) passing.route = overlay_.reverse_path(action.guid, turn_.now);
    parts_.router.relay(action, passing, turn_);
}

void SearchEngine::Parts::Call::on(overlay::HitPassed const& action) {
    parts_.strategies.hit_passed(action.guid, action.from);
    parts_.cache.on_hit_passed(action, overlay_.link(action.from), turn_.now);
}

// ---- notes ----

void SearchEngine::Parts::Call::on_note(PeerId from, Guid const& guid, wire::CheckNote const& note) {
    auto const answer = parts_.checks.on_question(from, guid, note, overlay_.reverse_path(guid, turn_.now), turn_);
    OwnSearch* const own = answer ? parts_.searches.find(guid) : nullptr;
    if (own == nullptr) return;
    own->on_sign_of_life(turn_.now);
    auto const every = own->parameters().check_every.value_or(parts_.options->routing.walk.check_every);
    std::size_t const bytes = wire::header_bytes + wire::encode(wire::to_vendor(*answer)).size();
    parts_.searches.count_message(*own, bytes, std::min<std::uint64_t>(every, note.step));
    parts_.searches.settle(*own, turn_);
}

void SearchEngine::Parts::Call::on_note(PeerId from, Guid const& guid, wire::CheckAnswerNote const& note) {
    if (!parts_.checks.on_answer(from, guid, note, turn_)) return;
    refresh(false);
    parts_.router.on_answer(guid, note, turn_);
}

void SearchEngine::Parts::Call::on_note(PeerId from, Guid const& guid, wire::KeyReturnNote const& note) {
    refresh(false);
    parts_.router.on_key_return(from, guid, note, turn_);
    OwnSearch* const own = parts_.searches.find(guid);
    if (own == nullptr) return;
    own->on_sign_of_life(turn_.now);
    parts_.searches.settle(*own, turn_);
}

// ---- searches of ours ----

void SearchEngine::Parts::Call::launch(Launch&& launch) {
    close(launch.guid);
    while (auto const oldest = parts_.searches.victim()) close(*oldest);
    Guid const guid = launch.guid;
    OwnSearch& search = parts_.searches.open(std::move(launch), turn_.now);
    turn_.emit(overlay::OpenQuery{guid});
    refresh(true);
    parts_.router.start(search, turn_);
    if (parts_.cache.is_on() && !parts_.cache.empty()) find_cached(guid);
    parts_.searches.settle(search, turn_);
}

void SearchEngine::Parts::Call::find_cached(Guid const& guid) {
    OwnSearch& own = *parts_.searches.find(guid);
    auto found = parts_.cache.find(own.query()->query, turn_.now);
    // What one link said is shown, but is no reason to query fewer others.
    bool const attested = is_widely_attested(found, parts_.options->limits.cached_enough);
    std::size_t fresh = 0;
    for (auto& one : found) {
        fresh += attested ? own.count_new_results(one.hit, parts_.options->limits) : 0;
        turn_.out.found.push_back(Found{guid, PeerId{0}, one.hops, std::move(one.hit), one.age_seconds});
    }
    if (fresh > 0) parts_.strategies.results(guid, fresh);
}

void SearchEngine::Parts::Call::stop_querying(Guid const& search) {
    OwnSearch* const own = parts_.searches.find(search);
    if (own == nullptr) return;
    own->stop_querying();
    parts_.strategies.stop_querying(own->guid());
    parts_.searches.settle(*own, turn_);
}

void SearchEngine::Parts::Call::close(Guid const& search) {
    auto const closed = parts_.searches.close(search);
    if (!closed) return;
    parts_.strategies.stop_querying(closed->guid());
    turn_.emit(overlay::CloseQuery{closed->guid()});
    for (Guid const& name : closed->names()) turn_.emit(overlay::CloseQuery{name});
    if (!closed->is_query_phase_done()) turn_.out.query_phase_done.push_back(closed->guid());
}

void SearchEngine::Parts::Call::on(overlay::HitArrived const& action) {
    parts_.strategies.hit_passed(action.guid, action.from);
    if (parts_.cache.is_too_old(action.hit)) return;
    OwnSearch* const own = parts_.searches.find(action.guid);
    std::size_t fresh = 0;
    if (own != nullptr) {
        own->on_sign_of_life(turn_.now);
        fresh = own->count_new_results(action.hit, parts_.options->limits);
        if (parts_.cache.is_on())
            parts_.cache.on_hit(own->query()->query, action, overlay_.link(action.from), turn_.now);
    }
    auto const age = wire::cached_of(action.hit);
    turn_.out.found.push_back(Found{own != nullptr ? own->guid() : action.guid, action.from, action.hops, action.hit,
                                    age ? std::optional{age->age_seconds} : std::nullopt});
    if (fresh > 0) parts_.strategies.results(action.guid, fresh);
    if (own != nullptr) parts_.searches.settle(*own, turn_);
}

void SearchEngine::Parts::Call::tick() {
    auto const due = [&](std::optional<Instant> const& deadline) { return deadline && *deadline <= turn_.now; };
    if (due(parts_.strategies.next_deadline()) || due(parts_.tables.next_deadline())) {
        refresh(false);
        parts_.router.tick(turn_);
    }
    announce();
    parts_.searches.settle_all(turn_);
}

// ---- the engine itself ----

SearchEngine::SearchEngine(std::shared_ptr<EngineOptions const> options, Rng rng, LocalContent& content)
    : parts_{std::make_unique<Parts>(std::move(options), rng, content)} {}
SearchEngine::SearchEngine(EngineOptions const& options, Rng rng, LocalContent& content)
    : SearchEngine{std::make_shared<EngineOptions const>(options), rng, content} {}
SearchEngine::~SearchEngine() = default;
SearchEngine::SearchEngine(SearchEngine&&) noexcept = default;
SearchEngine& SearchEngine::operator=(SearchEngine&&) noexcept = default;

template <class Act>
void SearchEngine::call(overlay::Overlay const& overlay, Instant now, EngineOutput& out, Act act) {
    Parts::Call call{*parts_, overlay, now, out};
    act(call);
    call.announce();
}

void SearchEngine::handle(overlay::Overlay const& overlay, overlay::Action const& action, Instant now,
                          EngineOutput& out) {
    call(overlay, now, out, [&](Parts::Call& call) { std::visit([&](auto const& one) { call.on(one); }, action); });
}

void SearchEngine::launch(overlay::Overlay const& overlay, Launch launch, Instant now, EngineOutput& out) {
    call(overlay, now, out, [&](Parts::Call& call) { call.launch(std::move(launch)); });
}

void SearchEngine::stop_querying(overlay::Overlay const& overlay, Guid const& search, Instant now, EngineOutput& out) {
    call(overlay, now, out, [&](Parts::Call& call) { call.stop_querying(search); });
}

void SearchEngine::close(overlay::Overlay const& overlay, Guid const& search, Instant now, EngineOutput& out) {
    call(overlay, now, out, [&](Parts::Call& call) { call.close(search); });
}

void SearchEngine::set_local_table(overlay::Overlay const& overlay, qrp::QueryRoutingTable finest, Instant now,
                                   EngineOutput& out) {
    call(overlay, now, out, [&](Parts::Call&) { parts_->tables.set_local(std::move(finest)); });
}

void SearchEngine::tick(overlay::Overlay const& overlay, Instant now, EngineOutput& out) {
    call(overlay, now, out, [](Parts::Call& call) { call.tick(); });
}

void SearchEngine::source_refused(Endpoint source, Guid const& servent) {
    parts_->cache.source_refused(source, servent);
}

std::optional<Instant> SearchEngine::next_deadline() const {
    std::optional<Instant> earliest;
    for (auto const& due :
         {parts_->strategies.next_deadline(), parts_->tables.next_deadline(), parts_->searches.next_deadline()})
        if (due && (!earliest || *due < *earliest)) earliest = due;
    return earliest;
}

EngineCounters SearchEngine::counters() const {
    EngineCounters all;
    auto const& router = parts_->router.counters();
    all.walkers_in = router.walkers_in;
    all.walkers_ended = router.walkers_ended;
    all.walkers_refused = router.walkers_refused;
    all.keys_in = router.keys_in;
    all.key_returns = router.key_returns;
    all.queries_held_by_qrp = router.held_by_tables;
    all.leaf_queries_held_by_qrp = router.held_from_leaves;
    all.leaf_queries_sent = router.sent_to_leaves;
    auto const& tables = parts_->tables.counters();
    all.tables_sent = tables.sent;
    all.table_messages_in = tables.messages_in;
    all.tables_refused = tables.refused;
    auto const checks = parts_->checks.counters();
    all.checks_in = checks.in;
    all.checks_answered = checks.answered;
    auto const cache = parts_->cache.counters();
    all.hit_cache_hits = cache.hits;
    all.hit_cache_misses = cache.misses;
    all.hit_cache_stored = cache.stored;
    all.hit_cache_invalidated = cache.invalidated;
    all.hit_cache_refused = cache.refused;
    all.queries_held_by_cache = parts_->answerer.counters().held_by_cache;
    all.queries_shortened_by_cache = parts_->answerer.counters().shortened_by_cache;
    return all;
}

void SearchEngine::enable_hit_cache(bool on) { parts_->cache.enable(on); }
std::size_t SearchEngine::cached_records() const { return parts_->cache.records(); }

void SearchEngine::fetch(unsigned stage) const noexcept {
    constexpr std::size_t line = 64;
    if (stage >= 2) return parts_->neighbourhood.fetch();
    // Half of the parts in each of the first two stages: a processor has so many lines under way at once.
    constexpr std::size_t half = (sizeof(Parts) / 2 + line - 1) / line * line;
    auto const* const begin = reinterpret_cast<std::byte const*>(parts_.get());
    for (std::size_t at = stage * half; at < std::min<std::size_t>((stage + 1) * half, sizeof(Parts)); at += line)
        prefetch_line(begin + at);
}

void SearchEngine::reseed(Rng rng) { parts_->router.reseed(rng); }
void SearchEngine::forget_keys() { parts_->strategies.forget(Kind::key); }

}  // namespace praline::search
