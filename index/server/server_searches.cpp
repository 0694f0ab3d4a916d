#include <algorithm>

#include "index/server/merge_answers.hpp"
#include "index/server/server_impl.hpp"
#include "index/wire/codec.hpp"
#include "node/net/system_clock.hpp"

/// Searches: of nodes, and of servers that are young. A young server asks another one too, and answers with both.
namespace praline::index {

bool IndexServer::Impl::search(SessionId asker, AddressPrefix address, std::uint32_t request, Query const& query) {
    auto const number = next_search++;
    auto bounded = query;
    bounded.wanted = static_cast<std::uint16_t>(std::clamp<std::size_t>(query.wanted, 1, answer_rows_max));
    if (!readers->search({number, bounded, address})) return false;
    PendingSearch pending;
    pending.asker = asker;
    pending.request = request;
    pending.wanted = bounded.wanted;
    pending.since = net::now();
    pending.ask_others = !replica.answers_alone();
    searches_pending.emplace(number, std::move(pending));
    if (!replica.answers_alone()) {
        ++searches_asked_on;
        tell_replica(AskWanted{Ticket{number}, bounded});
    }
    search_rate.count(net::now());
    return true;
}

void IndexServer::Impl::on(AnswerNeeded const& action) {
    auto const number = next_search++;
    auto query = action.query;
    query.wanted = static_cast<std::uint16_t>(std::clamp<std::size_t>(query.wanted, 1, answer_rows_max));
    ++searches_for_servers;
    if (!readers->search({number, query, {}})) {
        Answer nothing;
        nothing.partial = true;
        return tell_replica(AskAnswered{action.ticket, std::move(nothing)});
    }
    PendingSearch pending;
    pending.ticket = action.ticket;
    pending.wanted = query.wanted;
    pending.since = net::now();
    searches_pending.emplace(number, std::move(pending));
}

void IndexServer::Impl::on(AskDone& action) {
    auto const found = searches_pending.find(action.ticket.value());
    if (found == searches_pending.end()) return;
    found->second.remote = std::move(action.answer);
    answer_if_complete(found->first);
}

void IndexServer::Impl::reader_reports(ReaderReport& report) {
    if (stopped) return;
    if (auto const* const size = std::get_if<SizeKnown>(&report)) {
        catalogue_size = size->size;
        return;
    }
    auto& done = std::get<SearchDone>(report);
    auto const found = searches_pending.find(done.number);
    if (found != searches_pending.end()) {
        found->second.local = std::move(done.answer);
        found->second.trouble = std::move(done.trouble);
        found->second.evicted = done.evicted;
        searches_evicted += done.evicted ? 1 : 0;
        answer_if_complete(done.number);
    }
    settle();
}

void IndexServer::Impl::answer_if_complete(std::uint64_t number) {
    auto const found = searches_pending.find(number);
    auto& pending = found->second;
    if (!pending.local || (pending.ask_others && !pending.remote)) return;
    auto done = std::move(pending);
    searches_pending.erase(found);
    Answer answer = std::move(*done.local);
    if (done.ask_others) {
        if (*done.remote)
            answer = merge_answers(std::move(answer), **done.remote, done.wanted);
        else
            answer.partial = true;
    }
    if (!done.asker) {
        answer.partial = answer.partial || done.evicted || !done.trouble.empty();
        return tell_replica(AskAnswered{done.ticket, std::move(answer)});
    }
    if (done.evicted && answer.rows.empty()) return sessions.search_evicted(*done.asker, done.request);
    if (!done.trouble.empty() && answer.rows.empty()) {
        sessions.search_failed(*done.asker, done.request,
                               "The catalogue of this server cannot be read: " + done.trouble);
        return;
    }
    ++searches_answered;
    searches.add(net::now() - done.since);
    sessions.found(*done.asker, done.request, std::move(answer));
}

}  // namespace praline::index
