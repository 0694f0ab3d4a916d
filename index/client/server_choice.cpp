#include "index/client/server_choice.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "index/client/client_limits.hpp"

namespace praline::index::client {

ServerChoice::ServerChoice(ClientOptions const& options, KnownServers& servers, Links& links, Rng& rng)
    : options_{options}, servers_{servers}, links_{links}, rng_{rng} {}

void ServerChoice::start(Instant now) { compare_at_ = now + jittered(options_.compare_every, rng_); }

void ServerChoice::stop() {
    primary_.reset();
    standby_.reset();
}

void ServerChoice::link_opened(Instant now) {
    if (!primary_ && !choose_by_) choose_by_ = now + ClientLimits::choose_within;
}

bool ServerChoice::link_lost(ConnectionId id, Instant now) {
    if (standby_ == id) standby_.reset();
    if (primary_ != id) return false;
    primary_.reset();
    lost_primary_ = true;
    choose_by_ = now;
    return true;
}

void ServerChoice::server_leaves(Link& link, Instant now, ClientActions& out) {
    servers_.rest_until(link.endpoint, now + jittered(ClientLimits::leaving_rest, rng_));
    link.leaving = true;
    // There is no hurry: while no other is there, it still answers.
    bool const other =
        std::any_of(links_.all().begin(), links_.all().end(), [](auto const& one) { return one.open && !one.leaving; });
    if (other || primary_ != link.id) links_.close(link.id, "The server is leaving.", Blame::none, now, out);
}

void ServerChoice::primary_identified(ServerId server, Instant now, ClientActions& out) {
    if (standby_ && server != ServerId{} && server_of(standby_) == server)
        links_.close(*standby_, {}, Blame::none, now, out);
}

void ServerChoice::reconnect(Instant now, ClientActions& out) {
    links_.close(*primary_, {}, Blame::none, now, out);
    lost_primary_ = false;
}

ServerId ServerChoice::server_of(std::optional<ConnectionId> id) const {
    auto const* const link = std::as_const(links_).find(id);
    auto const* const record = link == nullptr ? nullptr : servers_.find(link->endpoint);
    return record == nullptr ? ServerId{} : record->known.id;
}

/// Of the open links, besides those to the primary and the stand-by.
Link* ServerChoice::nearest(bool also_unmeasured) {
    Link* best = nullptr;
    for (auto& link : links_.all()) {
        if (!link.open || link.leaving || primary_ == link.id || standby_ == link.id) continue;
        if (!link.measured && !also_unmeasured) continue;
        // One server under two addresses is no stand-by of itself.
        auto const* const record = servers_.find(link.endpoint);
        if (primary_ && record != nullptr && record->known.id != ServerId{} && record->known.id == server_of(primary_))
            continue;
        if (best == nullptr || servers_.cost(link.endpoint) < servers_.cost(best->endpoint)) best = &link;
    }
    return best;
}

void ServerChoice::choose(Instant now, ClientActions& out) {
    auto const* const primary = std::as_const(links_).find(primary_);
    if (primary != nullptr && primary->leaving && nearest(true) != nullptr)
        links_.close(*primary_, "The server is leaving.", Blame::none, now, out);
    if (!primary_) choose_primary(now);
    if (primary_) choose_standby(now, out);
}

void ServerChoice::choose_primary(Instant now) {
    if (standby_) {
        primary_ = standby_;
        standby_.reset();
    } else {
        bool const pending = std::any_of(links_.all().begin(), links_.all().end(), [&](auto const& link) {
            return link.open ? !link.measured : now - link.since < ClientLimits::slow_after;
        });
        bool const due = choose_by_ && now >= *choose_by_;
        if (pending && !due) return;
        auto* const best = nearest(due);
        if (best == nullptr) return;
        primary_ = best->id;
    }
    links_.find(*primary_)->probe = false;
    choose_by_.reset();
    nearer_in_a_row_ = 0;
    if (lost_primary_) ++fail_overs_;
    lost_primary_ = false;
}

void ServerChoice::choose_standby(Instant now, ClientActions& out) {
    if (auto* const best = nearest(true); best != nullptr && !standby_) {
        standby_ = best->id;
        best->probe = false;
    }
    close_surplus(now, out);
}

/// Those that were opened for the choice have been looked at.
void ServerChoice::close_surplus(Instant now, ClientActions& out) {
    std::vector<ConnectionId> surplus;
    for (auto const& link : links_.all()) {
        if (!link.open || link.probe || primary_ == link.id || standby_ == link.id) continue;
        if (!link.measured && now - link.since < ClientLimits::choose_within) continue;
        surplus.push_back(link.id);
    }
    for (auto id : surplus) {
        auto const endpoint = links_.find(id)->endpoint;
        auto const* const standby = std::as_const(links_).find(standby_);
        auto const server = server_of(id);
        bool const same_server = server != ServerId{} && server == server_of(primary_);
        if (standby != nullptr && !same_server && servers_.cost(endpoint) < servers_.cost(standby->endpoint))
            std::swap(id, *standby_);
        links_.close(id, {}, Blame::none, now, out);
    }
}

std::size_t ServerChoice::links_wanted(Instant now) const {
    auto const& links = std::as_const(links_).all();
    if (links.size() >= ClientLimits::links_max) return 0;
    std::size_t under_way = 0;
    for (auto const& link : links) {
        bool const slow = !link.open && now - link.since >= ClientLimits::slow_after;
        if (primary_ != link.id && !slow && !link.leaving && !link.probe) ++under_way;
    }
    auto const* const primary = std::as_const(links_).find(primary_);
    bool const settled = primary != nullptr && !primary->leaving;
    auto const wanted = settled ? std::size_t{1} : ClientLimits::candidates_max;
    return std::min(wanted - std::min(wanted, under_way), ClientLimits::links_max - links.size());
}

void ServerChoice::open_links(std::optional<Instant> search_since, Instant now, ClientActions& out) {
    // Somebody waits for an answer: that is worth a try before its time.
    if (!links_.any_open() && search_since) {
        servers_.hurry(*search_since - options_.reconnect_every, now);
        servers_.retry_soon(now);
    }
    for (auto wanted = links_wanted(now); wanted > 0; --wanted) {
        auto const endpoint = servers_.best_to_try(now, server_of(primary_), rng_);
        if (!endpoint) return;
        links_.open(*endpoint, false, now, out);
    }
}

/// A probe has shown how far its server is: it takes the stand-by's place, or is closed.
void ServerChoice::settle_probe(Instant now, ClientActions& out) {
    auto& links = links_.all();
    auto const probe = std::find_if(links.begin(), links.end(), [](auto const& link) { return link.probe; });
    if (probe == links.end() || !probe->open) return;
    auto const id = probe->id;
    auto const* const standby = std::as_const(links_).find(standby_);
    bool const nearer = standby == nullptr || servers_.is_nearer(probe->endpoint, standby->endpoint);
    probe->probe = false;
    if (!nearer) return links_.close(id, {}, Blame::none, now, out);
    auto const before = standby_;
    standby_ = id;
    if (before) links_.close(*before, {}, Blame::none, now, out);
}

void ServerChoice::move_primary(Instant now, ClientActions& out) {
    auto const before = *primary_;
    primary_.reset();
    choose_primary(now);
    stay_until_ = now + options_.compare_every * (2 * ClientLimits::probes_to_move);
    links_.close(before, {}, Blame::none, now, out);
}

bool ServerChoice::compare(Instant now, ClientActions& out) {
    if (now < compare_at_) return false;
    compare_at_ = now + jittered(options_.compare_every, rng_);
    if (!primary_) return false;
    settle_probe(now, out);
    auto const* const standby = std::as_const(links_).find(standby_);
    bool const nearer = standby != nullptr && servers_.is_nearer(standby->endpoint, links_.find(*primary_)->endpoint);
    nearer_in_a_row_ = nearer ? nearer_in_a_row_ + 1 : 0;
    bool const moves = nearer_in_a_row_ >= ClientLimits::probes_to_move && now >= stay_until_;
    if (moves) move_primary(now, out);
    auto const& links = links_.all();
    bool const probing = std::any_of(links.begin(), links.end(), [](auto const& link) { return link.probe; });
    if (!standby_ || probing || links.size() >= ClientLimits::links_max) return moves;
    if (auto const endpoint = servers_.oldest_measured(now, server_of(primary_)))
        links_.open(*endpoint, true, now, out);
    return moves;
}

void ServerChoice::deadlines(Deadline& next) const {
    next.take(compare_at_);
    if (choose_by_) next.take(*choose_by_);
    for (auto const& link : std::as_const(links_).all())
        next.take(link.since + (link.open ? ClientLimits::choose_within : ClientLimits::slow_after));
    if (links_wanted(next.now()) == 0) return;
    if (auto const retry = servers_.next_retry(server_of(primary_))) next.take(*retry);
}

}  // namespace praline::index::client
