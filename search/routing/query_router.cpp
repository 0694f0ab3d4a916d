#include "search/routing/query_router.hpp"

#include <algorithm>
#include <utility>

#include "search/qrp/patch_receiver.hpp"
#include "search/qrp/table_builder.hpp"
#include "search/routing/announcer.hpp"
#include "search/strategy/flood.hpp"

namespace praline::search {
namespace {

struct Link {
    Neighbour neighbour;
    std::unique_ptr<qrp::PatchReceiver> received;  // null until it sends a table
    bool faulty = false;                           // its table made no sense: BadTable was said once
    Announcement announced;

    [[nodiscard]] PeerId peer() const { return neighbour.peer; }
    [[nodiscard]] qrp::QueryRoutingTable const* table() const { return received ? received->table() : nullptr; }
    [[nodiscard]] std::size_t memory_bytes() const { return received ? received->memory_bytes() : 0; }
    [[nodiscard]] bool takes(Hops hops) const { return hops.value() < neighbour.hops_flow; }
};

}  // namespace

struct QueryRouter::Impl {
    Impl(Limits given, Rng random)
        : limits{given}, rng{random}, flood{strategy::FloodLimits{given.default_ttl, given.hops_and_ttl_max}} {}

    Limits limits;
    Rng rng;
    strategy::Flood flood;
    std::vector<Link> links;  // sorted by PeerId: order is behaviour
    bool ultrapeer = false;
    std::size_t received_bytes = 0;

    qrp::QueryRoutingTable own{qrp::slots_max};  // of our words, in the finest size
    std::uint64_t version = 1;                   // of what we would announce; counts changes
    TablePtr snapshot;                           // what we would announce, as of snapshot_version
    std::uint64_t snapshot_version = 0;
    UpdateCache updates;
    bool behind = false;                         // somebody may have to be told something

    std::vector<strategy::Candidate> candidates;  // scratch
    strategy::Spreads spreads;                    // scratch

    void on(NeighbourUp const& event, Instant, Actions&);
    void on(NeighbourChanged const& event, Instant, Actions&);
    void on(NeighbourDown const& event, Instant, Actions&);
    void on(RoleIs const& event, Instant, Actions&);
    void on(QueryArrived const& event, Instant now, Actions& out);
    void on(StartQuery const& event, Instant now, Actions& out);
    void on(TableArrived const& event, Instant, Actions& out);
    void on(LocalWords const& event, Instant, Actions&);
    void on(Tick const&, Instant now, Actions& out);

