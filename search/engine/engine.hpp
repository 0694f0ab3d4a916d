#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"
#include "node/overlay/overlay.hpp"
#include "search/engine/counters.hpp"
#include "search/engine/events.hpp"
#include "search/engine/limits.hpp"
#include "search/engine/local_content.hpp"
#include "search/qrp/routing_table.hpp"

namespace praline::search {

/// Everything a node does about searching, joined to its overlay: answers, query routing with all strategies, routing
/// tables, walkers and key requests, the query-hit cache. A core: it is told what the overlay says, and says what the
/// overlay must do and what our searches have found. tools/praline and tools/simulate host the very same object.
/// A search of ours has two ends: its query phase is done when no further neighbour will be sent its query, by its
/// strategy or by `stop_querying`; hits may still come until it is closed.
/// @threads one.
class SearchEngine {
public:
    /// @param content  outlives the engine.
    /// The options may be shared by the engines of many nodes. @pre not null.
    SearchEngine(std::shared_ptr<EngineOptions const> options, Rng rng, LocalContent& content);
    SearchEngine(EngineOptions const& options, Rng rng, LocalContent& content);
    ~SearchEngine();
    SearchEngine(SearchEngine&&) noexcept;
    SearchEngine& operator=(SearchEngine&&) noexcept;

    /// What the overlay says; the actions that concern sockets are ignored. `overlay` is where it came from. Checks, key
    /// routing and the cache see hits that pass only if `overlay::Config::report_passing_hits` is set. Appends to `out`.
    /// Never blocks. @pre `now` never goes backwards.
    void handle(overlay::Overlay const& overlay, overlay::Action const& action, Instant now, EngineOutput& out);
    /// The oldest search is closed where there are too many.
    void launch(overlay::Overlay const& overlay, Launch launch, Instant now, EngineOutput& out);
    /// No further neighbour is sent its query; hits that are on their way still come.
    void stop_querying(overlay::Overlay const& overlay, Guid const& search, Instant now, EngineOutput& out);
    /// The same, and its hits are not wanted any more either.
    void close(overlay::Overlay const& overlay, Guid const& search, Instant now, EngineOutput& out);
    /// Of the canonical words of every shared name (qrp::TableBuilder); replaces the previous one. Made beforehand, as one
    /// of a million names takes a second.
    void set_local_table(overlay::Overlay const& overlay, qrp::QueryRoutingTable finest, Instant now,
                         EngineOutput& out);
    /// A source did not have what a hit promised: cached hits of it are forgotten.
    void source_refused(Endpoint source, Guid const& servent);
    void tick(overlay::Overlay const& overlay, Instant now, EngineOutput& out);
    /// When the host owes a `tick`; empty: never. Ask again after every call.
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    [[nodiscard]] EngineCounters counters() const;
    void enable_hit_cache(bool on);  ///< off: forgets everything in it
    [[nodiscard]] std::size_t cached_records() const;

    // For a host of many nodes.
    /// As Overlay::fetch: what a query that passes will touch. Three stages. Changes nothing.
    void fetch(unsigned stage) const noexcept;
    /// What is drawn from now on, names of further rounds among it: for a search that is to be the same again.
    void reseed(Rng rng);
    /// Drops what key requests have taught this node, and those under way.
    void forget_keys();

private:
    struct Parts;
    /// Calls `act` with this call's view of the parts.
    template <class Act>
    void call(overlay::Overlay const& overlay, Instant now, EngineOutput& out, Act act);

    std::unique_ptr<Parts> parts_;
};

}  // namespace praline::search
