#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"
#include "node/wire/message.hpp"
#include "search/qrp/routing_table.hpp"
#include "search/routing/limits.hpp"
#include "search/strategy/strategy.hpp"

/// What a node does with queries, its own and others': asks the strategies, honours query routing tables, keeps its own
/// table fresh at its neighbours. A search of ours is spread by the strategy that it names; a query that passes goes on
/// as what it came as: walker, request for a key, or flood. A core: events in, actions out.
namespace praline::search {

/// A payload goes through untouched; the pointer's type belongs to whoever hosts us (the overlay's RoutedQuery,
/// the simulator's own). `query` is what a strategy may look at.
struct QueryView { std::shared_ptr<wire::Query const> query; std::shared_ptr<void const> body; };

struct Neighbour {
    PeerId peer{};
    bool ultrapeer = true;
    bool query_routing = false;    ///< exchanges tables with us
    std::uint8_t hops_flow = 255;
    std::uint8_t max_ttl = 4;
    bool praline = false;          ///< takes walkers and key requests
    bool ext_probes = false;       ///< takes a query again with a higher TTL
    std::uint16_t degree = 0;      ///< links to ultrapeers it says it has; 0: unknown
    std::uint32_t capacity_kbits = 0;
    std::uint8_t load = 0;         ///< how full our queue to it is
    friend bool operator==(Neighbour const&, Neighbour const&) = default;
};

// events
struct NeighbourUp { Neighbour neighbour; };
struct NeighbourChanged { Neighbour neighbour; };   ///< hops flow, load, role
struct NeighbourDown { PeerId peer; };
struct RoleIs { bool ultrapeer; };
/// With a walker or a trip it goes on as such, whatever its TTL; what they claim is bounded here.
struct QueryArrived {
    PeerId from;
    Guid guid;
    Ttl ttl;
    Hops hops;
    QueryView query;
    bool again = false;            ///< it has been here: neither leaves nor strangers are asked a second time
    bool answered_here = false;    ///< of a walker or key request: this node has a match
    std::optional<strategy::Walker> walker{};
    std::optional<strategy::KeyTrip> trip{};
};
struct StartQuery { Guid guid; QueryView query; Ttl ttl; strategy::Parameters parameters{}; };   ///< ours; ttl 0: the strategy's default
struct StopQuery { Guid guid; };                              ///< ours needs no more results
struct ResultsCame { Guid guid; std::size_t count; };         ///< for a query of ours, by the name they came under
struct HitCame { Guid guid; PeerId via; };                    ///< a hit for a query of ours or of another's
/// To a walker that waits here (`AskOrigin`).
struct AnswerArrived { Guid guid; std::uint32_t number = 0, step = 0; bool go_on = false; };
struct KeyReturned { PeerId from; Guid guid; std::uint8_t htl = 0; };
struct TableArrived { PeerId from; wire::Qrp message; };
/// Of the canonic words of every shared name (qrp::TableBuilder); replaces the previous one. Made beforehand, as one of a
/// million names takes a second.
struct LocalTable { qrp::QueryRoutingTable finest; };
struct Tick {};
using Event = std::variant<NeighbourUp, NeighbourChanged, NeighbourDown, RoleIs, QueryArrived, StartQuery, StopQuery,
                           ResultsCame, HitCame, AnswerArrived, KeyReturned, TableArrived, LocalTable, Tick>;

// actions
/// `query` says what it was when it came: the host puts walker or trip into the payload, and takes out what is not set.
struct Forward {
    Guid guid;
    std::vector<PeerId> to;
    Ttl ttl;
    Hops hops;
    QueryView query;
    std::optional<strategy::Walker> walker{};
    std::optional<strategy::KeyTrip> trip{};
};
/// Carry this question to where the query began; `AnswerArrived` is the answer.
struct AskOrigin { strategy::Check check; };
/// A key request goes back to whom it came from.
struct ReturnKey { Guid guid; PeerId to; std::uint8_t htl = 0; };
/// A search of ours goes on under a further name: hits for `name` are its own. Comes before the first Forward of it.
struct Renamed { Guid search; Guid name; };
struct SendTable { PeerId to; std::vector<wire::Qrp> messages; };
struct BadTable { PeerId from; };
using Action = std::variant<Forward, AskOrigin, ReturnKey, Renamed, SendTable, BadTable>;
using Actions = std::vector<Action>;

struct RouterCounters {
    std::uint64_t held_by_tables = 0;      ///< copies to ultrapeers that a table spared, on the last hop
    std::uint64_t held_from_leaves = 0;    ///< copies to leaves that a table spared
    std::uint64_t leaves_asked = 0;
    std::uint64_t tables_sent = 0, table_messages_in = 0, tables_refused = 0;
    std::uint64_t walkers_in = 0, walkers_refused = 0;   ///< refused: with absurd claims
    std::uint64_t keys_in = 0, key_returns = 0;
};

class QueryRouter {
public:
    /// The limits may be shared by the routers of many nodes. @pre not null.
    QueryRouter(std::shared_ptr<Limits const> limits, Rng rng);
    QueryRouter(Limits const& limits, Rng rng);
    ~QueryRouter();
    QueryRouter(QueryRouter&&) noexcept;
    QueryRouter& operator=(QueryRouter&&) noexcept;
    /// Appends to `out`. Never blocks. @pre `now` never goes backwards.
    void handle(Event const& event, Instant now, Actions& out);
    /// For a host of many nodes: see Overlay::fetch. Two stages.
    void fetch(unsigned stage) const noexcept;
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    /// The answer to a walker of a query of ours that asks.
    [[nodiscard]] bool wants_more(Guid const& guid) const;
    /// Whether a query of ours will be asked of somebody yet (`Strategy::asks_more`).
    [[nodiscard]] bool asks_more(Guid const& guid) const;
    [[nodiscard]] RouterCounters const& counters() const;
    /// What is drawn from now on. For a host that wants a search to be the same again.
    void reseed(Rng rng);
    /// What key requests have taught us, and those under way.
    void forget_keys();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::search