    [[nodiscard]] Link* find(PeerId peer);
    [[nodiscard]] bool is_told(Link const& link) const;
    void find_candidates(std::optional<PeerId> from, Hops hops);
    void spread(strategy::Asked const& asked, bool starts, Instant now, Actions& out);
    void emit_spreads(Actions& out);
    void to_leaves(strategy::Asked const& asked, bool starts, Actions& out);
    void content_changed();
    void refuse_table(Link& link, Actions& out);
    [[nodiscard]] TablePtr const& current_table();
    void tell(Instant now, Actions& out);
};

Link* QueryRouter::Impl::find(PeerId peer) {
    auto const at = std::lower_bound(links.begin(), links.end(), peer,
                                     [](Link const& link, PeerId wanted) { return link.peer() < wanted; });
    return at != links.end() && at->peer() == peer ? &*at : nullptr;
}

// ---- who is there ----

void QueryRouter::Impl::on(NeighbourUp const& event, Instant, Actions&) {
    PeerId const peer = event.neighbour.peer;
    if (Link* const known = find(peer)) {
        known->neighbour = event.neighbour;
    } else if (links.size() < limits.neighbours_max) {
        auto const at = std::lower_bound(links.begin(), links.end(), peer,
                                         [](Link const& link, PeerId wanted) { return link.peer() < wanted; });
        Link link;
        link.neighbour = event.neighbour;
        links.insert(at, std::move(link));
    }
    behind = true;
}

void QueryRouter::Impl::on(NeighbourChanged const& event, Instant, Actions&) {
    Link* const link = find(event.neighbour.peer);
    if (link == nullptr) return;
    bool const moved = link->neighbour.ultrapeer != event.neighbour.ultrapeer;
    link->neighbour = event.neighbour;
    behind = true;
    if (moved) content_changed();  // only leaves count in what we announce
}

void QueryRouter::Impl::on(NeighbourDown const& event, Instant, Actions&) {
    Link* const link = find(event.peer);
    if (link == nullptr) return;
    received_bytes -= link->memory_bytes();
    if (link->table() != nullptr && !link->table()->empty()) content_changed();
    links.erase(links.begin() + (link - links.data()));
}

void QueryRouter::Impl::on(RoleIs const& event, Instant, Actions&) {
    if (ultrapeer == event.ultrapeer) return;
    ultrapeer = event.ultrapeer;
    content_changed();
}

// ---- queries ----

void QueryRouter::Impl::on(QueryArrived const& event, Instant now, Actions& out) {
    Link const* const from = find(event.from);
    if (!ultrapeer || from == nullptr) return;
    std::uint8_t const hops = event.hops.value();
    if (hops > limits.hops_and_ttl_max) return;
    Ttl const ttl{std::min<std::uint8_t>(event.ttl.value(), static_cast<std::uint8_t>(limits.hops_and_ttl_max - hops))};
    QueryView const& view = event.query;
    auto terms = std::make_shared<qrp::QueryTerms const>(view.query ? qrp::QueryTerms::of(*view.query) : qrp::QueryTerms{});
    spread(strategy::Asked{event.guid, ttl, event.hops, event.from, view.query, view.body, std::move(terms)},
           !from->neighbour.ultrapeer, now, out);
}

void QueryRouter::Impl::on(StartQuery const& event, Instant now, Actions& out) {
    QueryView const& view = event.query;
    auto terms = std::make_shared<qrp::QueryTerms const>(view.query ? qrp::QueryTerms::of(*view.query) : qrp::QueryTerms{});
    spread(strategy::Asked{event.guid, event.ttl, Hops{0}, std::nullopt, view.query, view.body, std::move(terms)}, true,
           now, out);
}

void QueryRouter::Impl::find_candidates(std::optional<PeerId> from, Hops hops) {
    candidates.clear();
    for (Link const& link : links) {
        if (!link.neighbour.ultrapeer || link.peer() == from || !link.takes(hops)) continue;
        auto const* const table = link.neighbour.query_routing ? link.table() : nullptr;
        candidates.push_back(strategy::Candidate{link.peer(), link.neighbour.max_ttl, table});
    }
}

void QueryRouter::Impl::spread(strategy::Asked const& asked, bool starts, Instant now, Actions& out) {
    find_candidates(asked.from, asked.hops);
    strategy::Surroundings const around{candidates, now, rng};
    spreads.clear();
    // A leaf's query whose TTL has run out must not be taken for one of ours that leaves it to the strategy.
    bool const spent = asked.from && asked.ttl == Ttl{0};
    if (!spent && starts) flood.start(asked, around, spreads);
    if (!spent && !starts) flood.relay(asked, around, spreads);
    emit_spreads(out);
    if (ultrapeer) to_leaves(asked, starts, out);
}

void QueryRouter::Impl::emit_spreads(Actions& out) {
    for (strategy::Spread& spread : spreads) {
        // One action for each TTL, as a Forward has one envelope.
        std::stable_sort(spread.copies.begin(), spread.copies.end(),
                         [](strategy::Copy const& a, strategy::Copy const& b) { return a.ttl > b.ttl; });
        for (std::size_t at = 0; at < spread.copies.size();) {
            Ttl const ttl = spread.copies[at].ttl;
            Forward forward{spread.asked.guid, {}, ttl, spread.hops, {spread.asked.query, spread.asked.body}};
            for (; at < spread.copies.size() && spread.copies[at].ttl == ttl; ++at)
                if (Link const* const link = find(spread.copies[at].to); link != nullptr && link->takes(spread.hops))
                    forward.to.push_back(link->peer());
            if (!forward.to.empty()) out.emplace_back(std::move(forward));
        }
    }
    spreads.clear();
}

void QueryRouter::Impl::to_leaves(strategy::Asked const& asked, bool starts, Actions& out) {
    // Nobody's table holds hashes for sure; a query for one that starts here is rare enough to be asked of every leaf
    // that shares something. Passing ones would wake all leaves of the network.
    bool const all = starts && asked.terms->only_urns();
    Forward forward{asked.guid, {}, Ttl{1}, asked.hops, {asked.query, asked.body}};
    for (Link const& link : links) {
        if (link.neighbour.ultrapeer || link.peer() == asked.from || !link.takes(asked.hops)) continue;
        auto const* const table = link.table();
        if (table != nullptr && ((all && !table->empty()) || table->matches(*asked.terms)))
            forward.to.push_back(link.peer());
    }
    if (!forward.to.empty()) out.emplace_back(std::move(forward));
}

// ---- tables received ----

void QueryRouter::Impl::on(TableArrived const& event, Instant, Actions& out) {
    Link* const link = find(event.from);
    if (link == nullptr || link->faulty) return;
    bool const leaf = !link->neighbour.ultrapeer;
    if (!leaf && !link->neighbour.query_routing) return;  // no use for it, so nothing is kept

    if (!link->received) link->received = std::make_unique<qrp::PatchReceiver>();
    std::size_t const before = link->memory_bytes();
    bool const had_content = link->table() != nullptr && !link->table()->empty();
    auto const progress = link->received->apply(event.message);
    received_bytes = received_bytes - before + link->memory_bytes();
    if (progress.has_error() || received_bytes > limits.received_bytes_max) {
        refuse_table(*link, out);
        if (leaf && had_content) content_changed();
    } else if (leaf && progress->finished && progress->changed) {
        content_changed();
    }
}

void QueryRouter::Impl::refuse_table(Link& link, Actions& out) {
    received_bytes -= link.memory_bytes();
    link.received.reset();
    link.faulty = true;
    out.emplace_back(BadTable{link.peer()});
}

// ---- our table ----

void QueryRouter::Impl::on(LocalWords const& event, Instant, Actions&) {
    qrp::TableBuilder builder;
    std::size_t const count = std::min(event.words.size(), limits.local_words_max);
    for (std::size_t i = 0; i < count; ++i) builder.add(event.words[i]);
    qrp::QueryRoutingTable fresh = builder.finest();
    if (fresh == own) return;
    own = std::move(fresh);
    content_changed();
}

void QueryRouter::Impl::content_changed() {
    ++version;
    behind = true;
}

bool QueryRouter::Impl::is_told(Link const& link) const {
    return link.neighbour.ultrapeer && (!ultrapeer || link.neighbour.query_routing);
}

TablePtr const& QueryRouter::Impl::current_table() {
    if (snapshot_version == version) return snapshot;
    qrp::QueryRoutingTable table =
        ultrapeer ? own.scaled(limits.merged_slots_max) : qrp::fitted(own, limits.leaf_slots_max);
    if (ultrapeer) {
        for (Link const& link : links)
            if (!link.neighbour.ultrapeer && link.table() != nullptr) table.merge(*link.table());
        table.compact();
    }
    snapshot_version = version;
    if (snapshot == nullptr || !(*snapshot == table))
        snapshot = std::make_shared<qrp::QueryRoutingTable const>(std::move(table));
    return snapshot;
}

void QueryRouter::Impl::tell(Instant now, Actions& out) {
    if (!behind) return;
    behind = false;
    for (Link& link : links) {
        if (!is_told(link)) continue;
        if (link.announced.due(version, now)) {
            TablePtr const& table = current_table();
            std::vector<wire::Qrp> const& messages = updates.update(link.announced.sent(), table);
            if (!messages.empty()) out.emplace_back(SendTable{link.peer(), messages});
            link.announced.told(table, version, !messages.empty(), now, limits.table_every);
        }
        behind = behind || link.announced.deadline(version).has_value();
    }
}

void QueryRouter::Impl::on(Tick const&, Instant now, Actions& out) {
    if (auto const due = flood.next_deadline(); !due || now < *due) return;
    find_candidates(std::nullopt, Hops{0});
    spreads.clear();
    flood.tick(strategy::Surroundings{candidates, now, rng}, spreads);
    emit_spreads(out);
}

QueryRouter::QueryRouter(Limits limits, Rng rng) : impl_{std::make_unique<Impl>(limits, rng)} {}
QueryRouter::~QueryRouter() = default;
QueryRouter::QueryRouter(QueryRouter&&) noexcept = default;
QueryRouter& QueryRouter::operator=(QueryRouter&&) noexcept = default;

void QueryRouter::handle(Event const& event, Instant now, Actions& out) {
    std::visit([&](auto const& one) { impl_->on(one, now, out); }, event);
    impl_->tell(now, out);
}

std::optional<Instant> QueryRouter::next_deadline() const {
    std::optional<Instant> earliest = impl_->flood.next_deadline();
    if (!impl_->behind) return earliest;
    for (Link const& link : impl_->links) {
        if (!impl_->is_told(link)) continue;
        auto const due = link.announced.deadline(impl_->version);
        if (due && (!earliest || *due < *earliest)) earliest = due;
    }
    return earliest;
}

}  // namespace praline::search
