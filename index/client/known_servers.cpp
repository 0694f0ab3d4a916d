#include "index/client/known_servers.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace praline::index::client {
namespace {

constexpr std::uint64_t unknown_cost = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t reconnect_doublings_max = 6;  // 64 times
constexpr std::uint64_t work_us = 2000;               // at a server: differences far below it do not matter
constexpr std::uint64_t load_for_double = 64;         // of 255: an answer takes twice as long
constexpr Duration round_trip_max = std::chrono::minutes{1};

bool may_be_told(Endpoint endpoint, Endpoint source) {
    if (endpoint.is_unusable()) return false;
    if (endpoint.is_loopback()) return source.is_loopback();
    return !endpoint.is_private() || source.is_private() || source.is_loopback();
}

std::uint64_t cost_of(KnownServer const& server) {
    if (!server.round_trip) return unknown_cost;
    auto const took = static_cast<std::uint64_t>(std::clamp(*server.round_trip, Duration{0}, round_trip_max).count());
    return (took + work_us) * (load_for_double + server.load) / load_for_double;
}

}  // namespace

Duration jittered(Duration about, Rng& rng) {
    auto const span = static_cast<std::uint64_t>(std::max<Duration::rep>(about.count() / 2, 1));
    return about - about / 4 + Duration{static_cast<Duration::rep>(rng.below(span))};
}

ServerRecord* KnownServers::record_of(Endpoint endpoint) {
    auto const found = std::find_if(records_.begin(), records_.end(),
                                    [&](auto const& record) { return record.known.endpoint == endpoint; });
    return found == records_.end() ? nullptr : &*found;
}

ServerRecord const* KnownServers::find(Endpoint endpoint) const {
    return const_cast<KnownServers*>(this)->record_of(endpoint);
}

bool KnownServers::make_room() {
    if (records_.size() < options_.servers_max) return true;
    auto worst = records_.end();
    for (auto record = records_.begin(); record != records_.end(); ++record) {
        if (record->known.configured || record->connected || record->failures == 0) continue;
        if (worst == records_.end() || record->failures > worst->failures) worst = record;
    }
    if (worst == records_.end()) return false;
    records_.erase(worst);
    return true;
}

bool KnownServers::add(KnownServer const& server) {
    if (server.endpoint.is_unusable()) return false;
    if (auto* const record = record_of(server.endpoint)) {
        if (record->known.configured || !server.configured) return false;
        record->known.configured = true;
        return true;
    }
    if (!make_room()) return false;
    ServerRecord record;
    record.known = server;
    records_.push_back(record);
    return true;
}

bool KnownServers::learn(std::vector<Member> const& members, Endpoint source) {
    bool changed = false;
    for (auto const& member : members) {
        if (!may_be_told(member.endpoint, source)) continue;
        if (auto* const record = record_of(member.endpoint)) {
            record->known.load = member.load;
            changed |= record->known.id != member.id;
            record->known.id = member.id;
        } else {
            changed |= add({member.endpoint, member.id, member.load, std::nullopt, false});
        }
    }
    return changed;
}

bool KnownServers::identify(Endpoint endpoint, ServerId id) {
    auto* const record = record_of(endpoint);
    if (record == nullptr || record->known.id == id) return false;
    record->known.id = id;
    return true;
}

void KnownServers::opening(Endpoint endpoint) {
    if (auto* const record = record_of(endpoint)) record->connected = true;
}

void KnownServers::closed(Endpoint endpoint, Blame blame, bool was_stable, Instant now, Rng& rng) {
    auto* const record = record_of(endpoint);
    if (record == nullptr) return;
    record->connected = false;
    if (was_stable) record->failures = 0;
    if (blame == Blame::none) return;
    if (blame == Blame::broke) record->broke_at = now;
    if (blame == Blame::broke && was_stable) {
        record->retry_at = now;
        return;
    }
    record->failed_at = now;
    // A try before its time changes nothing: else a search that waits would put the next regular one off.
    if (now < record->regular_at) {
        record->retry_at = record->regular_at;
        return;
    }
    record->retry_at = record->regular_at =
        now + jittered(options_.reconnect_every * (1 << std::min(record->failures, reconnect_doublings_max)), rng);
    ++record->failures;
}

