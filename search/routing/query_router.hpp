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
#include "search/routing/limits.hpp"

/// What a node does with queries, its own and others': asks the strategy, honours query routing tables, keeps its own
/// table fresh at its neighbours. A core: events in, actions out.
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
};

// events
struct NeighbourUp { Neighbour neighbour; };
struct NeighbourChanged { Neighbour neighbour; };   ///< hops flow
struct NeighbourDown { PeerId peer; };
struct RoleIs { bool ultrapeer; };
struct QueryArrived { PeerId from; Guid guid; Ttl ttl; Hops hops; QueryView query; };
struct StartQuery { Guid guid; QueryView query; Ttl ttl; };   ///< ours; ttl 0: the strategy's default
struct TableArrived { PeerId from; wire::Qrp message; };
/// Canonic words of every shared name (with repetition allowed); replaces the previous content.
struct LocalWords { std::vector<std::string> words; };
struct Tick {};
using Event = std::variant<NeighbourUp, NeighbourChanged, NeighbourDown, RoleIs, QueryArrived, StartQuery, TableArrived,
                           LocalWords, Tick>;

// actions
struct Forward { Guid guid; std::vector<PeerId> to; Ttl ttl; Hops hops; QueryView query; };
struct SendTable { PeerId to; std::vector<wire::Qrp> messages; };
struct BadTable { PeerId from; };
using Action = std::variant<Forward, SendTable, BadTable>;
using Actions = std::vector<Action>;

class QueryRouter {
public:
    QueryRouter(Limits limits, Rng rng);
    ~QueryRouter();
    QueryRouter(QueryRouter&&) noexcept;
    QueryRouter& operator=(QueryRouter&&) noexcept;
    /// Appends to `out`. Never blocks. @pre `now` never goes backwards.
    void handle(Event const& event, Instant now, Actions& out);
    [[nodiscard]] std::optional<Instant> next_deadline() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::search
