#include "node/overlay/host_cache.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "node/base/room_for_one.hpp"

namespace praline::overlay {
namespace {

constexpr std::size_t own_addresses_max = 16;

bool holds(std::vector<Endpoint> const& list, Endpoint endpoint) {
    return std::find(list.begin(), list.end(), endpoint) != list.end();
}

std::uint32_t seconds_of(UnixSeconds time) { return static_cast<std::uint32_t>(std::clamp<UnixSeconds>(time, 0, 0xFFFFFFFF)); }

/// Rounded up.
std::uint32_t whole_seconds(Instant at) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(at.time_since_epoch()).count(), 0));
}
Instant instant_of(std::uint32_t seconds) { return seconds == 0 ? Instant::min() : Instant{std::chrono::seconds{seconds}}; }

Duration doubled(std::chrono::seconds first, std::chrono::seconds most, std::uint32_t failures) {
    std::chrono::seconds wait = first;
    for (std::uint32_t i = 1; i < failures && wait < most; ++i) wait *= 2;
    return std::min(wait, most);
}

}  // namespace

bool HostCache::better(Host const& left, Host const& right) {
    auto const rank = [](Host const& one) {
        return std::tuple{one.failures == 0, one.last_success != 0, one.ultrapeer, -int{one.failures}, one.last_success,
                          one.last_seen, one.endpoint};
    };
    return rank(left) > rank(right);
}

bool HostCache::acceptable(Endpoint endpoint) const {
    return !endpoint.is_unusable() && (accept_private_ || !endpoint.is_private()) && !holds(own_, endpoint);
}

HostCache::Host* HostCache::find(Endpoint endpoint) {
    auto const at = std::lower_bound(hosts_.begin(), hosts_.end(), endpoint,
                                     [](Host const& one, Endpoint key) { return one.endpoint < key; });
    return at != hosts_.end() && at->endpoint == endpoint ? &*at : nullptr;
}

HostCache::Named* HostCache::find_named(Endpoint endpoint) {
    auto const at = std::find_if(named_.begin(), named_.end(), [&](Named const& one) { return one.endpoint == endpoint; });
    return at != named_.end() ? &*at : nullptr;
}

void HostCache::make_room() {
    while (hosts_.size() >= limits_->hosts_max && !hosts_.empty()) {
        auto const worst = std::min_element(hosts_.begin(), hosts_.end(), [](Host const& left, Host const& right) {
            return better(right, left);
        });
        hosts_.erase(worst);
    }
}

void HostCache::load(std::vector<HostRecord> const& hosts) {
    for (HostRecord const& record : hosts) {
        if (!acceptable(record.endpoint)) continue;
        if (record.last_success == 0 && hearsay_ports_of(record.endpoint.address) >= limits_->ports_per_address_max) continue;
        heard(record.endpoint, record.ultrapeer, record.last_seen);
        if (Host* host = find(record.endpoint)) {
            host->last_seen = seconds_of(record.last_seen);
            host->last_success = seconds_of(record.last_success);
            host->failures = static_cast<std::uint16_t>(std::min<std::uint32_t>(record.failures, 0xFFFF));
            host->ultrapeer = record.ultrapeer;
        }
    }
}

bool HostCache::heard(Endpoint endpoint, bool ultrapeer, UnixSeconds unix_now) {
    if (!acceptable(endpoint) || limits_->hosts_max == 0) return false;
    if (Host* known = find(endpoint)) {
        known->last_seen = std::max(known->last_seen, seconds_of(unix_now));
        known->ultrapeer = known->ultrapeer || ultrapeer;
        return false;
    }
    insert(Host{endpoint, seconds_of(unix_now), 0, 0, 0, 0, ultrapeer});
    return true;
}

HostCache::Told HostCache::told(Endpoint endpoint, bool ultrapeer, Source const& source) {
    if (!acceptable(endpoint) || limits_->hosts_max == 0) return Told::refused;
    if (find(endpoint)) {
        heard(endpoint, ultrapeer, source.unix_now);
        return Told::known;
    }
    bool const names_itself = endpoint.address == source.teller;
    if (!names_itself && hearsay_ports_of(endpoint.address) >= limits_->ports_per_address_max) return Told::refused;
    if (!tellers_.may_name_one(source.teller, source.now)) return Told::refused;
    keep_share_of(source.teller);
    insert(Host{endpoint, seconds_of(source.unix_now), 0, 0, source.teller, 0, ultrapeer});
    return Told::added;
}

void HostCache::insert(Host const& host) {
    make_room();
    auto const at = std::lower_bound(hosts_.begin(), hosts_.end(), host.endpoint,
                                     [](Host const& one, Endpoint key) { return one.endpoint < key; });
    hosts_.insert(at, host);
}

/// A teller at its share of the cache loses the worst of what it named before.
void HostCache::keep_share_of(std::uint32_t teller) {
    auto worst = hosts_.end();
    std::size_t count = 0;
    for (auto at = hosts_.begin(); at != hosts_.end(); ++at) {
        if (at->teller != teller) continue;
        ++count;
        if (worst == hosts_.end() || better(*worst, *at)) worst = at;
    }
    std::size_t const most = teller == Tellers::host_caches ? limits_->hosts_per_host_caches_max : limits_->hosts_per_teller_max;
    if (count >= most && worst != hosts_.end()) hosts_.erase(worst);
}

