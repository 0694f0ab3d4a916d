#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "index/client/client_core.hpp"
#include "node/wire/message.hpp"
#include "search/match/search_text.hpp"
#include "search/session/search_cost.hpp"
#include "search/strategy/index_first.hpp"

namespace praline {

/// The searches that ask an index server, alone or before the overlay: how far each of them is. A core: it is told what
/// happens and says what comes next.   @threads one: pure.
class IndexQuestions {
public:
    /// What the caller has to do for the search.
    struct Step {
        enum class Act : std::uint8_t { wait, ask_overlay, finish };
        Act act = Act::wait;
        // of ask_overlay
        wire::Query query{};
        search::strategy::Parameters parameters{};
        search::SearchText asked{};
        bool late_hits = false;  ///< of finish: the overlay was asked and may still answer
    };

    /// @returns what the index server is to be asked.
    [[nodiscard]] index::Query begin(Guid const& guid, wire::Query query,
                                     search::strategy::Parameters const& parameters, search::SearchText asked,
                                     Instant now);
    [[nodiscard]] bool contains(Guid const& guid) const { return questions_.contains(guid); }
    /// False: it was not there.
    bool erase(Guid const& guid) { return questions_.erase(guid) > 0; }

    /// What an answer brings: hits as if their sources had answered themselves, and what it cost. @pre contains(guid)
    struct Read {
        std::vector<wire::QueryHit> hits;
        std::size_t useful = 0;  ///< rows that the user did not leave out
        search::IndexCost cost;
    };
    [[nodiscard]] Read read(Guid const& guid, index::Answer const& answer,
                            index::client::SearchCost const& spent) const;
    [[nodiscard]] static search::IndexCost cost_of(index::client::SearchCost const& spent);

    // What happens. A search that is not there waits.
    [[nodiscard]] Step answered(Guid const& guid, std::size_t useful);
    [[nodiscard]] Step failed(Guid const& guid);
    [[nodiscard]] Step overlay_query_phase_done(Guid const& guid);
    [[nodiscard]] Step tick(Guid const& guid, Instant now);
    [[nodiscard]] std::vector<Guid> guids() const;

private:
    struct Question {
        search::strategy::IndexFirst first;
        wire::Query query;
        search::SearchText asked;
    };
    using Next = search::strategy::IndexFirst::Next;
    [[nodiscard]] Question* find(Guid const& guid);
    [[nodiscard]] Step step(Guid const& guid, Question const& question, Next next);

    std::map<Guid, Question> questions_;  ///< of searches that are still asking
};

}  // namespace praline
