#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "index/client/client_core.hpp"

/// The index servers a node has heard of: how far each is, and when it may be tried again. Pure.
namespace praline::index::client {

struct ServerRecord {
    KnownServer known;
    std::uint32_t failures = 0;  ///< in a row
    Instant retry_at{};
    Instant regular_at{};              ///< when it would be tried if nobody were in a hurry
    std::optional<Instant> broke_at;   ///< the last connection that was open, and ended by itself
    std::optional<Instant> failed_at;  ///< the last try that came to nothing
    Instant measured_at{};
    bool connected = false;  ///< a connection is open or being opened
};

/// Why a connection ended, as far as its server is concerned.
enum class Blame : std::uint8_t {
    none,    ///< we did not need it any more
    broke,   ///< had it stood for long, it may be tried again at once
    failed,  ///< it could not be opened, or its server does not want us: the wait doubles
};

class KnownServers {
public:
    static constexpr char const* none_known =
        "No index server is known. Name one with --index HOST:PORT.";  ///< to say when there are none

    explicit KnownServers(ClientOptions const& options) : options_{options} {}

    /// False: nothing is new, or there is no room. What failed last gives way to what is new; configured ones never do.
    bool add(KnownServer const& server);
    /// What `source` says of its group. An address that means something near the source only is taken from there only.
    bool learn(std::vector<Member> const& members, Endpoint source);
    bool identify(Endpoint endpoint, ServerId id);

    void opening(Endpoint endpoint);
    void closed(Endpoint endpoint, Blame blame, bool was_stable, Instant now, Rng& rng);
    /// Not before then, whatever else.
    void rest_until(Endpoint endpoint, Instant until);
    void measured(Endpoint endpoint, Duration round_trip, std::uint8_t load, Instant now);

    /// The best server to be tried now: those that did not fail first, then the nearest, then those not measured yet by lot.
    [[nodiscard]] std::optional<Endpoint> best_to_try(Instant now, ServerId except, Rng& rng) const;
    /// The one whose distance was looked at longest ago.
    [[nodiscard]] std::optional<Endpoint> oldest_measured(Instant now, ServerId except) const;
    /// When the next server may be tried; empty: all are connected, or none is known.
    [[nodiscard]] std::optional<Instant> next_retry(ServerId except) const;
    /// Those that have not been tried since `since` may be tried at once.
    void hurry(Instant since, Instant now);
    /// Those whose connection broke a moment ago may be tried again `link_retry_every` after the last try.
    void retry_soon(Instant now);
    /// When the last connection broke of those that may come back soon; empty: there is none.
    [[nodiscard]] std::optional<Instant> broke_lately(Instant now) const;
    /// Every one has failed since `since`, and none is connected.
    [[nodiscard]] bool all_failed_since(Instant since) const;

    [[nodiscard]] ServerRecord const* find(Endpoint endpoint) const;
    [[nodiscard]] std::vector<ServerRecord> const& all() const { return records_; }
    [[nodiscard]] std::vector<KnownServer> servers() const;
    /// Round trip weighted by load, in microseconds: what an answer may take. Unknown: the greatest there is.
    [[nodiscard]] std::uint64_t cost(Endpoint endpoint) const;
    /// By enough to be worth a move.
    [[nodiscard]] bool is_nearer(Endpoint other, Endpoint than) const;

private:
    ServerRecord* record_of(Endpoint endpoint);
    bool make_room();
    ClientOptions const& options_;
    std::vector<ServerRecord> records_;  // in the order in which they came to be known
};

/// From three quarters to five quarters of it, so that many nodes do not do the same at once.
[[nodiscard]] Duration jittered(Duration about, Rng& rng);

}  // namespace praline::index::client
