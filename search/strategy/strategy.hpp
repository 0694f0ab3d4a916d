#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"
#include "node/wire/praline.hpp"
#include "node/wire/routed_query.hpp"
#include "search/qrp/hash.hpp"
#include "search/qrp/routing_table.hpp"

/// How a query is spread. Each strategy is one file here; search/engine hosts them.
namespace praline::search::strategy {

/// A neighbour as search sees it. 32 bytes: a simulation keeps some for each of a million nodes.
struct Neighbour {
    PeerId peer{};
    std::uint8_t max_ttl = 4;                       ///< of queries that start here
    qrp::QueryRoutingTable const* table = nullptr;  ///< null: it has sent none, or not yet
    bool praline = false;                           ///< takes walkers and key requests; foreign peers do not
    std::uint16_t degree = 0;                       ///< links to ultrapeers it says it has; 0: unknown
    std::uint32_t capacity_kbits = 0;               ///< upstream it says it has; 0: unknown
    std::uint8_t load = 0;                          ///< how full our queue to it is: 0 empty, 255 full
    bool ext_probes = false;                        ///< takes a query again with a higher TTL (X-Ext-Probes)
    bool ultrapeer = true;
    bool query_routing = false;    ///< exchanges routing tables with us
    std::uint8_t hops_flow = 255;  ///< takes only queries that have made fewer hops

    [[nodiscard]] bool takes(Hops hops) const { return hops.value() < hops_flow; }
    friend bool operator==(Neighbour const&, Neighbour const&) = default;
};

/// The strategies by name. The last two query index servers, alone or first (index_first.hpp): they do not spread a
/// query over the overlay, and never reach a `Strategy`.
enum class Kind : std::uint8_t {
    flood,
    expanding_ring,
    random_walk,
    biased_walk,
    dynamic,
    key,
    automatic,
    index,
    hybrid
};
[[nodiscard]] constexpr bool asks_index(Kind kind) { return kind == Kind::index || kind == Kind::hybrid; }
/// Its queries leave as walkers from the start.
[[nodiscard]] constexpr bool is_walk(Kind kind) { return kind == Kind::random_walk || kind == Kind::biased_walk; }

/// What the caller may set for a search; what is empty is left to the strategy.
struct Parameters {
    Kind kind = Kind::flood;
    std::optional<std::uint8_t> ttl{};  ///< of a flood, of the outermost ring, of the hops a key request makes
    std::optional<std::uint32_t> walkers{};
    std::optional<std::uint32_t> check_every{};
    std::optional<std::uint32_t> steps_max{};
    std::optional<bool> keep_state{};
    std::optional<std::uint32_t> results_wanted{};  ///< with so many it is enough
};

/// A query and its envelope. Cheap to keep: a strategy that queries in rounds keeps a copy. What `walker` and
/// `key_request` claim is a peer's word: the receiver bounds it by limits of its own.
struct QueryContext {
    Guid guid;
    Ttl ttl{0};                  ///< as it would leave now; of a query that starts here 0 leaves it to the strategy
    Hops hops{0};                ///< as it would leave now
    std::optional<PeerId> from;  ///< empty: ours
    wire::QueryPtr query;        ///< may be null: then it matches no table
    std::shared_ptr<qrp::QueryTerms const> terms;  ///< never null
    std::optional<wire::WalkerItem> walker{};      ///< it came as one
    bool answered_here = false;                    ///< of a walker or a key request: this node has a match
    std::optional<wire::KeyItem> key_request{};    ///< it came as one
    bool again = false;                            ///< of a key request: it has been here before, on another path
    Parameters parameters{};                       ///< of a query that starts here
};

/// What a decision may look at.
struct RoutingView {
    std::span<Neighbour const>
        neighbours;  ///< ultrapeers that may be sent this query, without the one it came from; in order of PeerId
    Instant now;
    Rng& rng;
    std::optional<Neighbour> back{};  ///< the peer the query came from, if it takes it: a walker may go back
};

/// One copy of a query to one neighbour.
struct Hop {
    PeerId to;
    Ttl ttl;
    std::optional<wire::WalkerItem> walker{};    ///< it goes as one
    std::optional<wire::KeyItem> key_request{};  ///< it goes as one
};
/// What a `Strategy` decides: copies of one query.
struct ForwardPlan {
    QueryContext context;
    std::vector<Hop> next_hops;
    std::optional<Guid> round_of{};  ///< `context.guid` is a new GUID of this query: its hits are this one's
};
using ForwardPlans = std::vector<ForwardPlan>;

/// A walker that waits at a node asks the origin of its query whether to go on.
struct WalkerCheck {
    Guid guid;
    wire::WalkerItem walker;
};
using WalkerChecks = std::vector<WalkerCheck>;

/// A key request that found nothing goes back to the peer it came from, with the hops that are left.
struct KeyReturn {
    Guid guid;
    PeerId to{};
    std::uint8_t htl = 0;
};
using KeyReturns = std::vector<KeyReturn>;

/// Decides which neighbours a query goes to next and how far. It sees ultrapeers only: that leaves get what their tables
/// match, with TTL 1, holds for every strategy and is the router's work.
/// A core without clock, sockets and entropy. One object serves all queries of a node; what it keeps for each is
/// bounded by its own limits.
/// @threads one.
class Strategy {
public:
    Strategy() = default;
    Strategy(Strategy const&) = delete;
    Strategy& operator=(Strategy const&) = delete;
    virtual ~Strategy() = default;

