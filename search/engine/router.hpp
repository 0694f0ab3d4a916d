#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/rng.hpp"
#include "node/overlay/overlay.hpp"
#include "node/wire/praline.hpp"
#include "search/engine/checks.hpp"
#include "search/engine/events.hpp"
#include "search/engine/limits.hpp"
#include "search/engine/neighbourhood.hpp"
#include "search/engine/own_searches.hpp"
#include "search/engine/strategies.hpp"
#include "search/engine/tables.hpp"
#include "search/engine/waiting_walkers.hpp"

namespace praline::search {

/// Where queries go, our own and others': has the strategies decide, honours routing tables, and says `ForwardQuery`. A
/// search of ours is spread by the strategy that it names; a query that passes goes on as what it came as: walker, key
/// request or flood. Walkers and key requests go to Praline peers only; foreign ones get floods, and leaves what their
/// tables match.
/// @threads one.   @source node/wire/protocol/routing.md; node/wire/protocol/praline.md
class QueryRouter {
public:
    struct Counters {
        std::uint64_t held_by_tables =
            0;  ///< copies that were not sent to ultrapeers on the last hop, since their table does not match
        std::uint64_t held_from_leaves = 0;  ///< the same of leaves
        std::uint64_t sent_to_leaves = 0;
        std::uint64_t walkers_in = 0, walkers_ended = 0, walkers_refused = 0;  ///< refused: with absurd claims
        std::uint64_t keys_in = 0, key_returns = 0;
    };
    /// The parts of the engine that it works with; all outlive it.
    struct Parts {
        RoutingLimits const& limits;
        Neighbourhood const& neighbourhood;
        RoutingTables const& tables;
        Strategies& strategies;
        OwnSearches& searches;
        Checks& checks;
    };
    /// What this node found out about a query that passes.
    struct Passing {
        std::optional<wire::WalkerItem> walker{};    ///< it came as one: it goes on as such, whatever its TTL
        std::optional<wire::KeyItem> key_request{};  ///< it came as one: the same
        std::optional<PeerId> route{};               ///< where its walkers send what they ask: see `Checks`
        Ttl ttl{0};                                  ///< it may leave with
        bool answered_here = false;                  ///< of a walker or key request: this node has a match

        [[nodiscard]] bool is_step() const { return walker || key_request; }
    };

    QueryRouter(Parts const& parts, Rng rng) : parts_{parts}, rng_{rng} {}

    /// A query of another node. What a walker or key request claims is bounded here. One that has been here before goes to
    /// neither leaves nor foreign peers a second time.
    void relay(overlay::QueryArrived const& query, Passing const& passing, Turn const& turn);
    /// A search of ours begins, or begins once more.
    void start(OwnSearch const& search, Turn const& turn);
    /// A link that came up while a search is young gets its query, as a flood.
    void send_to_newcomer(OwnSearch const& search, Neighbour const& newcomer, Turn const& turn);
    /// To a walker that waits here.
    void on_answer(Guid const& guid, wire::CheckAnswerNote const& answer, Turn const& turn);
    /// A key request came back from this neighbour.
    void on_key_return(PeerId from, Guid const& guid, wire::KeyReturnNote const& note, Turn const& turn);
    /// The strategies' deadline has come.
    void tick(Turn const& turn);

    [[nodiscard]] Counters const& counters() const { return counters_; }
    /// What is drawn from now on.
    void reseed(Rng rng) { rng_ = rng; }

private:
    struct Decision;
    using Context = strategy::QueryContext;

    [[nodiscard]] Context context_of(overlay::QueryArrived const& query, Passing const& passing);
    [[nodiscard]] std::optional<wire::WalkerItem> bounded(wire::WalkerItem walker);
    void start(strategy::Kind kind, Context const& context, Turn const& turn);
    void relay(Context const& context, std::optional<PeerId> route, Turn const& turn);
    void carry_out(Decision& decision, Turn const& turn);
    void carry_out(strategy::ForwardPlan& plan, Turn const& turn);
    void ask_origins(strategy::Strategy& one, strategy::Kind kind, Context const& context, std::optional<PeerId> route,
                     Turn const& turn);
    void answer_walker(WaitingWalkers::Walker const& walker, bool go_on, Turn const& turn);
    void return_keys(strategy::Strategy& one, Turn const& turn);
    void send(Context const& context, std::vector<PeerId> to, strategy::Hop const& as, Turn const& turn);
    void to_foreign_peers(Context const& context, Turn const& turn);
    void to_leaves(Context const& context, bool starts, Turn const& turn);

    Parts parts_;
    Rng rng_;
    WaitingWalkers waiting_;
    Counters counters_;
};

}  // namespace praline::search
