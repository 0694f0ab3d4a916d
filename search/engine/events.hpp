#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/time.hpp"
#include "node/overlay/overlay.hpp"
#include "node/wire/message.hpp"
#include "search/match/search_text.hpp"
#include "search/strategy/strategy.hpp"

/// What goes into a SearchEngine and what comes out, besides what the overlay says.
namespace praline::search {

/// A search of ours begins.
struct Launch {
    Guid guid;
    wire::Query query;
    strategy::Parameters parameters;
    SearchText asked{};  ///< as its user wrote it: what it leaves out is no result
};

/// A hit for a search of ours, whichever of its rings it answers.
struct Found {
    Guid search;  ///< the GUID of its Launch
    PeerId via{};
    Hops hops{0};
    wire::QueryHit hit;
    std::optional<std::uint32_t>
        cached_seconds{};  ///< it comes from a cache, ours or another node's, and lay there so long
};

/// What we sent for a search of ours since its last `CostUpdate`: query copies and answers to its walkers. Bytes are
/// those before compression.
struct CostUpdate {
    Guid search;
    std::uint64_t messages = 0, bytes = 0;
    std::uint64_t reach = 0;  ///< nodes that may have got it by this, an estimate: we know our own edge only
};

/// Where what follows from an event goes. The host clears and reuses it.
struct EngineOutput {
    std::vector<overlay::Event> overlay;  ///< to feed to the overlay, in order
    std::vector<Found> found;
    std::vector<CostUpdate> costs;
    std::vector<Guid> query_phase_done;  ///< searches whose strategy will send no further query; hits may still come

    void clear() { overlay.clear(), found.clear(), costs.clear(), query_phase_done.clear(); }
};

/// One call of the engine, as its parts see it.
struct Turn {
    Instant now;
    EngineOutput& out;

    /// Appends to what the overlay is to do.
    template <class Event>
    void emit(Event&& event) const {
        out.overlay.emplace_back(std::forward<Event>(event));
    }
};

}  // namespace praline::search
