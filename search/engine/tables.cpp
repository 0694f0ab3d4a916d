#include "search/engine/tables.hpp"

#include <algorithm>
#include <utility>

#include "search/qrp/table_builder.hpp"

namespace praline::search {
namespace {

template <class Exchanges>
auto exchange_place(Exchanges& exchanges, PeerId peer) {
    return std::lower_bound(exchanges.begin(), exchanges.end(), peer,
                            [](auto const& one, PeerId wanted) { return one->peer < wanted; });
}

}  // namespace

RoutingTables::Exchange const* RoutingTables::find(PeerId peer) const {
    auto const at = exchange_place(exchanges_, peer);
    return at != exchanges_.end() && (*at)->peer == peer ? at->get() : nullptr;
}

RoutingTables::Exchange& RoutingTables::exchange_with(PeerId peer) {
    auto at = exchange_place(exchanges_, peer);
    if (at == exchanges_.end() || (*at)->peer != peer) {
        at = exchanges_.insert(at, std::make_unique<Exchange>());
        (*at)->peer = peer;
    }
    return **at;
}

/// Of an ultrapeer that exchanges no tables (any more), what it sent before says nothing.
qrp::QueryRoutingTable const* RoutingTables::usable(Neighbour const& neighbour) const {
    if (exchanges_.empty() || (neighbour.ultrapeer && !neighbour.query_routing)) return nullptr;
    Exchange const* const exchange = find(neighbour.peer);
    return exchange == nullptr ? nullptr : exchange->table();
}

// ---- the neighbourhood ----

void RoutingTables::on_neighbour_changed(Neighbour const& before, Neighbour& now) {
    bool const moved = before.ultrapeer != now.ultrapeer;
    behind_ = behind_ || moved || before.query_routing != now.query_routing;
    now.table = usable(now);
    if (moved) content_changed();  // only leaves count in what we announce
}

void RoutingTables::on_neighbour_down(PeerId peer) {
    auto const at = exchange_place(exchanges_, peer);
    if (at == exchanges_.end() || (*at)->peer != peer) return;
    received_bytes_ -= (*at)->memory_bytes();
    bool const had_content = (*at)->has_content();
    exchanges_.erase(at);
    if (had_content) content_changed();
}

// ---- tables received ----

void RoutingTables::on_message(PeerId from, wire::Qrp const& message, Turn const& turn) {
    Neighbour* const neighbour = neighbourhood_.find(from);
    if (neighbour == nullptr) return;
    if (Exchange const* const known = find(from); known != nullptr && known->faulty) return;
    bool const leaf = !neighbour->ultrapeer;
    if (!leaf && !neighbour->query_routing) return;  // no use for it, so nothing is kept
    ++counters_.messages_in;

    Exchange& exchange = exchange_with(from);
    if (!exchange.received) exchange.received = std::make_unique<qrp::PatchReceiver>();
    std::size_t const before = exchange.memory_bytes();
    bool const had_content = exchange.has_content();
    auto const progress = exchange.received->apply(message);
    received_bytes_ = received_bytes_ - before + exchange.memory_bytes();
    if (progress.has_error() || received_bytes_ > limits_.received_bytes_max) {
        refuse(exchange, turn);
        if (leaf && had_content) content_changed();
    } else if (leaf && progress->finished && progress->changed) {
        content_changed();
    }
    neighbour->table = exchange.table();
}

void RoutingTables::refuse(Exchange& exchange, Turn const& turn) {
    ++counters_.refused;
    received_bytes_ -= exchange.memory_bytes();
    exchange.received.reset();
    exchange.faulty = true;
    turn.emit(overlay::RejectQrp{exchange.peer});
}

// ---- our table ----

void RoutingTables::set_local(qrp::QueryRoutingTable finest) {
    Own& own = own_.get();
    if (finest == own.words) return;
    own.words = std::move(finest);
    content_changed();
}

void RoutingTables::content_changed() {
    ++version_;
    behind_ = true;
}

bool RoutingTables::announces_to(Neighbour const& neighbour) const {
    return neighbour.ultrapeer && (!neighbourhood_.is_ultrapeer() || neighbour.query_routing);
}

TablePtr const& RoutingTables::current() {
    Own& own = own_.get();
    if (own.snapshot_version == version_) return own.snapshot;
    bool const merges = neighbourhood_.is_ultrapeer();
    qrp::QueryRoutingTable table =
        merges ? own.words.scaled(limits_.merged_slots_max) : qrp::fitted(own.words, limits_.leaf_slots_max);
    if (merges) {
        for (Neighbour const& one : std::as_const(neighbourhood_).all())
            if (!one.ultrapeer && one.table != nullptr) table.merge(*one.table);
        table.compact();
    }
    own.snapshot_version = version_;
    if (own.snapshot == nullptr || !(*own.snapshot == table))
        own.snapshot = std::make_shared<qrp::QueryRoutingTable const>(std::move(table));
    return own.snapshot;
}

void RoutingTables::announce(Turn const& turn) {
    if (!behind_) return;
    behind_ = false;
    for (Neighbour const& neighbour : std::as_const(neighbourhood_).all()) {
        if (!announces_to(neighbour)) continue;
        Announcement& last = exchange_with(neighbour.peer).announced;
        if (last.due(version_, turn.now)) {
            TablePtr const& table = current();
            std::vector<wire::Qrp> const& messages = own_.get().updates.update(last.sent(), table);
            if (!messages.empty()) {
                turn.emit(overlay::SendQrp{neighbour.peer, messages});
                ++counters_.sent;
            }
            last.announced(table, version_, !messages.empty(), turn.now, limits_.table_every);
        }
        behind_ = behind_ || last.deadline(version_).has_value();
    }
}

std::optional<Instant> RoutingTables::next_deadline() const {
    std::optional<Instant> earliest;
    if (!behind_) return earliest;
    for (Neighbour const& neighbour : std::as_const(neighbourhood_).all()) {
        if (!announces_to(neighbour)) continue;
        Exchange const* const exchange = find(neighbour.peer);
        auto const due = (exchange != nullptr ? exchange->announced : Announcement{}).deadline(version_);
        if (due && (!earliest || *due < *earliest)) earliest = due;
    }
    return earliest;
}

}  // namespace praline::search
