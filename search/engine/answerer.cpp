#include "search/engine/answerer.hpp"

#include <utility>

#include "node/wire/praline.hpp"

namespace praline::search {

QueryRouter::Passing Answerer::answer(overlay::QueryArrived const& query, overlay::LinkInfo const* from,
                                      bool is_ultrapeer, Turn const& turn) {
    wire::Query const& asked = query.query->query;
    QueryRouter::Passing passing;
    passing.ttl = query.ttl;
    passing.walker = wire::walker_of(asked);
    if (!passing.walker) passing.key_request = wire::key_of(asked);
    if (!query.again || passing.is_step()) {
        auto hits = content_.answer(asked);
        passing.answered_here = !hits.empty();
        if (!query.again && !hits.empty()) turn.emit(overlay::AnswerQuery{query.guid, std::move(hits)});
    }
    if (query.again || !cache_.is_on() || !is_ultrapeer) return passing;
    bool const attested = cache_.answer(query, from, turn);
    cache_.remember(query.guid, query.query);
    if (!attested) return passing;
    if (passing.is_step()) {
        passing.answered_here = true;
    } else if (passing.ttl != Ttl{0}) {
        passing.ttl = Ttl{static_cast<std::uint8_t>(passing.ttl.value() - 1)};
        ++counters_.shortened_by_cache;
        if (passing.ttl == Ttl{0}) ++counters_.held_by_cache;
    }
    return passing;
}

}  // namespace praline::search
