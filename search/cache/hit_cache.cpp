#include "search/cache/hit_cache.hpp"

#include <algorithm>
#include <utility>

#include "node/base/text.hpp"
#include "node/wire/keywords.hpp"

namespace praline::search {
namespace {

std::vector<std::string> different(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

bool same_source(wire::QueryHit const& a, wire::QueryHit const& b) {
    return a.servent == b.servent && a.endpoint == b.endpoint;
}

bool same_file(wire::HitRecord const& a, wire::HitRecord const& b) {
    return a.urn == b.urn && a.size_bytes == b.size_bytes && a.name == b.name;
}

/// As they lie in memory, about.
std::size_t bytes_of(wire::Ggep const& ggep) {
    std::size_t bytes = 0;
    for (auto const& item : ggep) bytes += sizeof item + item.data.size();
    return bytes;
}

std::size_t bytes_of(wire::QueryHit const& hit) {
    std::size_t bytes = sizeof hit + bytes_of(hit.ggep) + hit.push_proxies.size() * sizeof(Endpoint);
    for (auto const& record : hit.records)
        bytes +=
            sizeof record + record.name.size() + record.alternates.size() * sizeof(Endpoint) + bytes_of(record.ggep);
    return bytes;
}

bool is_wanted(Urn const& wanted, Urn const& urn) {
    return (wanted.sha1 && urn.sha1 == wanted.sha1) || (wanted.tiger_root && urn.tiger_root == wanted.tiger_root);
}

}  // namespace

std::string cache_key(wire::Query const& query) {
    std::vector<std::string> parts;
    for (Urn const& urn : query.urns)
        if (urn.sha1 || urn.tiger_root) parts.push_back(to_lower_ascii(urn.text()));
    bool const by_hash = !parts.empty();
    // Who asks by hash wants that file, whatever it is called.
    if (!by_hash) parts = wire::keywords(query.text);
    std::string key;
    for (auto const& part : different(std::move(parts))) key += (key.empty() ? "" : " ") + part;
    return key;
}

bool plausible(wire::Query const& query, wire::HitRecord const& record) {
    bool by_hash = false;
    for (Urn const& urn : query.urns) {
        if (is_wanted(urn, record.urn)) return true;
        by_hash = by_hash || urn.sha1 || urn.tiger_root;
    }
    if (by_hash) return false;
    auto const wanted = different(wire::keywords(query.text));
    auto const has = different(wire::keywords(record.name));
    return !wanted.empty() && std::includes(has.begin(), has.end(), wanted.begin(), wanted.end());
}

HitCache::Entry& HitCache::entry_of(std::string const& key) {
    auto const known = index_.find(key);
    if (known != index_.end()) {
        entries_.splice(entries_.end(), entries_, known->second);
        return *known->second;
    }
    while (!entries_.empty() && entries_.size() >= limits_.entries_max) erase(entries_.begin());
    auto const at = index_.emplace(key, entries_.end()).first;
    at->second = entries_.insert(entries_.end(), Entry{at->first, {}});
    return *at->second;
}

void HitCache::erase(Entries::iterator entry) {
    for (Item const& item : entry->items) bytes_ -= item.bytes;
    index_.erase(index_.find(entry->key));
    entries_.erase(entry);
}

template <class Unwanted>
std::size_t HitCache::erase_items(Entry& entry, Unwanted unwanted) {
    std::size_t records = 0;
    std::erase_if(entry.items, [&](Item const& item) {
        if (!unwanted(item)) return false;
        records += item.hit.records.size();
        bytes_ -= item.bytes;
        return true;
    });
    return records;
}

void HitCache::drop_old(Entry& entry, Instant now) {
    erase_items(entry, [&](Item const& item) { return now - item.born > limits_.age_max; });
}

HitCache::Shares HitCache::shares_of(Entry const& entry, Item const& item) {
    Shares shares;
    for (Item const& other : entry.items) {
        if (same_source(other.hit, item.hit)) shares.of_source += other.hit.records.size();
        if (AddressPrefix{other.forwarder.address} == AddressPrefix{item.forwarder.address})
            shares.of_forwarder += other.hit.records.size();
    }
    return shares;
}

/// Whether this record of `item` is to be kept: an older one of the same source and file makes room for it.
bool HitCache::take_over(Entry& entry, Item const& item, wire::HitRecord const& record, Shares& shares) {
    for (Item& other : entry.items) {
        if (!same_source(other.hit, item.hit)) continue;
        auto& records = other.hit.records;
        auto const known =
            std::find_if(records.begin(), records.end(), [&](auto const& one) { return same_file(one, record); });
        if (known == records.end()) continue;
        bool const same_forwarder = AddressPrefix{other.forwarder.address} == AddressPrefix{item.forwarder.address};
        if (other.born >= item.born || (!same_forwarder && shares.of_forwarder >= limits_.records_per_forwarder_max))
            return false;
        records.erase(known);
        --shares.of_source;
        if (same_forwarder) --shares.of_forwarder;
        return true;
    }
    return shares.of_source < limits_.records_per_source_max && shares.of_forwarder < limits_.records_per_forwarder_max;
}

std::size_t HitCache::store(wire::Query const& query, wire::QueryHit const& hit, Hops hops, std::uint32_t age_seconds,
                            Forwarder forwarder, Instant now) {
    auto const key = cache_key(query);
    if (key.empty() || key.size() > limits_.key_bytes_max || std::chrono::seconds{age_seconds} > limits_.age_max)
        return 0;
    if (hit.ggep.size() > limits_.hit_items_max || hit.push_proxies.size() > limits_.hit_items_max) return 0;
    if (limits_.entries_max == 0) return 0;
    Item item{hit, std::max(hops, Hops{1}), now - std::chrono::seconds{age_seconds}, forwarder, 0};
    item.hit.metadata = {};
    // What is not an answer is left out before anything is made for it.
    std::erase_if(item.hit.records, [&](wire::HitRecord const& record) {
        return record.name.size() > limits_.name_bytes_max || record.ggep.size() > limits_.hit_items_max ||
               record.alternates.size() > limits_.hit_items_max || !plausible(query, record);
    });
    if (item.hit.records.empty()) return 0;

    Entry& entry = entry_of(key);
    drop_old(entry, now);
    Shares shares = shares_of(entry, item);
    std::erase_if(item.hit.records, [&](wire::HitRecord const& record) {
        if (!take_over(entry, item, record, shares)) return true;
        ++shares.of_source;
        ++shares.of_forwarder;
        return false;
    });
    erase_items(entry, [](Item const& other) { return other.hit.records.empty(); });
    std::size_t const kept = item.hit.records.size();
    if (kept > 0) {
        item.bytes = bytes_of(item.hit);
        bytes_ += item.bytes;
        auto const at = std::upper_bound(entry.items.begin(), entry.items.end(), item.born,
                                         [](Instant born, Item const& other) { return born < other.born; });
        entry.items.insert(at, std::move(item));
    }
    make_room(entry);
    return kept;
}

/// @pre `entry` is the one used last.
void HitCache::make_room(Entry& entry) {
    std::size_t records = 0;
    for (Item const& item : entry.items) records += item.hit.records.size();
    while (records > limits_.records_per_entry_max && !entry.items.empty()) {
        records -= entry.items.front().hit.records.size();
        bytes_ -= entry.items.front().bytes;
        entry.items.erase(entry.items.begin());
    }
    while (bytes_ > limits_.bytes_max && entries_.size() > 1) erase(entries_.begin());
    if (bytes_ > limits_.bytes_max || entry.items.empty()) erase(std::prev(entries_.end()));
}

std::vector<HitCache::Cached> HitCache::find(wire::Query const& query, Instant now) {
    std::vector<Cached> found;
    if (entries_.empty()) return found;
    auto const known = index_.find(cache_key(query));
    if (known == index_.end()) return found;
    auto const entry = known->second;
    entries_.splice(entries_.end(), entries_, entry);
    drop_old(*entry, now);
    for (Item const& item : entry->items) {
        auto const age = std::chrono::duration_cast<std::chrono::seconds>(now - item.born);
        found.push_back(Cached{item.hit, item.hops, static_cast<std::uint32_t>(std::max<std::int64_t>(age.count(), 0)),
                               item.forwarder});
    }
    if (entry->items.empty()) erase(entry);
    return found;
}

std::size_t HitCache::forget(Endpoint source, Guid const& servent) {
    std::size_t records = 0;
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        auto const next = std::next(entry);
        records += erase_items(*entry, [&](Item const& item) {
            return item.hit.endpoint == source || (!servent.is_blank() && item.hit.servent == servent);
        });
        if (entry->items.empty()) erase(entry);
        entry = next;
    }
    return records;
}

void HitCache::clear() {
    entries_.clear();
    index_.clear();
    bytes_ = 0;
}

std::size_t HitCache::records() const {
    std::size_t records = 0;
    for (Entry const& entry : entries_)
        for (Item const& item : entry.items) records += item.hit.records.size();
    return records;
}

}  // namespace praline::search
