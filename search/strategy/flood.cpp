#include "search/strategy/flood.hpp"

#include <algorithm>
#include <utility>

namespace praline::search::strategy {
namespace {

/// On its last hop a query is of use only to those who may have a match. Whoever sent no table gets everything.
bool worth_sending(Candidate const& candidate, Ttl ttl, Asked const& asked) {
    return ttl > Ttl{1} || candidate.table == nullptr || candidate.table->matches(*asked.terms);
}

void append(Spread&& spread, Spreads& out) {
    if (!spread.copies.empty()) out.push_back(std::move(spread));
}

}  // namespace

void Flood::start(Asked const& asked, Surroundings const& around, Spreads& out) {
    std::uint8_t const wanted = asked.ttl == Ttl{0} ? limits_.default_ttl : asked.ttl.value();
    Spread spread{asked, asked.hops, {}};
    for (Candidate const& candidate : around.candidates) {
        Ttl const ttl{std::min({wanted, limits_.ttl_max, candidate.max_ttl})};
        if (ttl == Ttl{0}) continue;
        // Hardly a table holds hashes, and a query of our own is worth one message to each neighbour.
        if (asked.terms->only_urns() || worth_sending(candidate, ttl, asked))
            spread.copies.push_back(Copy{candidate.peer, ttl});
    }
    append(std::move(spread), out);
}

void Flood::relay(Asked const& asked, Surroundings const& around, Spreads& out) {
    Spread spread{asked, asked.hops, {}};
    spread.copies.reserve(around.candidates.size());
    flood_to(around.candidates, [&](Candidate const& candidate) { return worth_sending(candidate, asked.ttl, asked); },
             [&](Candidate const& candidate) { spread.copies.push_back(Copy{candidate.peer, asked.ttl}); });
    append(std::move(spread), out);
}

}  // namespace praline::search::strategy
