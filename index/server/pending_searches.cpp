#include "index/server/pending_searches.hpp"

#include <algorithm>
#include <utility>

#include "index/server/merge_answers.hpp"
#include "index/wire/limits.hpp"

namespace praline::index::server {

Query PendingSearches::bounded(Query query) {
    query.wanted = static_cast<std::uint16_t>(std::clamp<std::size_t>(query.wanted, 1, answer_rows_max));
    return query;
}

std::uint64_t PendingSearches::open(SessionId asker, std::uint32_t request, Query const& query, bool asks_others,
                                    Instant now) {
    Pending pending;
    pending.asker = asker;
    pending.request = request;
    pending.wanted = query.wanted;
    pending.since = now;
    pending.asks_others = asks_others;
    pending_.emplace(++last_number_, std::move(pending));
    return last_number_;
}

std::uint64_t PendingSearches::open(replica::Ticket ticket, Query const& query, Instant now) {
    Pending pending;
    pending.ticket = ticket;
    pending.wanted = query.wanted;
    pending.since = now;
    pending_.emplace(++last_number_, std::move(pending));
    ++counters_.for_servers;
    return last_number_;
}

void PendingSearches::asked_here(bool asked_on, Instant now) {
    counters_.asked_on += asked_on ? 1 : 0;
    rate_.count(now);
}

std::optional<FinishedSearch> PendingSearches::local_answer(SearchDone done, Instant now) {
    auto const found = pending_.find(done.number);
    if (found == pending_.end()) return std::nullopt;
    counters_.evicted += done.evicted ? 1 : 0;
    found->second.local = std::move(done);
    return finish(found, now);
}

std::optional<FinishedSearch> PendingSearches::remote_answer(replica::AskDone done, Instant now) {
    auto const found = pending_.find(done.ticket.value());
    if (found == pending_.end()) return std::nullopt;
    found->second.remote = std::move(done.answer);
    return finish(found, now);
}

std::optional<FinishedSearch> PendingSearches::finish(std::map<std::uint64_t, Pending>::iterator of, Instant now) {
    if (!of->second.local || (of->second.asks_others && !of->second.remote)) return std::nullopt;
    auto done = std::move(of->second);
    pending_.erase(of);
    FinishedSearch finished{done.asker,
                            done.request,
                            done.ticket,
                            FinishedSearch::Outcome::found,
                            std::move(done.local->answer),
                            std::move(done.local->trouble)};
    Answer& answer = finished.answer;
    if (done.asks_others) {
        if (*done.remote)
            answer = merge_answers(std::move(answer), **done.remote, done.wanted);
        else
            answer.partial = true;
    }
    if (!done.asker) {
        answer.partial = answer.partial || done.local->evicted || !finished.trouble.empty();
    } else if (answer.rows.empty() && done.local->evicted) {
        finished.outcome = FinishedSearch::Outcome::evicted;
    } else if (answer.rows.empty() && !finished.trouble.empty()) {
        finished.outcome = FinishedSearch::Outcome::failed;
    } else {
        ++counters_.answered;
        latency_.add(now - done.since);
    }
    return finished;
}

}  // namespace praline::index::server
