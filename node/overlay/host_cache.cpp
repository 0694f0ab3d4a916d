#include "node/overlay/host_cache.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "node/base/grow_tightly.hpp"

namespace praline::overlay {
namespace {

constexpr std::size_t other_own_max = 15;
constexpr std::uint32_t failures_kept_max = 0x7FFF;  // as many as fit

bool holds(std::vector<Endpoint> const& list, Endpoint endpoint) {
    return std::find(list.begin(), list.end(), endpoint) != list.end();
}

/// Where hosts stand in the cache: all of one prefix beside each other.
struct HostKey {
    explicit HostKey(Endpoint const& one) : prefix{one.address}, endpoint{one} {}
    AddressPrefix prefix;
    Endpoint endpoint;
    friend auto operator<=>(HostKey const&, HostKey const&) = default;
};

std::uint32_t seconds_of(UnixSeconds time) {
    return static_cast<std::uint32_t>(std::clamp<UnixSeconds>(time, 0, 0xFFFFFFFF));
}

/// Rounded up.
std::uint32_t whole_seconds(Instant at) {
    return static_cast<std::uint32_t>(
        std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(at.time_since_epoch()).count(), 0));
}
Instant instant_of(std::uint32_t seconds) {
    return seconds == 0 ? Instant::min() : Instant{std::chrono::seconds{seconds}};
}

Duration doubled(std::chrono::seconds first, std::chrono::seconds most, std::uint32_t failures) {
    std::chrono::seconds wait = first;
    for (std::uint32_t i = 1; i < failures && wait < most; ++i) wait *= 2;
    return std::min(wait, most);
}

}  // namespace

bool HostCache::better(Host const& left, Host const& right) {
    auto const rank = [](Host const& one) {
        return std::tuple{one.failures == 0, one.last_success != 0, one.ultrapeer != 0, -int{one.failures},
                          one.last_success,  one.last_seen,         one.endpoint};
    };
    return rank(left) > rank(right);
}

bool HostCache::acceptable(Endpoint endpoint) const {
    return !endpoint.is_unusable() && endpoint.address.is_v6() == v6_ && (accept_private_ || !endpoint.is_private()) &&
           !is_own(endpoint);
}

HostCache::Host* HostCache::find(Endpoint endpoint) {
    auto const at = std::lower_bound(hosts_.begin(), hosts_.end(), HostKey{endpoint},
                                     [](Host const& one, HostKey const& key) { return HostKey{one.endpoint} < key; });
    return at != hosts_.end() && at->endpoint == endpoint ? &*at : nullptr;
}

HostCache::Named* HostCache::find_named(Endpoint endpoint) {
    auto const at =
        std::find_if(named_.begin(), named_.end(), [&](Named const& one) { return one.endpoint == endpoint; });
    return at != named_.end() ? &*at : nullptr;
}

void HostCache::make_room() {
    while (hosts_.size() >= limits_->hosts_max && !hosts_.empty()) {
        auto const worst = std::min_element(hosts_.begin(), hosts_.end(),
                                            [](Host const& left, Host const& right) { return better(right, left); });
        hosts_.erase(worst);
    }
}

void HostCache::load(std::vector<HostRecord> const& hosts) {
    for (HostRecord const& record : hosts) {
        if (!acceptable(record.endpoint)) continue;
        if (record.last_success == 0 && hearsay_ports_of(record.endpoint.address) >= limits_->ports_per_address_max)
            continue;
        add(record.endpoint, record.ultrapeer, record.last_seen);
        if (Host* host = find(record.endpoint)) {
            host->last_seen = seconds_of(record.last_seen);
            host->last_success = seconds_of(record.last_success);
            host->failures = std::min(record.failures, failures_kept_max) & failures_kept_max;
            host->ultrapeer = record.ultrapeer;
        }
    }
}

bool HostCache::add(Endpoint endpoint, bool ultrapeer, UnixSeconds unix_now) {
    if (!acceptable(endpoint) || limits_->hosts_max == 0) return false;
    if (Host* known = find(endpoint)) {
        known->last_seen = std::max(known->last_seen, seconds_of(unix_now));
        if (ultrapeer) known->ultrapeer = 1;
        return false;
    }
    insert(Host{endpoint, 0, ultrapeer, seconds_of(unix_now)});
    return true;
}

HostCache::Learned HostCache::learn(Endpoint endpoint, bool ultrapeer, Source const& source) {
    if (!acceptable(endpoint) || limits_->hosts_max == 0) return Learned::refused;
    if (find(endpoint)) {
        add(endpoint, ultrapeer, source.unix_now);
        return Learned::known;
    }
    bool const names_itself = AddressPrefix{endpoint.address} == source.address;
    if (!names_itself && hearsay_ports_of(endpoint.address) >= limits_->ports_per_address_max) return Learned::refused;
    if (!sources_.may_name_one(*limits_, source.address, source.now)) return Learned::refused;
    keep_share_of(source.address);
    insert(Host{endpoint, 0, ultrapeer, seconds_of(source.unix_now), 0, 0, source.address});
    return Learned::added;
}

