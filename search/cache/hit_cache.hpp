#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/time.hpp"
#include "node/wire/message.hpp"
#include "search/cache/limits.hpp"

/// Hits that went through this node, to answer the next one who asks the same.
namespace praline::search {

/// What a query asks for, whatever the order and spelling of its words: canonical words and hashes, each once, sorted.
/// Empty: nothing by which a hit could be recognised.
[[nodiscard]] std::string cache_key(wire::Query const& query);

/// Whether a record can be an answer to the query: it has one of the hashes asked for or, if none is, all the words.
[[nodiscard]] bool plausible(wire::Query const& query, wire::HitRecord const& record);

/// The neighbour that sent a hit on to us. Links are closed and opened again, so shares go by address.
struct Forwarder {
    PeerId link{};
    Address address;  ///< of the link's socket

    friend bool operator==(Forwarder const&, Forwarder const&) = default;
};

/// Bounded by entries and bytes (the least recently used is evicted); entries age, and a source that refuses is removed. Only what
/// is `plausible` gets in, and only so much of one source and of one neighbour: what a peer may put here is what it could answer anyway.
/// @threads one.
class HitCache {
public:
    explicit HitCache(CacheLimits limits = {}) : limits_{limits} {}
    HitCache(HitCache const&) = delete;
    HitCache& operator=(HitCache const&) = delete;
    HitCache(HitCache&&) noexcept = default;
    HitCache& operator=(HitCache&&) noexcept = default;

    /// Keeps those records of `hit` that answer `query`. What is known already is kept with the younger age.
    /// @param hops         it has made, at least 1: its source is a neighbour.
    /// @param age_seconds  how long it lay in other caches before.   @returns how many records were kept.
    std::size_t store(wire::Query const& query, wire::QueryHit const& hit, Hops hops, std::uint32_t age_seconds,
                      Forwarder forwarder, Instant now);

    struct Cached {
        wire::QueryHit hit;
        Hops hops{0};                   ///< it came from so far away
        std::uint32_t age_seconds = 0;  ///< since its source gave it
        Forwarder forwarder{};
    };
    /// Hits for what the query asks; none older than `age_max`.
    [[nodiscard]] std::vector<Cached> find(wire::Query const& query, Instant now);

    /// This source did not have what it promised: nothing of it is kept. @returns how many records that were.
    std::size_t forget(Endpoint source, Guid const& servent);
    void clear();

    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::size_t records() const;
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    struct Item {
        wire::QueryHit hit;
        Hops hops{0};
        Instant born;  // when its source gave it
        Forwarder forwarder;
        std::size_t bytes = 0;
    };
    struct Entry {
        std::string_view key;     // of `index_`
        std::vector<Item> items;  // oldest first
    };
    using Entries = std::list<Entry>;  // least recently used first

    Entry& entry_of(std::string const& key);
    void erase(Entries::iterator entry);
    void drop_old(Entry& entry, Instant now);
    template <class Unwanted>
    std::size_t erase_items(Entry& entry, Unwanted unwanted);
    /// Records of one entry that come from the same source, and from the same neighbour, as the hit being stored.
    struct Shares {
        std::size_t of_source = 0, of_forwarder = 0;
    };
    [[nodiscard]] static Shares shares_of(Entry const& entry, Item const& item);
    bool take_over(Entry& entry, Item const& item, wire::HitRecord const& record, Shares& shares);
    void make_room(Entry& entry);

    CacheLimits limits_;
    Entries entries_;
    std::map<std::string, Entries::iterator, std::less<>> index_;  // peers choose the keys: a tree has no worst case
    std::size_t bytes_ = 0;
};

}  // namespace praline::search
