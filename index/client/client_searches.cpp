// Searches: put to the primary, to the standby when that is late, and again when a server is lost.
#include <algorithm>

#include "index/client/client_impl.hpp"
#include "node/base/check.hpp"

namespace praline::index {
namespace {

constexpr int late_after_round_trips = 4;

}  // namespace

void ClientCore::Impl::on(SearchWanted const& event, Instant now, ClientActions& out) {
    if (!started_ || stopped_) {
        out.emplace_back(
            SearchFailed{event.search, "The node does not ask the index now: it is being started or stopped.", {}});
    } else if (searches_.all().size() >= options_.searches_max) {
        out.emplace_back(SearchFailed{
            event.search,
            std::to_string(options_.searches_max) + " searches are under way at the index already. Try again.",
            {}});
    } else {
        searches_.add(event, now);
    }
}

void ClientCore::Impl::on(SearchDropped const& event, Instant, ClientActions&) { searches_.drop(event.search); }

void ClientCore::Impl::on(SentOctets const& event, Instant, ClientActions&) {
    if (auto* const search = searches_.find(event.search)) search->price.octets += event.octets;
}

void ClientCore::Impl::take(Link& link, Found const& message, std::size_t octets, Instant now, ClientActions& out) {
    auto* const search = searches_.find(message.request);
    if (search == nullptr ||
        std::find(search->waiting_for.begin(), search->waiting_for.end(), link.id) == search->waiting_for.end())
        return;
    ++search->price.messages;
    search->price.octets += octets;
    search->price.took = now - search->wanted_at;
    auto const* const record = servers_.find(link.endpoint);
    out.emplace_back(SearchAnswered{search->search, message.answer, record == nullptr ? ServerId{} : record->known.id,
                                    search->price});
    searches_.drop(message.request);
}

void ClientCore::Impl::search_refused(Link& link, Refused const& message, std::size_t octets) {
    auto* const search = searches_.find(message.request);
    if (search == nullptr || std::erase(search->waiting_for, link.id) == 0) return;
    ++search->price.messages;
    search->price.octets += octets;
    search->done_with.push_back(link.id);
    search->refusal =
        message.sentence.empty() ? "The index server refuses to search and gives no reason." : message.sentence;
}

void ClientCore::Impl::ask(Instant now, ClientActions& out) {
    std::vector<std::uint32_t> over;
    for (auto& search : searches_.all())
        if (ask_one(search, now, out)) over.push_back(search.search);
    for (auto const search : over) searches_.drop(search);
}

/// @returns true: it has failed, which has been said.
bool ClientCore::Impl::ask_one(SearchUnderWay& search, Instant now, ClientActions& out) {
    if (now - search.wanted_at >= options_.search_within) {
        auto const milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(options_.search_within).count();
        fail(search, "No index server answered within " + std::to_string(milliseconds) + " ms.", now, out);
        return true;
    }
    if (search.waiting_for.empty()) {
        if (auto const* const link = server_for(search)) {
            put(search, *link, now, out);
        } else if (auto why = why_give_up(search, now)) {
            fail(search, std::move(*why), now, out);
            return true;
        }
    } else if (search.waiting_for.size() == 1 && search.hedge_at && now >= *search.hedge_at) {
        auto const* const link = server_for(search);
        if (link == nullptr) return false;
        put(search, *link, now, out);
        search.hedge_at.reset();
    }
    return false;
}

void ClientCore::Impl::put(SearchUnderWay& search, Link const& link, Instant now, ClientActions& out) {
    search.waiting_for.push_back(link.id);
    ++search.price.messages;
    auto const* const record = servers_.find(link.endpoint);
    auto const round_trip = record == nullptr ? Duration{0} : record->known.round_trip.value_or(Duration{0});
    search.hedge_at = now + std::max(options_.hedge_after, round_trip * late_after_round_trips);
    out.emplace_back(ToServer{link.id, Search{search.search, search.query}});
}

/// A server it has not been put to: the primary first, then the standby, then any open one.
Link const* ClientCore::Impl::server_for(SearchUnderWay const& search) const {
    if (search.waiting_for.size() + search.done_with.size() >= SearchesUnderWay::put_to_max) return nullptr;
    for (auto const& id : {primary_, standby_})
        if (auto const* const link = find(id); link != nullptr && !search.was_put_to(link->id)) return link;
    for (auto const& link : links_)
        if (link.open && !link.leaving && !search.was_put_to(link.id)) return &link;
    return nullptr;
}

std::optional<std::string> ClientCore::Impl::why_give_up(SearchUnderWay const& search, Instant now) const {
    if (std::any_of(links_.begin(), links_.end(), [](auto const& link) { return !link.open; })) return std::nullopt;
    if (!search.refusal.empty()) return search.refusal;
    if (servers_.all().empty()) {
        // Names of servers are still being looked up when a node has just been started.
        if (now - started_at_ < options_.search_within) return std::nullopt;
        return problem();
    }
    if (now < link_awaited_until(search, now)) return std::nullopt;
    if (!servers_.all_failed_since(search.wanted_at - options_.reconnect_every)) return std::nullopt;
    return "None of the index servers that are known (" + std::to_string(servers_.all().size()) + ") can be reached. " +
           last_trouble_;
}

/// A server whose link broke a moment ago may just be restarted.
Instant ClientCore::Impl::link_awaited_until(SearchUnderWay const& search, Instant now) const {
    auto const broke = servers_.broke_lately(now);
    return broke ? std::max(search.wanted_at, *broke) + options_.link_within : search.wanted_at;
}

void ClientCore::Impl::fail(SearchUnderWay const& search, std::string sentence, Instant now, ClientActions& out) {
    auto price = search.price;
    price.took = now - search.wanted_at;
    out.emplace_back(SearchFailed{search.search, std::move(sentence), price});
}

void ClientCore::Impl::search_deadlines(Deadline& next) const {
    for (auto const& search : searches_.all()) {
        next.take(search.wanted_at + options_.search_within);
        if (search.hedge_at) next.take(*search.hedge_at);
        if (search.waiting_for.empty()) next.take(link_awaited_until(search, now_));
    }
}

}  // namespace praline::index
