#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"
#include "node/overlay/overlay.hpp"
#include "node/wire/message.hpp"
#include "search/hub/limits.hpp"
#include "search/match/search_text.hpp"
#include "search/qrp/routing_table.hpp"
#include "search/strategy/strategy.hpp"

/// Everything a node does about searching, joined to its overlay: the router with all strategies, walkers and key
/// requests, the query-hit cache, the answers. Pure: tools/praline and tools/simulate host the very same object.
namespace praline::search {

/// What this node shares, as search sees it; whoever hosts us implements it.
class LocalContent {
public:
    virtual ~LocalContent() = default;
    /// Hits ready to be sent: bounded in number and size, nothing found is empty.
    [[nodiscard]] virtual std::vector<wire::QueryHit> answer(wire::Query const& query) = 0;
};

/// A search of ours begins.
struct Launch {
    Guid guid;
    wire::Query query;
    strategy::Parameters parameters;
    SearchText asked{};            ///< as its user wrote it: what it leaves out is no result
};

/// A hit for a search of ours, whichever of its rings it answers.
struct Found {
    Guid search;                   ///< the GUID of its Launch
    PeerId via{};
    Hops hops{0};
    wire::QueryHit hit;
    std::optional<std::uint32_t> cached_seconds{};  ///< it comes from a cache, ours or another's, and lay there so long
};

/// What we sent for a search of ours since the last `Spent` of it: query copies and answers to its walkers. Octets are
/// those before compression.
struct Spent {
    Guid search;
    std::uint64_t messages = 0, bytes = 0;
    std::uint64_t reach = 0;       ///< nodes that may have got it by this, an estimate: we know our own edge only
};

/// Where what follows from an event goes. The host clears and reuses it.
struct HubOutput {
    std::vector<overlay::Event> overlay;   ///< to feed to the overlay, in order
    std::vector<Found> found;
    std::vector<Spent> spent;
    std::vector<Guid> finished;            ///< searches whose strategy will ask nobody any more; hits may still come

    void clear() { overlay.clear(), found.clear(), spent.clear(), finished.clear(); }
};

struct HubCounters {
    std::uint64_t walkers_in = 0, walkers_ended = 0, walkers_refused = 0, checks_in = 0, checks_answered = 0,
                  keys_in = 0, key_returns = 0, hit_cache_hits = 0, hit_cache_misses = 0, hit_cache_stored = 0,
                  hit_cache_invalidated = 0, hit_cache_refused = 0, queries_held_by_cache = 0, queries_shortened_by_cache = 0, queries_held_by_qrp = 0,
                  leaf_queries_held_by_qrp = 0, leaf_queries_sent = 0, tables_sent = 0, table_messages_in = 0, tables_refused = 0;
};

/// All of them by their names, which stay: "walkers_in", …
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> named(HubCounters const& counters);

class SearchHub {
public:
    /// @param content  outlives the hub.
    /// The options may be shared by the hubs of many nodes. @pre not null.
    SearchHub(std::shared_ptr<HubOptions const> options, Rng rng, LocalContent& content);
    SearchHub(HubOptions const& options, Rng rng, LocalContent& content);
    ~SearchHub();
    SearchHub(SearchHub&&) noexcept;
    SearchHub& operator=(SearchHub&&) noexcept;

    /// What the overlay says; the actions that concern sockets are ignored. `core` is where it came from. Checks, key
    /// routing and the cache hear of hits that pass only if `overlay::Config::report_passing_hits` is set.
    void handle(overlay::Overlay const& core, overlay::Action const& action, Instant now, HubOutput& out);
    void launch(overlay::Overlay const& core, Launch launch, Instant now, HubOutput& out);
    /// Nobody is asked any more; hits that are on their way still come.
    void ask_no_more(overlay::Overlay const& core, Guid const& search, Instant now, HubOutput& out);
    /// The same, and its hits are not wanted any more either.
    void stop(overlay::Overlay const& core, Guid const& search, Instant now, HubOutput& out);
    /// Of the canonic words of every shared name (qrp::TableBuilder); replaces what was said before.
    void local_table(overlay::Overlay const& core, qrp::QueryRoutingTable finest, Instant now, HubOutput& out);
    /// A source did not have what a hit promised: cached hits of it are forgotten.
    void source_refused(Endpoint source, Guid const& servent);
    void tick(overlay::Overlay const& core, Instant now, HubOutput& out);
    /// As Overlay::fetch: what a query that passes will touch. Three stages.
    void fetch(unsigned stage) const noexcept;
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    [[nodiscard]] HubCounters counters() const;
    void enable_hit_cache(bool on);        ///< off: forgets everything in it
    /// What is drawn from now on, names of further rounds among it. For a host that wants a search to be the same again.
    void reseed(Rng rng);
    /// What key requests have taught this node, and those under way.
    void forget_keys();
    [[nodiscard]] std::size_t cached_records() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::search
