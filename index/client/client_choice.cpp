// Which server: the nearest that is there, another at its side, and a look round now and then.
#include <algorithm>

#include "index/client/client_impl.hpp"

namespace praline::index {

ServerId ClientCore::Impl::home_server() const {
    auto const* const link = find(home_);
    auto const* const record = link == nullptr ? nullptr : servers_.find(link->endpoint);
    return record == nullptr ? ServerId{} : record->known.id;
}

/// Of those that are open, besides home and stand-by.
Link* ClientCore::Impl::nearest(bool also_unmeasured) {
    Link* best = nullptr;
    for (auto& link : links_) {
        if (!link.open || link.leaving || home_ == link.id || stand_by_ == link.id) continue;
        if (!link.measured && !also_unmeasured) continue;
        // One server under two addresses stands by for nobody.
        auto const* const record = servers_.find(link.endpoint);
        if (home_ && record != nullptr && record->known.id != ServerId{} && record->known.id == home_server()) continue;
        if (best == nullptr || servers_.cost(link.endpoint) < servers_.cost(best->endpoint)) best = &link;
    }
    return best;
}

void ClientCore::Impl::choose(Instant now, ClientActions& out) {
    if (auto const* const home = find(home_); home != nullptr && home->leaving && nearest(true) != nullptr)
        lose(*home_, "The server is leaving.", Blame::none, true, now, out);
    if (!home_) choose_home(now);
    if (home_) choose_stand_by(now, out);
}

void ClientCore::Impl::choose_home(Instant now) {
    if (stand_by_) {
        home_ = stand_by_;
        stand_by_.reset();
    } else {
        bool const pending = std::any_of(links_.begin(), links_.end(), [&](auto const& link) {
            return link.open ? !link.measured : now - link.since < ClientLimits::slow_after;
        });
        bool const due = choose_by_ && now >= *choose_by_;
        if (pending && !due) return;
        auto* const best = nearest(due);
        if (best == nullptr) return;
        home_ = best->id;
    }
    find(*home_)->probe = false;
    choose_by_.reset();
    looks_ = 0;
    if (lost_home_) ++fail_overs_;
    lost_home_ = false;
}

void ClientCore::Impl::choose_stand_by(Instant now, ClientActions& out) {
    if (auto* const best = nearest(true); best != nullptr && !stand_by_) {
        stand_by_ = best->id;
        best->probe = false;
    }
    // Those that were opened for the choice have been looked at.
    std::vector<ConnectionId> surplus;
    for (auto const& link : links_) {
        if (!link.open || link.probe || home_ == link.id || stand_by_ == link.id) continue;
        if (!link.measured && now - link.since < ClientLimits::choose_within) continue;
        surplus.push_back(link.id);
    }
    for (auto id : surplus) {
        auto const* const link = find(std::optional{id});
        auto const* const stand_by = find(stand_by_);
        bool const same_server = servers_.find(link->endpoint)->known.id != ServerId{} && servers_.find(link->endpoint)->known.id == home_server();
        if (stand_by != nullptr && !same_server && servers_.cost(link->endpoint) < servers_.cost(stand_by->endpoint))
            std::swap(id, *stand_by_);
        lose(id, {}, Blame::none, true, now, out);
    }
}

std::size_t ClientCore::Impl::links_wanted(Instant now) const {
    if (links_.size() >= ClientLimits::links_max) return 0;
    std::size_t under_way = 0;
    for (auto const& link : links_) {
        bool const slow = !link.open && now - link.since >= ClientLimits::slow_after;
        if (home_ != link.id && !slow && !link.leaving && !link.probe) ++under_way;
    }
    auto const* const home = find(home_);
    bool const settled = home != nullptr && !home->leaving;
    auto const wanted = settled ? std::size_t{1} : ClientLimits::candidates_max;
    return std::min(wanted - std::min(wanted, under_way), ClientLimits::links_max - links_.size());
}

void ClientCore::Impl::open_links(Instant now, ClientActions& out) {
    // Somebody waits for an answer: that is worth a try before its time.
    bool const any_open = std::any_of(links_.begin(), links_.end(), [](auto const& link) { return link.open; });
    if (!any_open && !searches_.all().empty()) {
        servers_.hurry(searches_.all().back().wanted_at - options_.reconnect_every, now);
        servers_.retry_soon(now);
    }
    for (auto wanted = links_wanted(now); wanted > 0; --wanted) {
        auto const endpoint = servers_.best_to_try(now, home_server(), rng_);
        if (!endpoint) return;
        open(*endpoint, false, now, out);
    }
}

/// A probe has shown how far its server is: it takes the stand-by's place, or goes.
void ClientCore::Impl::settle_probe(Instant now, ClientActions& out) {
    auto const probe = std::find_if(links_.begin(), links_.end(), [](auto const& link) { return link.probe; });
    if (probe == links_.end() || !probe->open) return;
    auto const id = probe->id;
    auto const* const stand_by = find(stand_by_);
    bool const nearer = stand_by == nullptr || servers_.is_nearer(probe->endpoint, stand_by->endpoint);
    probe->probe = false;
    if (!nearer) return lose(id, {}, Blame::none, true, now, out);
    auto const before = stand_by_;
    stand_by_ = id;
    if (before) lose(*before, {}, Blame::none, true, now, out);
}

void ClientCore::Impl::move_home(Instant now, ClientActions& out) {
    auto const before = *home_;
    home_.reset();
    choose_home(now);
    signed_in_ = SignedIn::no;
    lease_ = {};
    pipeline_.stop();
    stay_until_ = now + options_.compare_every * (2 * ClientLimits::looks_to_move);
    lose(before, {}, Blame::none, true, now, out);
}

void ClientCore::Impl::look(Instant now, ClientActions& out) {
    if (now < look_at_) return;
    look_at_ = now + jittered(options_.compare_every, rng_);
    if (!home_) return;
    settle_probe(now, out);
    auto const* const stand_by = find(stand_by_);
    bool const nearer = stand_by != nullptr && servers_.is_nearer(stand_by->endpoint, find(*home_)->endpoint);
    looks_ = nearer ? looks_ + 1 : 0;
    if (looks_ >= ClientLimits::looks_to_move && now >= stay_until_) move_home(now, out);
    bool const probing = std::any_of(links_.begin(), links_.end(), [](auto const& link) { return link.probe; });
    if (!stand_by_ || probing || links_.size() >= ClientLimits::links_max) return;
    if (auto const endpoint = servers_.oldest_measured(now, home_server())) open(*endpoint, true, now, out);
}

void ClientCore::Impl::choice_deadlines(Deadline& next) const {
    next.take(look_at_);
    if (choose_by_) next.take(*choose_by_);
    for (auto const& link : links_) next.take(link.since + (link.open ? ClientLimits::choose_within : ClientLimits::slow_after));
    if (links_wanted(now_) == 0) return;
    if (auto const retry = servers_.next_retry(home_server())) next.take(*retry);
}

}  // namespace praline::index