void HostCache::insert(Host const& host) {
    make_room();
    auto const at = std::lower_bound(hosts_.begin(), hosts_.end(), HostKey{host.endpoint},
                                     [](Host const& one, HostKey const& key) { return HostKey{one.endpoint} < key; });
    hosts_.insert(at, host);
}

/// A source at its share of the cache loses the worst of what it named before.
void HostCache::keep_share_of(AddressPrefix source) {
    auto worst = hosts_.end();
    std::size_t count = 0;
    for (auto at = hosts_.begin(); at != hosts_.end(); ++at) {
        if (at->source != source) continue;
        ++count;
        if (worst == hosts_.end() || better(*worst, *at)) worst = at;
    }
    std::size_t const most =
        source == HostSources::host_caches ? limits_->hosts_per_host_caches_max : limits_->hosts_per_source_max;
    if (count >= most && worst != hosts_.end()) hosts_.erase(worst);
}

std::size_t HostCache::hearsay_ports_of(AddressPrefix prefix) const {
    auto at = std::lower_bound(hosts_.begin(), hosts_.end(), prefix, [](Host const& one, AddressPrefix key) {
        return AddressPrefix{one.endpoint.address} < key;
    });
    std::size_t count = 0;
    for (; at != hosts_.end() && AddressPrefix{at->endpoint.address} == prefix; ++at)
        count += at->last_success == 0 ? 1U : 0U;
    return count;
}

bool HostCache::is_hearsay(Endpoint endpoint) const {
    auto const at = std::lower_bound(hosts_.begin(), hosts_.end(), HostKey{endpoint},
                                     [](Host const& one, HostKey const& key) { return HostKey{one.endpoint} < key; });
    return at != hosts_.end() && at->endpoint == endpoint && at->last_success == 0;
}

void HostCache::name(Endpoint endpoint) {
    if (endpoint.is_unusable() || is_own(endpoint) || named_.size() >= limits_->named_peers_max) return;
    if (Named* known = find_named(endpoint)) {
        known->failures = 0;
        known->not_before = Instant::min();
        return;
    }
    grow_tightly(named_);
    named_.emplace_back(Named{endpoint, 0, Instant::min()});
}

bool HostCache::is_named(Endpoint endpoint) const {
    return std::any_of(named_.begin(), named_.end(), [&](Named const& one) { return one.endpoint == endpoint; });
}

void HostCache::forget_named(Endpoint endpoint) {
    std::erase_if(named_, [&](Named const& one) { return one.endpoint == endpoint; });
}

bool HostCache::is_own(Endpoint endpoint) const {
    std::vector<Endpoint> const* const others = other_own_.if_made();
    return endpoint == own_ || (others && holds(*others, endpoint));
}

void HostCache::set_own(Endpoint endpoint) {
    if (endpoint.port == 0 || is_own(endpoint)) return;
    if (own_.port == 0) {
        own_ = endpoint;
    } else {
        std::vector<Endpoint>& others = other_own_.get();
        if (others.size() >= other_own_max) others.erase(others.begin());
        others.emplace_back(endpoint);
    }
    forget_named(endpoint);
    std::erase_if(hosts_, [&](Host const& one) { return one.endpoint == endpoint; });
}

void HostCache::succeeded(Endpoint endpoint, bool ultrapeer, UnixSeconds unix_now) {
    add(endpoint, ultrapeer, unix_now);
    if (Host* host = find(endpoint)) {
        host->ultrapeer = ultrapeer;
        host->last_success = host->last_seen = seconds_of(unix_now);
        host->failures = 0;
        host->not_before = 0;
        if (host->source != AddressPrefix{}) sources_.was_right(*limits_, std::exchange(host->source, AddressPrefix{}));
    }
    if (Named* named = find_named(endpoint)) named->failures = 0;
}

void HostCache::failed(Endpoint endpoint, Instant now) {
    if (Named* named = find_named(endpoint)) {
        ++named->failures;
        named->not_before = now + doubled(limits_->named_retry_first, limits_->named_retry_max, named->failures);
    }
    if (Host* host = find(endpoint)) {
        if (host->failures < failures_kept_max) host->failures = (host->failures + 1U) & failures_kept_max;
        host->not_before = whole_seconds(now + doubled(limits_->retry_after, limits_->retry_after_max, host->failures));
        if (host->failures >= limits_->failures_max)
            std::erase_if(hosts_, [&](Host const& one) { return one.endpoint == endpoint; });
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
