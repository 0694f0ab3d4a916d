#include "index/client/searches_under_way.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "node/base/check.hpp"

namespace praline::index::client {
namespace {

constexpr int late_after_round_trips = 4;

void fail(std::uint32_t number, SearchCost cost, Instant wanted_at, std::string sentence, Instant now,
          ClientActions& out) {
    cost.took = now - wanted_at;
    out.emplace_back(SearchFailed{number, std::move(sentence), cost});
}

}  // namespace

SearchesUnderWay::SearchesUnderWay(ClientOptions const& options, KnownServers const& servers, Links const& links)
    : options_{options}, servers_{servers}, links_{links} {}

bool SearchesUnderWay::Search::was_sent_to(ConnectionId connection) const {
    auto const in = [&](auto const& list) { return std::find(list.begin(), list.end(), connection) != list.end(); };
    return in(waiting_for) || in(done_with);
}

SearchesUnderWay::Search* SearchesUnderWay::find(std::uint32_t number) {
    auto const found =
        std::find_if(searches_.begin(), searches_.end(), [&](auto const& one) { return one.number == number; });
    return found == searches_.end() ? nullptr : &*found;
}

std::optional<Instant> SearchesUnderWay::latest_since() const {
    return searches_.empty() ? std::nullopt : std::optional{searches_.back().wanted_at};
}

void SearchesUnderWay::start(Instant now) { started_at_ = now; }

void SearchesUnderWay::stop(Instant now, ClientActions& out) {
    for (auto const& search : searches_)
        fail(search.number, search.cost, search.wanted_at, "The node is being stopped.", now, out);
    searches_.clear();
}

void SearchesUnderWay::add(SearchWanted const& wanted, Instant now, ClientActions& out) {
    if (searches_.size() >= options_.searches_max) {
        out.emplace_back(SearchFailed{
            wanted.search,
            std::to_string(options_.searches_max) + " searches are under way at the index already. Try again.",
            {}});
        return;
    }
    check(wanted.search != 0 && find(wanted.search) == nullptr);
    Search search;
    search.number = wanted.search;
    search.query = wanted.query;
    search.wanted_at = now;
    searches_.push_back(std::move(search));
}

void SearchesUnderWay::drop(std::uint32_t search) {
    std::erase_if(searches_, [&](auto const& one) { return one.number == search; });
}

void SearchesUnderWay::sent(SentBytes const& event) {
    if (auto* const search = find(event.search)) search->cost.bytes += event.bytes;
}

void SearchesUnderWay::connection_lost(ConnectionId connection) {
    for (auto& search : searches_) {
        std::erase(search.waiting_for, connection);
        std::erase(search.done_with, connection);
    }
}

void SearchesUnderWay::found(Link const& link, Found const& message, std::size_t bytes, Instant now,
                             ClientActions& out) {
    auto* const search = find(message.request);
    if (search == nullptr ||
        std::find(search->waiting_for.begin(), search->waiting_for.end(), link.id) == search->waiting_for.end())
        return;
    ++search->cost.messages;
    search->cost.bytes += bytes;
    search->cost.took = now - search->wanted_at;
    auto const* const record = servers_.find(link.endpoint);
    out.emplace_back(SearchAnswered{search->number, message.answer, record == nullptr ? ServerId{} : record->known.id,
                                    search->cost});
    drop(message.request);
}

void SearchesUnderWay::refused(Link const& link, Refused const& message, std::size_t bytes) {
    auto* const search = find(message.request);
    if (search == nullptr || std::erase(search->waiting_for, link.id) == 0) return;
    ++search->cost.messages;
    search->cost.bytes += bytes;
    search->done_with.push_back(link.id);
    search->refusal =
        message.sentence.empty() ? "The index server refuses to search and gives no reason." : message.sentence;
}

void SearchesUnderWay::send(Preferred const& preferred, Instant now, ClientActions& out) {
    std::vector<std::uint32_t> failed;
    for (auto& search : searches_)
        if (!send_one(search, preferred, now, out)) failed.push_back(search.number);
    for (auto const search : failed) drop(search);
}

/// @returns false: it has failed, which has been said.
bool SearchesUnderWay::send_one(Search& search, Preferred const& preferred, Instant now, ClientActions& out) {
    auto const over = [&](std::string sentence) {
        fail(search.number, search.cost, search.wanted_at, std::move(sentence), now, out);
        return false;
    };
    if (now - search.wanted_at >= options_.search_within) {
        auto const milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(options_.search_within).count();
        return over("No index server answered within " + std::to_string(milliseconds) + " ms.");
    }
    if (search.waiting_for.empty()) {
        if (auto const* const link = server_for(search, preferred))
            send_to(search, *link, now, out);
        else if (auto why = why_give_up(search, now))
            return over(std::move(*why));
    } else if (search.waiting_for.size() == 1 && search.hedge_at && now >= *search.hedge_at) {
        auto const* const link = server_for(search, preferred);
        if (link == nullptr) return true;
        send_to(search, *link, now, out);
        search.hedge_at.reset();
    }
    return true;
}

void SearchesUnderWay::send_to(Search& search, Link const& link, Instant now, ClientActions& out) {
    search.waiting_for.push_back(link.id);
    ++search.cost.messages;
    auto const* const record = servers_.find(link.endpoint);
    auto const round_trip = record == nullptr ? Duration{0} : record->known.round_trip.value_or(Duration{0});
    search.hedge_at = now + std::max(options_.hedge_after, round_trip * late_after_round_trips);
    out.emplace_back(ToServer{link.id, index::Search{search.number, search.query}});
}

/// A server it has not been sent to: the primary first, then the stand-by, then any open one.
Link const* SearchesUnderWay::server_for(Search const& search, Preferred const& preferred) const {
    if (search.waiting_for.size() + search.done_with.size() >= put_to_max) return nullptr;
    for (auto const& id : {preferred.primary, preferred.standby})
        if (auto const* const link = links_.find(id); link != nullptr && !search.was_sent_to(link->id)) return link;
    for (auto const& link : links_.all())
        if (link.open && !link.leaving && !search.was_sent_to(link.id)) return &link;
    return nullptr;
}

std::optional<std::string> SearchesUnderWay::why_give_up(Search const& search, Instant now) const {
    if (links_.any_being_opened()) return std::nullopt;
    if (!search.refusal.empty()) return search.refusal;
    if (servers_.all().empty()) {
        // Names of servers are still being looked up when a node has just been started.
        if (now - started_at_ < options_.search_within) return std::nullopt;
        return KnownServers::none_known;
    }
    if (now < link_awaited_until(search, now)) return std::nullopt;
    if (!servers_.all_failed_since(search.wanted_at - options_.reconnect_every)) return std::nullopt;
    return "None of the index servers that are known (" + std::to_string(servers_.all().size()) + ") can be reached. " +
           links_.last_trouble();
}

/// A server whose link broke a moment ago may just be restarted.
Instant SearchesUnderWay::link_awaited_until(Search const& search, Instant now) const {
    auto const broke = servers_.broke_lately(now);
    return broke ? std::max(search.wanted_at, *broke) + options_.link_within : search.wanted_at;
}

void SearchesUnderWay::deadlines(Deadline& next) const {
    for (auto const& search : searches_) {
        next.take(search.wanted_at + options_.search_within);
        if (search.hedge_at) next.take(*search.hedge_at);
        if (search.waiting_for.empty()) next.take(link_awaited_until(search, next.now()));
    }
}

}  // namespace praline::index::client