    /// A query begins here: ours, or that of a leaf of ours. Appends to `out`.
    virtual void start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) = 0;
    /// A query passes by. @pre `context.ttl` is at least 1.
    virtual void relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) = 0;

    // For strategies that query in rounds or steps; the others need none of these.
    /// Results came for a query that started here.
    virtual void results(Guid const& guid, std::size_t count) { (void)guid, (void)count; }
    /// A query that started here is sent to no further neighbour.
    virtual void stop_querying(Guid const& guid) { (void)guid; }
    /// Whether a query that started here, by the name it started with, may yet be sent to a neighbour without another word
    /// of the host: a further round, a probe, a request under way. Walkers that are on their way do not count.
    [[nodiscard]] virtual bool may_query_more(Guid const& guid) const { return (void)guid, false; }
    /// The deadline has come. `view` is that of no query in particular: hops flow is the router's to apply.
    virtual void tick(RoutingView const& view, ForwardPlans& out) { (void)view, (void)out; }
    /// Moves the questions of walkers that wait here into `out`. The host carries them to where the query began.
    virtual void take_checks(WalkerChecks& out) { (void)out; }
    /// Where a query began: the answer to a check.
    [[nodiscard]] virtual bool wants_more(Guid const& guid) const { return (void)guid, false; }
    /// The answer to a check has come. `view` is as it was for the walker: without the peer it came from, but for `back`.
    virtual void check_answered(WalkerCheck const& check, bool go_on, RoutingView const& view, ForwardPlans& out) {
        (void)check, (void)go_on, (void)view, (void)out;
    }
    /// A key request came back from a neighbour: it found nothing there.
    virtual void key_returned(KeyReturn const& back, PeerId from, RoutingView const& view, ForwardPlans& out) {
        (void)back, (void)from, (void)view, (void)out;
    }
    /// Moves the key requests that go back from here into `out`.
    virtual void take_returns(KeyReturns& out) { (void)out; }
    /// A hit for this query came by way of `via`, be it ours or on its way to another node.
    virtual void hit_passed(Guid const& guid, PeerId via) { (void)guid, (void)via; }
    virtual void neighbour_down(PeerId peer) { (void)peer; }
    /// When it wants a `tick`; empty: never.
    [[nodiscard]] virtual std::optional<Instant> next_deadline() const { return std::nullopt; }
};

}  // namespace praline::search::strategy
