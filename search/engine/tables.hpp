#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/lazy.hpp"
#include "node/base/time.hpp"
#include "node/wire/message.hpp"
#include "search/engine/announcement.hpp"
#include "search/engine/events.hpp"
#include "search/engine/limits.hpp"
#include "search/engine/neighbourhood.hpp"
#include "search/qrp/patch_receiver.hpp"
#include "search/qrp/routing_table.hpp"

namespace praline::search {

/// The query routing tables of this node: those that neighbours sent, and its own, kept up to date at its neighbours. A
/// leaf announces its words to every ultrapeer; an ultrapeer its words and its leaves' tables to those ultrapeers that
/// exchange tables. `Neighbour::table` always points to what may be used of a neighbour's.
/// Memory at rest is a few words: most nodes of a simulation never exchange a table.
/// @threads one.   @source node/wire/protocol/query-routing.md
class RoutingTables {
public:
    struct Counters {
        std::uint64_t sent = 0, messages_in = 0, refused = 0;
    };

    /// Both outlive it.
    RoutingTables(RoutingLimits const& limits, Neighbourhood& neighbourhood)
        : limits_{limits}, neighbourhood_{neighbourhood} {}

    // Of the neighbourhood; each is called once the neighbourhood is as it says.
    void on_neighbour_up() { behind_ = true; }
    /// @param before  what the neighbour was; what it is now gets its table.
    void on_neighbour_changed(Neighbour const& before, Neighbour& now);
    void on_neighbour_down(PeerId peer);
    void on_role_changed() { content_changed(); }

    /// A neighbour's table. One that makes no sense, or for which there is no memory, is refused once (`RejectQrp`).
    void on_message(PeerId from, wire::Qrp const& message, Turn const& turn);
    /// Of the canonical words of every shared name (qrp::TableBuilder); replaces the previous one.
    void set_local(qrp::QueryRoutingTable finest);
    /// Sends updates to the neighbours that are due for one.
    void announce(Turn const& turn);
    /// When `announce` has more to do; empty: every neighbour is up to date.
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    /// Whether any neighbour's table is here, so that terms of a query have something to be compared with.
    [[nodiscard]] bool any_received() const { return received_bytes_ > 0; }
    [[nodiscard]] Counters const& counters() const { return counters_; }

private:
    /// What is exchanged with one neighbour.
    struct Exchange {
        PeerId peer;
        std::unique_ptr<qrp::PatchReceiver> received;  // null until it sends a table
        bool faulty = false;                           // its table was refused; said once
        Announcement announced;

        [[nodiscard]] qrp::QueryRoutingTable const* table() const { return received ? received->table() : nullptr; }
        [[nodiscard]] std::size_t memory_bytes() const { return received ? received->memory_bytes() : 0; }
        [[nodiscard]] bool has_content() const { return table() != nullptr && !table()->empty(); }
    };
    /// What our own table is made of.
    struct Own {
        qrp::QueryRoutingTable words{qrp::slots_max};  // ours, in the finest size
        TablePtr snapshot;                             // what we would announce, as of snapshot_version
        std::uint64_t snapshot_version = 0;
        UpdateCache updates;
    };

    [[nodiscard]] Exchange const* find(PeerId peer) const;
    [[nodiscard]] Exchange& exchange_with(PeerId peer);
    [[nodiscard]] bool announces_to(Neighbour const& neighbour) const;
    [[nodiscard]] qrp::QueryRoutingTable const* usable(Neighbour const& neighbour) const;
    void content_changed();
    void refuse(Exchange& exchange, Turn const& turn);
    [[nodiscard]] TablePtr const& current();

    RoutingLimits const& limits_;
    Neighbourhood& neighbourhood_;
    std::vector<std::unique_ptr<Exchange>> exchanges_;  // sorted by peer; those with something to exchange
    std::size_t received_bytes_ = 0;
    Lazy<Own> own_;
    std::uint64_t version_ = 1;  // of what we would announce; counts changes
    bool behind_ = false;        // some neighbour may be due for an update
    Counters counters_;
};

}  // namespace praline::search
