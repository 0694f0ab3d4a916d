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
#include "node/wire/message.hpp"
#include "search/qrp/hash.hpp"
#include "search/qrp/routing_table.hpp"

/// How a query is spread. Each strategy is one file here; search/routing hosts it.
namespace praline::search::strategy {

/// A neighbour that may be asked: an ultrapeer other than the one the query came from, whose hops flow allows it.
struct Candidate {
    PeerId peer{};
    std::uint8_t max_ttl = 4;                       ///< of queries that start here
    qrp::QueryRoutingTable const* table = nullptr;  ///< null: has sent none, or not yet
    bool walks = false;                             ///< a node of ours: understands walkers and keys; strangers do not
    std::uint16_t degree = 0;                       ///< links to ultrapeers it says it has; 0: unknown
    std::uint32_t capacity_kbits = 0;               ///< upstream it says it has; 0: unknown
    std::uint8_t load = 0;                          ///< how full our queue to it is: 0 empty, 255 full
    bool probes = false;                            ///< takes a query again with a higher TTL (X-Ext-Probes)
};

/// The strategies by name. The last two ask index servers, alone or first (index_first.hpp): they are no way to spread a
/// query over the overlay, and never reach a `Strategy`.
enum class Kind : std::uint8_t { flood, expanding_ring, random_walk, biased_walk, dynamic, key, automatic, index, hybrid };
[[nodiscard]] constexpr bool asks_index(Kind kind) { return kind == Kind::index || kind == Kind::hybrid; }

/// What whoever starts a search may set; what is empty is left to the strategy.
struct Parameters {
    Kind kind = Kind::flood;
    std::optional<std::uint8_t> ttl{};              ///< of a flood, of the outermost ring, of the hops a key request makes
    std::optional<std::uint32_t> walkers{};
    std::optional<std::uint32_t> check_every{};
    std::optional<std::uint32_t> steps_max{};
    std::optional<bool> keep_state{};
    std::optional<std::uint32_t> results_wanted{};  ///< with so many it is enough
};

/// A copy of a query that makes one step at a time, as it leaves a node. It travels between nodes of ours, so what it
/// says of itself is a peer's word: whoever takes it in bounds it by limits of its own.
struct Walker {
    std::uint32_t number = 0;       ///< among those of its query
    std::uint32_t step = 0;         ///< steps made when it arrives
    std::uint32_t check_every = 0;  ///< steps after which it asks whether to go on; 0: never
    std::uint32_t steps_max = 0;    ///< it ends there
    bool keep_state = false;        ///< nodes remember which links walkers of its query took
    bool biased = false;            ///< it prefers well-connected and capable neighbours

    friend bool operator==(Walker const&, Walker const&) = default;
};

/// A request for a key, as it leaves a node: it goes to one neighbour at a time, and comes back where nothing was found.
/// A peer's word too: bounded by whoever takes it in.
struct KeyTrip {
    std::uint64_t key = 0;
    std::uint8_t htl = 0;           ///< hops it may still make, tries that failed included

    friend bool operator==(KeyTrip const&, KeyTrip const&) = default;
};

/// A query and its envelope. Cheap to keep: a strategy that asks in rounds keeps a copy.
struct Asked {
    Guid guid;
    Ttl ttl{0};                                ///< as it would leave now; of a query that starts here 0 is "you decide"
    Hops hops{0};                              ///< as it would leave now
    std::optional<PeerId> from;                ///< empty: ours
    std::shared_ptr<wire::Query const> query;  ///< may be null: then it matches no table
    std::shared_ptr<void const> body;          ///< the host's
    std::shared_ptr<qrp::QueryTerms const> terms;  ///< never null
    std::optional<Walker> walker{};            ///< it came as one
    bool answered_here = false;                ///< of a walker or a key request: this node has a match
    std::optional<KeyTrip> trip{};             ///< it came as one
    bool again = false;                        ///< of a key request: it has been here before, on another way
    Parameters parameters{};                   ///< of a query that starts here
};

/// What a decision may look at.
struct Surroundings {
    std::span<Candidate const> candidates;     ///< in order of PeerId
    Instant now;
    Rng& rng;
    std::optional<Candidate> back{};           ///< whom the query came from, if it may be asked: a walker may go back
};

/// One copy of a query to one neighbour.
struct Copy {
    PeerId to;
    Ttl ttl;
    std::optional<Walker> walker{};            ///< it goes as one
    std::optional<KeyTrip> trip{};             ///< it goes as one
};
/// What `Strategy` decides: copies of one query.
struct Spread {
    Asked asked;
    Hops hops;
    std::vector<Copy> copies;
    std::optional<Guid> round_of{};            ///< `asked.guid` is a new name of this query: its hits are this one's
};
using Spreads = std::vector<Spread>;

/// A walker that waits at a node asks whoever began its query whether to go on.
struct Check {
    Guid guid;
    Walker walker;
};
using Checks = std::vector<Check>;

/// A key request that found nothing goes back to whom it came from, with the hops that are left.
struct Return {
    Guid guid;
    PeerId to{};
    std::uint8_t htl = 0;
};
using Returns = std::vector<Return>;

/// Decides whom to ask next and how far. It sees ultrapeers only: that leaves get what their tables match, with TTL 1,
/// holds for every strategy and is the router's work.
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
    virtual void start(Asked const& asked, Surroundings const& around, Spreads& out) = 0;
    /// A query passes by. `asked.ttl` is at least 1.
    virtual void relay(Asked const& asked, Surroundings const& around, Spreads& out) = 0;

    // For strategies that ask in rounds or steps; the others need none of these.
    /// Results came for a query that started here.
    virtual void results(Guid const& guid, std::size_t count) { (void)guid, (void)count; }
    /// A query that started here needs no more results.
    virtual void stop(Guid const& guid) { (void)guid; }
    /// Whether a query that started here, by the name it started with, may yet be asked of somebody without another word
    /// of the host's: a further round, a probe, a request under way. Walkers that are on their way do not count.
    [[nodiscard]] virtual bool asks_more(Guid const& guid) const { return (void)guid, false; }
    /// The deadline has come. `candidates` are those of no query in particular: hops flow is the router's to apply.
    virtual void tick(Surroundings const& around, Spreads& out) { (void)around, (void)out; }
    /// Moves the questions of walkers that wait here into `out`. The host carries them to where the query began.
    virtual void take_checks(Checks& out) { (void)out; }
    /// Where a query began: the answer to a check.
    [[nodiscard]] virtual bool wants_more(Guid const& guid) const { return (void)guid, false; }
    /// The answer to a check has come. `around` is as it was for the walker: without the peer it came from, but for `back`.
    virtual void check_answered(Check const& check, bool go_on, Surroundings const& around, Spreads& out) {
        (void)check, (void)go_on, (void)around, (void)out;
    }
    /// A key request came back from a neighbour: it found nothing there.
    virtual void returned(Return const& back, PeerId from, Surroundings const& around, Spreads& out) {
        (void)back, (void)from, (void)around, (void)out;
    }
    /// Moves the key requests that go back from here into `out`.
    virtual void take_returns(Returns& out) { (void)out; }
    /// A hit for this query came by way of `via`, be it ours or on its way to another.
    virtual void hit_passed(Guid const& guid, PeerId via) { (void)guid, (void)via; }
    virtual void neighbour_down(PeerId peer) { (void)peer; }
    /// When it wants a `tick`; empty: never.
    [[nodiscard]] virtual std::optional<Instant> next_deadline() const { return std::nullopt; }
};

}  // namespace praline::search::strategy
