#include "transfer/swarm/source_list.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "node/base/text.hpp"
#include "transfer/content/http_url.hpp"

namespace praline::swarm {

namespace {

/// Two hits that mean one place.
bool same_place(Source const& left, Source const& right) {
    return left.endpoint == right.endpoint && left.servent == right.servent && left.index == right.index &&
           left.url == right.url;
}

constexpr unsigned doublings_max = 20;
/// Addresses that agree in so many leading bits are taken for one network.
constexpr unsigned network_v4_bits = 24, network_v6_bits = 48;
/// A busy server that does not say when to come back is asked five times as seldom as one that hung up.
constexpr int busy_factor = 5;
/// However soon a busy server asks to be asked again: the wait grows to so many times the shortest one.
constexpr int busy_floor_max = 60;
/// A part of the file that is missing here will not be there a second later.
constexpr int not_yet_factor = 30;
/// A connection that brought so much need not be regretted: the next may follow twenty times as soon.
constexpr std::uint64_t much_bytes = 256 * 1024;
constexpr int much_factor = 20;

std::chrono::milliseconds doubled(std::chrono::milliseconds first, unsigned times, std::chrono::milliseconds most) {
    auto const doublings = times > 0 ? std::min(times - 1, doublings_max) : 0;
    return std::min(first * (std::int64_t{1} << doublings), most);
}

}  // namespace

bool SourceList::add(Source const& source, Instant now, bool by_user) {
    auto const dropped = std::find_if(dropped_.begin(), dropped_.end(),
                                      [&](Dropped const& one) { return same_place(one.known.source, source); });
    if (dropped != dropped_.end()) {
        if (!by_user && dropped->forgiven_at > now) return false;
        dropped_.erase(dropped);
    }
    for (auto& known : known_) {
        if (!same_place(known.source, source)) continue;
        if (!by_user) return false;
        known.by_user = known.by_user || !source.from_hit;
        known.failures = known.busy = known.not_found = 0;
        bool const waited = known.retry_at > now;
        known.retry_at = std::min(known.retry_at, now);
        return waited;
    }
    // Nobody else names URLs.
    bool const named = (by_user && !source.from_hit) || !source.url.empty();
    if (!make_room(source, named)) return false;
    KnownSource known;
    known.id = next_id_++;
    known.source = source;
    known.by_user = named;
    known_.push_back(std::move(known));
    return true;
}

bool SourceList::make_room(Source const& source, bool by_user) {
    auto const of_address = [](AddressPrefix address) {
        return [address](KnownSource const& one) { return AddressPrefix{one.source.endpoint.address} == address; };
    };
    auto const here = of_address(source.endpoint.address);
    auto const count = std::count_if(known_.begin(), known_.end(), here);
    if (static_cast<std::size_t>(count) >= limits_.sources_per_address_max && !by_user && !evict_worst(here, by_user))
        return false;
    if (known_.size() < limits_.sources_max) return true;
    AddressPrefix greediest;
    std::ptrdiff_t most = 0;
    for (auto const& one : known_) {
        auto const held = std::count_if(known_.begin(), known_.end(), of_address(one.source.endpoint.address));
        if (held > most) {
            most = held;
            greediest = one.source.endpoint.address;
        }
    }
    if (most > 1 && evict_worst(of_address(greediest), by_user)) return true;
    // Each has one place: only one that has failed is evicted for a newcomer.
    return evict_worst([&](KnownSource const& one) { return by_user || one.failures > 0 || one.not_found > 0; },
                       by_user);
}

/// The one with most failures, of equal ones the oldest. The session of an evicted source ends like any other.
bool SourceList::evict_worst(std::function<bool(KnownSource const&)> const& among, bool by_user) {
    auto worst = known_.end();
    for (auto at = known_.begin(); at != known_.end(); ++at) {
        if (!among(*at) || at->bytes > 0 || (at->by_user && !by_user)) continue;
        if (worst == known_.end() || at->failures + at->not_found > worst->failures + worst->not_found) worst = at;
    }
    if (worst == known_.end()) return false;
    known_.erase(worst);
    return true;
}

unsigned SourceList::failures_of_network(KnownSource const& known) const {
    if (!known.source.url.empty()) return known.failures;
    auto const network = [](KnownSource const& one) {
        return AddressPrefix::of_network(one.source.endpoint.address, network_v4_bits, network_v6_bits);
    };
    unsigned sum = 0;
    for (auto const& one : known_)
        if (network(one) == network(known)) sum += one.failures;
    return sum;
}

KnownSource* SourceList::pick(Instant now, Filter const& may) {
    KnownSource* best = nullptr;
    auto const rank = [this](KnownSource const& one) {
        return std::tuple{one.corrupt_slices,       one.failures,
                          failures_of_network(one), std::numeric_limits<std::uint64_t>::max() - one.bytes,
                          one.source.push_needed,   one.id};
    };
    for (auto& known : known_) {
        if (known.retry_at > now || (may && !may(known))) continue;
        if (best == nullptr || rank(known) < rank(*best)) best = &known;
    }
    return best;
}

KnownSource* SourceList::find(std::uint32_t id) {
    auto const at =
        std::find_if(known_.begin(), known_.end(), [&](KnownSource const& known) { return known.id == id; });
    return at == known_.end() ? nullptr : &*at;
}

KnownSource const* SourceList::find(std::uint32_t id) const {
    auto const at =
        std::find_if(known_.begin(), known_.end(), [&](KnownSource const& known) { return known.id == id; });
    return at == known_.end() ? nullptr : &*at;
}

bool SourceList::any(Filter const& so) const { return std::any_of(known_.begin(), known_.end(), so); }

std::optional<Instant> SourceList::next_retry(Instant now) const {
    std::optional<Instant> first;
    for (auto const& known : known_)
        if (known.retry_at > now && (!first || known.retry_at < *first)) first = known.retry_at;
    return first;
}

std::optional<std::uint32_t> SourceList::id_of(Source const& source) const {
    for (auto const& known : known_)
        if (same_place(known.source, source)) return known.id;
    return std::nullopt;
}

void SourceList::succeeded(std::uint32_t id) {
    if (auto* const known = find(id)) known->failures = known->busy = known->not_found = 0;
}

void SourceList::rested(std::uint32_t id, std::uint64_t received_bytes, Instant now) {
    auto* const known = find(id);
    if (known == nullptr) return;
    auto const wait = received_bytes >= much_bytes ? limits_.retry_min / much_factor : limits_.retry_min;
    known->retry_at = std::max(known->retry_at, now + std::max(wait, std::chrono::milliseconds{1}));
}

std::optional<std::string> SourceList::reason_to_drop(KnownSource& known, Fault fault) const {
    switch (fault) {
        case Fault::wrong_size: return "has a file of another size";
        case Fault::wrong_content: return "has another file";
        case Fault::busy: ++known.busy; return std::nullopt;
        case Fault::disagrees:
        case Fault::not_yet: return std::nullopt;
        case Fault::slow:
            // Slow is better than nothing: it may have its turn again as often as nobody else does better.
            known.failures = std::min(known.failures + 1, limits_.failures_max);
            return std::nullopt;
        case Fault::not_found:
            if (++known.not_found >= limits_.not_found_max) return "does not share it any more";
            return std::nullopt;
        case Fault::corrupt:
            if (++known.corrupt_slices >= limits_.corrupt_slices_max) return "sent bytes that are not of this file";
            break;
        default: break;
    }
    if (++known.failures >= limits_.failures_max) return "failed too often";
    return std::nullopt;
}

std::chrono::milliseconds SourceList::wait_after(KnownSource const& known, Fault fault,
                                                 std::optional<std::chrono::seconds> retry_after) const {
    if (fault == Fault::disagrees) return limits_.retry_min;
    if (fault == Fault::not_found)
        return doubled(limits_.not_found_wait, known.not_found, limits_.not_found_wait * busy_floor_max);
    if (fault == Fault::not_yet && !retry_after) return std::min(limits_.retry_min * not_yet_factor, limits_.retry_max);
    if (!retry_after) {
        if (fault == Fault::busy) return doubled(limits_.retry_min * busy_factor, known.busy, limits_.retry_max);
        return doubled(limits_.retry_min, known.failures, limits_.retry_max);
    }
    // Seconds of a stranger: compared before they are multiplied.
    if (*retry_after > std::chrono::duration_cast<std::chrono::seconds>(limits_.retry_after_max))
        return limits_.retry_after_max;
    auto const floor =
        doubled(limits_.retry_min, known.busy, std::min(limits_.retry_min * busy_floor_max, limits_.retry_after_max));
    return std::max<std::chrono::milliseconds>(*retry_after, floor);
}

std::optional<std::string> SourceList::failed(std::uint32_t id, Fault fault,
                                              std::optional<std::chrono::seconds> retry_after, Instant now) {
    auto* const known = find(id);
    if (known == nullptr) return std::nullopt;
    if (auto const why = reason_to_drop(*known, fault)) {
        auto reason = known->source.place() + " " + *why;
        bool const lied = fault == Fault::wrong_size || fault == Fault::wrong_content || fault == Fault::corrupt;
        if (dropped_.size() >= limits_.sources_max) dropped_.erase(dropped_.begin());
        dropped_.push_back({*known, lied ? Instant::max() : now + limits_.forgive_after, *why});
        std::erase_if(known_, [&](KnownSource const& one) { return one.id == id; });
        return reason;
    }
    known->retry_at = now + wait_after(*known, fault, retry_after);
    return std::nullopt;
}

std::vector<Source> SourceList::sources() const {
    std::vector<Source> all;
    for (auto const& known : known_) all.push_back(known.source);
    return all;
}

std::string sources_text(std::vector<Source> const& sources) {
    std::string text;
    for (auto const& source : sources) {
        text += source.endpoint.address.text() + ' ' + std::to_string(source.endpoint.port) + ' ' +
                source.servent.hex() + ' ';
        text += std::to_string(source.index) + (source.push_needed ? " 1 " : " 0 ");
        text += '.' + percent_encode(source.vendor) + " ." + percent_encode(source.name);
        if (!source.url.empty()) text += " ." + percent_encode(source.url);
        text += '\n';
    }
    return text;
}

std::vector<Source> parse_sources(std::string_view text) {
    std::vector<Source> all;
    for (auto const line : split(text, '\n')) {
        auto const parts = split(line, ' ');
        if (parts.size() != 7 && parts.size() != 8) continue;
        auto const address = Address::parse(parts[0]);
        auto const port = parse_number(parts[1]);
        auto const servent = Guid::from_hex(parts[2]);
        auto const index = parse_number(parts[3]);
        auto const vendor = percent_decode(parts[5].substr(1));
        auto const name = percent_decode(parts[6].substr(1));
        auto const url_text = parts.size() == 8 ? percent_decode(parts[7].substr(1)) : std::nullopt;
        auto const url = url_text ? content::HttpUrl::parse(*url_text) : std::nullopt;
        if (parts.size() == 8 && !url) continue;
        if (!address || !port || *port > 0xFFFF || !servent || !index || *index > 0xFFFFFFFF || !vendor || !name)
            continue;
        Source source;
        source.endpoint = {*address, static_cast<std::uint16_t>(*port)};
        source.servent = *servent;
        source.index = static_cast<std::uint32_t>(*index);
        source.push_needed = parts[4] == "1";
        source.vendor = *vendor;
        source.name = *name;
        if (url) source.url = url->text();
        all.push_back(std::move(source));
    }
    return all;
}

}  // namespace praline::swarm
