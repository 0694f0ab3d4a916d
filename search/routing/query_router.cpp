#include "search/routing/query_router.hpp"

#include <algorithm>
#include <utility>

#include "node/base/room_for_one.hpp"
#include "search/qrp/table_builder.hpp"
#include "search/routing/query_router_impl.hpp"

namespace praline::search {

Link* QueryRouter::Impl::find(PeerId peer) {
    // Ids are given out in order, so that as a rule a link stands where its number says.
    if (links.empty()) return nullptr;
    if (std::size_t const guess = peer.value() - links.front().peer().value(); guess < links.size() && links[guess].peer() == peer) return &links[guess];
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
        room_for_one(links);
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
    behind = behind || moved || link->neighbour.query_routing != event.neighbour.query_routing;
    link->neighbour = event.neighbour;
    if (moved) content_changed();  // only leaves count in what we announce
}

void QueryRouter::Impl::on(NeighbourDown const& event, Instant, Actions&) {
    Link* const link = find(event.peer);
    if (link == nullptr) return;
    received_bytes -= link->memory_bytes();
    if (link->table() != nullptr && !link->table()->empty()) content_changed();
    links.erase(links.begin() + (link - links.data()));
    strategies.for_each([&](strategy::Strategy& one) { one.neighbour_down(event.peer); });
}

void QueryRouter::Impl::on(RoleIs const& event, Instant, Actions&) {
    if (ultrapeer == event.ultrapeer) return;
    ultrapeer = event.ultrapeer;
    content_changed();
}

// ---- tables received ----

void QueryRouter::Impl::on(TableArrived const& event, Instant, Actions& out) {
    Link* const link = find(event.from);
    if (link == nullptr || (link->tables && link->tables->faulty)) return;
    bool const leaf = !link->neighbour.ultrapeer;
    if (!leaf && !link->neighbour.query_routing) return;  // no use for it, so nothing is kept
    ++counters.table_messages_in;

    auto& received = link->exchange().received;
    if (!received) received = std::make_unique<qrp::PatchReceiver>();
    std::size_t const before = link->memory_bytes();
    bool const had_content = link->table() != nullptr && !link->table()->empty();
    auto const progress = received->apply(event.message);
    received_bytes = received_bytes - before + link->memory_bytes();
    if (progress.has_error() || received_bytes > limits.received_bytes_max) {
        refuse_table(*link, out);
        if (leaf && had_content) content_changed();
    } else if (leaf && progress->finished && progress->changed) {
        content_changed();
    }
}

void QueryRouter::Impl::refuse_table(Link& link, Actions& out) {
    ++counters.tables_refused;
    received_bytes -= link.memory_bytes();
    link.exchange().received.reset();
    link.exchange().faulty = true;
    out.emplace_back(BadTable{link.peer()});
}

// ---- our table ----

void QueryRouter::Impl::on(LocalTable const& event, Instant, Actions&) {
    if (event.finest == own().words) return;
    own().words = event.finest;
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
    auto& [words, snapshot, snapshot_version, updates] = own();
    if (snapshot_version == version) return snapshot;
    qrp::QueryRoutingTable table =
        ultrapeer ? words.scaled(limits.merged_slots_max) : qrp::fitted(words, limits.leaf_slots_max);
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
        Announcement& announced = link.exchange().announced;
        if (announced.due(version, now)) {
            TablePtr const& table = current_table();
            std::vector<wire::Qrp> const& messages = own().updates.update(announced.sent(), table);
            if (!messages.empty()) {
                out.emplace_back(SendTable{link.peer(), messages});
                ++counters.tables_sent;
            }
            announced.told(table, version, !messages.empty(), now, limits.table_every);
        }
        behind = behind || announced.deadline(version).has_value();
    }
}

QueryRouter::QueryRouter(std::shared_ptr<Limits const> limits, Rng rng) : impl_{std::make_unique<Impl>(std::move(limits), rng)} {}
QueryRouter::QueryRouter(Limits const& limits, Rng rng) : QueryRouter{std::make_shared<Limits const>(limits), rng} {}
QueryRouter::~QueryRouter() = default;
QueryRouter::QueryRouter(QueryRouter&&) noexcept = default;
QueryRouter& QueryRouter::operator=(QueryRouter&&) noexcept = default;

void QueryRouter::handle(Event const& event, Instant now, Actions& out) {
    std::visit([&](auto const& one) { impl_->on(one, now, out); }, event);
    impl_->tell(now, out);
    // Scratch memory goes back: among many nodes that of the last one is near, what this one used long ago is not.
    impl_->candidates = {};
    impl_->spreads = {};
}

void QueryRouter::fetch(unsigned stage) const noexcept {
    constexpr std::size_t line = 64, lines_max = 8;
    auto const* const from = stage == 0 ? reinterpret_cast<std::byte const*>(impl_.get()) : reinterpret_cast<std::byte const*>(impl_->links.data());
    std::size_t const size = stage == 0 ? sizeof(Impl) : impl_->links.size() * sizeof(Link);
    for (std::size_t at = 0; at < std::min(size, lines_max * line); at += line) __builtin_prefetch(from + at);
}

std::optional<Instant> QueryRouter::next_deadline() const {
    std::optional<Instant> earliest = impl_->strategies.next_deadline();
    if (!impl_->behind) return earliest;
    for (Link const& link : impl_->links) {
        if (!impl_->is_told(link)) continue;
        auto const due = link.announced().deadline(impl_->version);
        if (due && (!earliest || *due < *earliest)) earliest = due;
    }
    return earliest;
}

bool QueryRouter::wants_more(Guid const& guid) const {
    bool more = false;
    impl_->strategies.for_each([&](strategy::Strategy const& one) { more = more || one.wants_more(guid); });
    return more;
}

bool QueryRouter::asks_more(Guid const& guid) const {
    bool more = false;
    impl_->strategies.for_each([&](strategy::Strategy const& one) { more = more || one.asks_more(guid); });
    return more;
}

RouterCounters const& QueryRouter::counters() const { return impl_->counters; }
void QueryRouter::reseed(Rng rng) { impl_->rng = rng; }
void QueryRouter::forget_keys() { impl_->strategies.forget(strategy::Kind::key); }

}  // namespace praline::search