std::size_t HostCache::hearsay_ports_of(std::uint32_t address) const {
    auto at = std::lower_bound(hosts_.begin(), hosts_.end(), Endpoint{address, 0},
                               [](Host const& one, Endpoint key) { return one.endpoint < key; });
    std::size_t count = 0;
    for (; at != hosts_.end() && at->endpoint.address == address; ++at) count += at->last_success == 0 ? 1U : 0U;
    return count;
}

bool HostCache::is_hearsay(Endpoint endpoint) const {
    auto const at = std::lower_bound(hosts_.begin(), hosts_.end(), endpoint,
                                     [](Host const& one, Endpoint key) { return one.endpoint < key; });
    return at != hosts_.end() && at->endpoint == endpoint && at->last_success == 0;
}

void HostCache::name(Endpoint endpoint) {
    if (endpoint.is_unusable() || holds(own_, endpoint) || named_.size() >= limits_->named_peers_max) return;
    if (Named* known = find_named(endpoint)) {
        known->failures = 0;
        known->not_before = Instant::min();
        return;
    }
    room_for_one(named_);
    named_.emplace_back(Named{endpoint, 0, Instant::min()});
}

bool HostCache::is_named(Endpoint endpoint) const {
    return std::any_of(named_.begin(), named_.end(), [&](Named const& one) { return one.endpoint == endpoint; });
}

void HostCache::forget_named(Endpoint endpoint) {
    std::erase_if(named_, [&](Named const& one) { return one.endpoint == endpoint; });
}

void HostCache::set_own(Endpoint endpoint) {
    if (endpoint.port == 0 || holds(own_, endpoint)) return;
    if (own_.size() >= own_addresses_max) own_.erase(own_.begin() + 1);  // the first is the configured one
    own_.emplace_back(endpoint);
    forget_named(endpoint);
    std::erase_if(hosts_, [&](Host const& one) { return one.endpoint == endpoint; });
}

void HostCache::succeeded(Endpoint endpoint, bool ultrapeer, UnixSeconds unix_now) {
    heard(endpoint, ultrapeer, unix_now);
    if (Host* host = find(endpoint)) {
        host->ultrapeer = ultrapeer;
        host->last_success = host->last_seen = seconds_of(unix_now);
        host->failures = 0;
        host->not_before = 0;
        if (host->teller != 0) tellers_.was_right(std::exchange(host->teller, 0));
    }
    if (Named* named = find_named(endpoint)) named->failures = 0;
}

void HostCache::failed(Endpoint endpoint, Instant now) {
    if (Named* named = find_named(endpoint)) {
        ++named->failures;
        named->not_before = now + doubled(limits_->named_retry_first, limits_->named_retry_max, named->failures);
    }
    if (Host* host = find(endpoint)) {
        if (host->failures < 0xFFFF) ++host->failures;
        host->not_before = whole_seconds(now + doubled(limits_->retry_after, limits_->retry_after_max, host->failures));
        if (host->failures >= limits_->failures_max) std::erase_if(hosts_, [&](Host const& one) { return one.endpoint == endpoint; });
    }
}

std::optional<Endpoint> HostCache::next_named(Instant now, std::vector<Endpoint> const& busy) const {
    for (Named const& one : named_)
        if (one.not_before <= now && !holds(busy, one.endpoint)) return one.endpoint;
    return std::nullopt;
}

std::optional<Endpoint> HostCache::next(Instant now, std::vector<Endpoint> const& busy) const {
    Host const* best = nullptr;
    for (Host const& one : hosts_) {
        if (instant_of(one.not_before) > now || (best && !better(one, *best))) continue;
        if (holds(busy, one.endpoint) || is_named(one.endpoint)) continue;
        best = &one;
    }
    return best ? std::optional{best->endpoint} : std::nullopt;
}

std::optional<Instant> HostCache::next_due(std::vector<Endpoint> const& busy, bool others) const {
    std::optional<Instant> due;
    auto const consider = [&](Instant at, Endpoint endpoint) {
        if ((!due || at < *due) && !holds(busy, endpoint)) due = at;
    };
    for (Named const& one : named_) consider(one.not_before, one.endpoint);
    if (others)
        for (Host const& one : hosts_)
            if (!is_named(one.endpoint)) consider(instant_of(one.not_before), one.endpoint);
    return due;
}

std::vector<Endpoint> HostCache::suggest(std::size_t count, Endpoint except, Rng& rng) const {
    std::vector<Host> good;
    for (Host const& one : hosts_)
        if (one.ultrapeer && one.failures == 0 && one.endpoint != except) good.emplace_back(one);
    std::size_t const among = std::min(good.size(), count * 4);
    std::partial_sort(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(among), good.end(), better);
    good.resize(among);
    std::vector<Endpoint> chosen;
    while (chosen.size() < count && !good.empty()) {
        auto const at = static_cast<std::size_t>(rng.below(good.size()));
        chosen.emplace_back(good[at].endpoint);
        good[at] = good.back();
        good.pop_back();
    }
    return chosen;
}

std::vector<HostRecord> HostCache::records() const {
    std::vector<HostRecord> records;
    records.reserve(hosts_.size());
    for (Host const& one : hosts_) records.emplace_back(one.record());
    return records;
}

}  // namespace praline::overlay