void KnownServers::rest_until(Endpoint endpoint, Instant until) {
    if (auto* const record = record_of(endpoint)) record->retry_at = std::max(record->retry_at, until);
}

void KnownServers::measured(Endpoint endpoint, Duration round_trip, std::uint8_t load, Instant now) {
    auto* const record = record_of(endpoint);
    if (record == nullptr) return;
    auto& known = record->known.round_trip;
    known = known ? (*known * 3 + round_trip) / 4 : round_trip;
    record->known.load = load;
    record->measured_at = now;
}

std::optional<Endpoint> KnownServers::best_to_try(Instant now, ServerId except, Rng& rng) const {
    std::optional<Endpoint> best;
    std::tuple<bool, std::uint64_t, std::uint64_t> best_key;
    for (auto const& record : records_) {
        if (record.connected || record.retry_at > now) continue;
        if (except != ServerId{} && record.known.id == except) continue;
        std::tuple const key{record.failures > 0, cost_of(record.known), rng.next()};
        if (best && best_key <= key) continue;
        best = record.known.endpoint;
        best_key = key;
    }
    return best;
}

std::optional<Endpoint> KnownServers::oldest_measured(Instant now, ServerId except) const {
    ServerRecord const* oldest = nullptr;
    for (auto const& record : records_) {
        if (record.connected || record.retry_at > now) continue;
        if (except != ServerId{} && record.known.id == except) continue;
        if (oldest == nullptr || record.measured_at < oldest->measured_at) oldest = &record;
    }
    return oldest == nullptr ? std::nullopt : std::optional{oldest->known.endpoint};
}

std::optional<Instant> KnownServers::next_retry(ServerId except) const {
    std::optional<Instant> next;
    for (auto const& record : records_) {
        if (record.connected || (except != ServerId{} && record.known.id == except)) continue;
        if (!next || record.retry_at < *next) next = record.retry_at;
    }
    return next;
}

void KnownServers::hurry(Instant since, Instant now) {
    for (auto& record : records_)
        if (!record.failed_at || *record.failed_at < since) record.retry_at = std::min(record.retry_at, now);
}

void KnownServers::retry_soon(Instant now) {
    for (auto& record : records_)
        if (record.broke_at && now - *record.broke_at < options_.gone_after && record.failed_at)
            record.retry_at = std::min(record.retry_at, *record.failed_at + options_.link_retry_every);
}

std::optional<Instant> KnownServers::broke_lately(Instant now) const {
    std::optional<Instant> last;
    for (auto const& record : records_)
        if (record.broke_at && now - *record.broke_at < options_.gone_after) last = std::max(last, record.broke_at);
    return last;
}

bool KnownServers::all_failed_since(Instant since) const {
    return std::all_of(records_.begin(), records_.end(), [&](auto const& record) {
        return !record.connected && record.failed_at && *record.failed_at >= since;
    });
}

std::vector<KnownServer> KnownServers::servers() const {
    std::vector<KnownServer> servers;
    for (auto const& record : records_) servers.push_back(record.known);
    return servers;
}

std::uint64_t KnownServers::cost(Endpoint endpoint) const {
    auto const* const record = find(endpoint);
    return record == nullptr ? unknown_cost : cost_of(record->known);
}

bool KnownServers::is_nearer(Endpoint other, Endpoint than) const {
    auto const its = cost(other), ours = cost(than);
    if (its == unknown_cost || ours == unknown_cost) return its < ours;
    return its * 100 <= ours * options_.better_percent;
}

}  // namespace praline::index::client
