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
};

/// What a decision may look at.
struct Surroundings {
    std::span<Candidate const> candidates;     ///< in order of PeerId
    Instant now;
    Rng& rng;
};

/// One copy of a query to one neighbour.
struct Copy {
    PeerId to;
    Ttl ttl;
};
/// What `Strategy` decides: copies of one query.
struct Spread {
    Asked asked;
    Hops hops;
    std::vector<Copy> copies;
};
using Spreads = std::vector<Spread>;

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

    // For strategies that ask in rounds; the others need none of these.
    /// Results came for a query that started here.
    virtual void results(Guid const& guid, std::size_t count) { (void)guid, (void)count; }
    /// A query that started here needs no more results.
    virtual void stop(Guid const& guid) { (void)guid; }
    /// The deadline has come. `candidates` are those of no query in particular: hops flow is the router's to apply.
    virtual void tick(Surroundings const& around, Spreads& out) { (void)around, (void)out; }
    /// When it wants a `tick`; empty: never.
    [[nodiscard]] virtual std::optional<Instant> next_deadline() const { return std::nullopt; }
};

}  // namespace praline::search::strategy
