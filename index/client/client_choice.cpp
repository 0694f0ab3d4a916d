// Which server: the nearest one, a standby beside it, and a probe of another now and then.
#include <algorithm>

#include "index/client/client_impl.hpp"

namespace praline::index {

ServerId ClientCore::Impl::primary_server() const {
    auto const* const link = find(primary_);
    auto const* const record = link == nullptr ? nullptr : servers_.find(link->endpoint);
    return record == nullptr ? ServerId{} : record->known.id;
}

/// Of the open links, besides those to the primary and the standby.
Link* ClientCore::Impl::nearest(bool also_unmeasured) {
    Link* best = nullptr;
    for (auto& link : links_) {
        if (!link.open || link.leaving || primary_ == link.id || standby_ == link.id) continue;
        if (!link.measured && !also_unmeasured) continue;
        // One server under two addresses is no standby of itself.
        auto const* const record = servers_.find(link.endpoint);
        if (primary_ && record != nullptr && record->known.id != ServerId{} && record->known.id == primary_server())
            continue;
        if (best == nullptr || servers_.cost(link.endpoint) < servers_.cost(best->endpoint)) best = &link;
    }
    return best;
}

void ClientCore::Impl::choose(Instant now, ClientActions& out) {
    if (auto const* const primary = find(primary_); primary != nullptr && primary->leaving && nearest(true) != nullptr)
        lose(*primary_, "The server is leaving.", Blame::none, true, now, out);
    if (!primary_) choose_primary(now);
    if (primary_) choose_standby(now, out);
}

void ClientCore::Impl::choose_primary(Instant now) {
    if (standby_) {
        primary_ = standby_;
        standby_.reset();
    } else {
        bool const pending = std::any_of(links_.begin(), links_.end(), [&](auto const& link) {
            return link.open ? !link.measured : now - link.since < ClientLimits::slow_after;
        });
        bool const due = choose_by_ && now >= *choose_by_;
        if (pending && !due) return;
        auto* const best = nearest(due);
        if (best == nullptr) return;
        primary_ = best->id;
    }
    find(*primary_)->probe = false;
    choose_by_.reset();
    nearer_probes_ = 0;
    if (lost_primary_) ++fail_overs_;
    lost_primary_ = false;
}

void ClientCore::Impl::choose_standby(Instant now, ClientActions& out) {
    if (auto* const best = nearest(true); best != nullptr && !standby_) {
        standby_ = best->id;
        best->probe = false;
    }
    // Those that were opened for the choice have been looked at.
    std::vector<ConnectionId> surplus;
    for (auto const& link : links_) {
        if (!link.open || link.probe || primary_ == link.id || standby_ == link.id) continue;
        if (!link.measured && now - link.since < ClientLimits::choose_within) continue;
        surplus.push_back(link.id);
    }
    for (auto id : surplus) {
        auto const* const link = find(std::optional{id});
        auto const* const standby = find(standby_);
        bool const same_server = servers_.find(link->endpoint)->known.id != ServerId{} &&
                                 servers_.find(link->endpoint)->known.id == primary_server();
        if (standby != nullptr && !same_server && servers_.cost(link->endpoint) < servers_.cost(standby->endpoint))
            std::swap(id, *standby_);
        lose(id, {}, Blame::none, true, now, out);
    }
}

std::size_t ClientCore::Impl::links_wanted(Instant now) const {
    if (links_.size() >= ClientLimits::links_max) return 0;
    std::size_t under_way = 0;
    for (auto const& link : links_) {
        bool const slow = !link.open && now - link.since >= ClientLimits::slow_after;
        if (primary_ != link.id && !slow && !link.leaving && !link.probe) ++under_way;
    }
    auto const* const primary = find(primary_);
    bool const settled = primary != nullptr && !primary->leaving;
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
        auto const endpoint = servers_.best_to_try(now, primary_server(), rng_);
        if (!endpoint) return;
        open(*endpoint, false, now, out);
    }
}

/// A probe has shown how far its server is: it takes the standby's place, or goes.
void ClientCore::Impl::settle_probe(Instant now, ClientActions& out) {
    auto const probe = std::find_if(links_.begin(), links_.end(), [](auto const& link) { return link.probe; });
    if (probe == links_.end() || !probe->open) return;
    auto const id = probe->id;
    auto const* const standby = find(standby_);
    bool const nearer = standby == nullptr || servers_.is_nearer(probe->endpoint, standby->endpoint);
    probe->probe = false;
    if (!nearer) return lose(id, {}, Blame::none, true, now, out);
    auto const before = standby_;
    standby_ = id;
    if (before) lose(*before, {}, Blame::none, true, now, out);
}

void ClientCore::Impl::move_primary(Instant now, ClientActions& out) {
    auto const before = *primary_;
    primary_.reset();
    choose_primary(now);
    signed_in_ = SignedIn::no;
    lease_ = {};
    pipeline_.stop();
    stay_until_ = now + options_.compare_every * (2 * ClientLimits::probes_to_move);
    lose(before, {}, Blame::none, true, now, out);
}

void ClientCore::Impl::compare_servers(Instant now, ClientActions& out) {
    if (now < probe_at_) return;
    probe_at_ = now + jittered(options_.compare_every, rng_);
    if (!primary_) return;
    settle_probe(now, out);
    auto const* const standby = find(standby_);
    bool const nearer = standby != nullptr && servers_.is_nearer(standby->endpoint, find(*primary_)->endpoint);
    nearer_probes_ = nearer ? nearer_probes_ + 1 : 0;
    if (nearer_probes_ >= ClientLimits::probes_to_move && now >= stay_until_) move_primary(now, out);
    bool const probing = std::any_of(links_.begin(), links_.end(), [](auto const& link) { return link.probe; });
    if (!standby_ || probing || links_.size() >= ClientLimits::links_max) return;
    if (auto const endpoint = servers_.oldest_measured(now, primary_server())) open(*endpoint, true, now, out);
}

void ClientCore::Impl::choice_deadlines(Deadline& next) const {
    next.take(probe_at_);
    if (choose_by_) next.take(*choose_by_);
    for (auto const& link : links_)
        next.take(link.since + (link.open ? ClientLimits::choose_within : ClientLimits::slow_after));
    if (links_wanted(now_) == 0) return;
    if (auto const retry = servers_.next_retry(primary_server())) next.take(*retry);
}

}  // namespace praline::index
