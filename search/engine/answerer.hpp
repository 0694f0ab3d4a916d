#pragma once

#include <cstdint>
#include <optional>

#include "node/base/ids.hpp"
#include "node/overlay/overlay.hpp"
#include "search/engine/cached_answers.hpp"
#include "search/engine/events.hpp"
#include "search/engine/local_content.hpp"
#include "search/engine/router.hpp"

namespace praline::search {

/// Answers queries of other nodes, with what this node shares and with what its cache has, and says what the router should
/// know of each. Each query is answered once; a walker ends where there is a match, also where its query was answered
/// before.
/// @threads one.
class Answerer {
public:
    struct Counters {
        std::uint64_t held_by_cache = 0, shortened_by_cache = 0;
    };

    /// Both outlive it.
    Answerer(LocalContent& content, CachedAnswers& cache) : content_{content}, cache_{cache} {}

    /// @param from          the link it came by; null: gone.
    /// @param is_ultrapeer  only ultrapeers answer from the cache.
    [[nodiscard]] QueryRouter::Passing answer(overlay::QueryArrived const& query, overlay::LinkInfo const* from,
                                              bool is_ultrapeer, Turn const& turn);

    [[nodiscard]] Counters const& counters() const { return counters_; }

private:
    LocalContent& content_;
    CachedAnswers& cache_;
    Counters counters_;
};

}  // namespace praline::search
