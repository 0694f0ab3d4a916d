#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "search/qrp/patch_receiver.hpp"
#include "search/routing/announcer.hpp"
#include "search/routing/query_router.hpp"
#include "search/routing/strategies.hpp"

/// Inside this room: what stands behind QueryRouter. query_router.cpp: neighbours and tables; spreading.cpp: queries.
namespace praline::search {

/// What is exchanged with one neighbour about tables.
struct TableExchange {
    std::unique_ptr<qrp::PatchReceiver> received;  // null until it sends a table
    bool faulty = false;                           // its table made no sense: BadTable was said once
    Announcement announced;
};

struct Link {
    Neighbour neighbour;
    std::unique_ptr<TableExchange> tables;         // null until there is something to exchange: most nodes of a simulation have none

    [[nodiscard]] PeerId peer() const { return neighbour.peer; }
    [[nodiscard]] TableExchange& exchange() {
        if (!tables) tables = std::make_unique<TableExchange>();
        return *tables;
    }
    [[nodiscard]] qrp::PatchReceiver const* received() const { return tables ? tables->received.get() : nullptr; }
    [[nodiscard]] qrp::QueryRoutingTable const* table() const { return received() ? received()->table() : nullptr; }
    [[nodiscard]] std::size_t memory_bytes() const { return received() ? received()->memory_bytes() : 0; }
    [[nodiscard]] Announcement announced() const { return tables ? tables->announced : Announcement{}; }
    [[nodiscard]] bool takes(Hops hops) const { return hops.value() < neighbour.hops_flow; }
};

/// A walker that waits in a strategy, and whom it came from.
struct WaitingWalker {
    strategy::Check check;
    std::optional<PeerId> from;
    strategy::Kind kind;
    Instant until;
};

/// What we tell our neighbours of our content.
struct OwnTables {
    qrp::QueryRoutingTable words{qrp::slots_max};  // ours, in the finest size
    TablePtr snapshot;                             // what we would announce, as of snapshot_version
    std::uint64_t snapshot_version = 0;
    UpdateCache updates;
};

struct QueryRouter::Impl {
    Impl(std::shared_ptr<Limits const> given, Rng random)
        : shared_limits{std::move(given)}, limits{*shared_limits}, rng{random}, strategies{limits} {}

    std::shared_ptr<Limits const> shared_limits;
    Limits const& limits;
    Rng rng;
    Strategies strategies;
    std::vector<Link> links;  // sorted by PeerId: order is behaviour
    std::vector<WaitingWalker> waiting;  // oldest first
    bool ultrapeer = false;
    std::size_t received_bytes = 0;
    RouterCounters counters;

    std::unique_ptr<OwnTables> own_if_any;        // null until there are words or somebody is to be told: see Link::tables
    std::uint64_t version = 1;                    // of what we would announce; counts changes
    bool behind = false;                          // somebody may have to be told something

    std::vector<strategy::Candidate> candidates;  // scratch
    strategy::Spreads spreads;                    // scratch

    // ---- query_router.cpp ----
    void on(NeighbourUp const& event, Instant, Actions&);
    void on(NeighbourChanged const& event, Instant, Actions&);
    void on(NeighbourDown const& event, Instant, Actions&);
    void on(RoleIs const& event, Instant, Actions&);
    void on(TableArrived const& event, Instant, Actions& out);
    void on(LocalTable const& event, Instant, Actions&);
    [[nodiscard]] OwnTables& own() {
        if (!own_if_any) own_if_any = std::make_unique<OwnTables>();
        return *own_if_any;
    }
    [[nodiscard]] Link* find(PeerId peer);
    [[nodiscard]] bool is_told(Link const& link) const;
    void content_changed();
    void refuse_table(Link& link, Actions& out);
    [[nodiscard]] TablePtr const& current_table();
    void tell(Instant now, Actions& out);

    // ---- spreading.cpp ----
    void on(QueryArrived const& event, Instant now, Actions& out);
    void on(StartQuery const& event, Instant now, Actions& out);
    void on(StopQuery const& event, Instant, Actions&);
    void on(ResultsCame const& event, Instant, Actions&);
    void on(HitCame const& event, Instant, Actions&);
    void on(AnswerArrived const& event, Instant now, Actions& out);
    void on(KeyReturned const& event, Instant now, Actions& out);
    void on(Tick const&, Instant now, Actions& out);
    [[nodiscard]] std::shared_ptr<qrp::QueryTerms const> terms_of(QueryView const& view, bool needed) const;
    [[nodiscard]] std::optional<strategy::Walker> bounded(strategy::Walker walker);
    [[nodiscard]] strategy::Candidate candidate(Link const& link) const;
    void find_candidates(std::optional<PeerId> from, Hops hops);
    [[nodiscard]] strategy::Surroundings surroundings(std::optional<PeerId> from, Hops hops, Instant now);
    void start(strategy::Kind kind, strategy::Asked const& asked, Instant now, Actions& out);
    void relay(strategy::Asked const& asked, Instant now, Actions& out);
    void emit_spreads(Actions& out);
    void emit_spread(strategy::Spread& spread, Actions& out);
    void drain(strategy::Strategy& one, strategy::Kind kind, std::optional<PeerId> from, Instant now, Actions& out);
    void to_strangers(strategy::Asked const& asked, Actions& out);
    void to_leaves(strategy::Asked const& asked, bool starts, Actions& out);
};

}  // namespace praline::search
