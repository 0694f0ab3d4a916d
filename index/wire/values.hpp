#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/wire/ids.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/urn.hpp"

/// What servers and nodes tell each other, as values.
namespace praline::index {

/// A file that somebody shares. Within one publisher's list its SHA-1 names it: the same content twice is one entry.
struct Entry {
    Sha1 sha1;
    std::optional<TigerHash> tiger_root;
    std::uint64_t size_bytes = 0;
    std::string name;  ///< without folders
    friend bool operator==(Entry const&, Entry const&) = default;
};

/// Where a publisher's files can be fetched. The address is the one the server saw, never one that was claimed, so that
/// nobody can send a crowd to a third party.
struct Publisher {
    PublisherId id;
    Endpoint transfer;
    Guid servent;
    bool push_needed = false;  ///< it cannot be reached from outside
    std::string agent;
    friend bool operator==(Publisher const&, Publisher const&) = default;
};

/// One step of a publisher's list, applied whole or not at all. It fits a list at exactly `from`; with `reset` it fits
/// every list older than `to`, and what the list held is dropped first.
struct Change {
    Version from, to;
    bool reset = false;
    std::vector<Sha1> remove;  ///< before `add`
    std::vector<Entry> add;    ///< an entry of the same SHA-1 is replaced
    friend bool operator==(Change const&, Change const&) = default;
};

/// A digest of a set of entries that takes additions and removals in any order: two sums of 64 bits, of two
/// independent mixes of each entry's bytes. Tells different sets apart when nobody tries to fool it; who publishes
/// could fool it about its own list only.
struct SetDigest {
    std::uint64_t low = 0, high = 0;
    void add(Entry const& entry);
    void remove(Entry const& entry);
    friend auto operator<=>(SetDigest const&, SetDigest const&) = default;
};

/// What every server knows of a publisher, besides the entries.
struct Record {
    Publisher publisher;
    Version version;
    SetDigest digest;  ///< of its entries, at `version`
    std::uint32_t entries = 0;
    Claim claim;
    friend bool operator==(Record const&, Record const&) = default;
};

/// A server of the group.
struct Member {
    ServerId id;
    std::uint64_t incarnation = 0;  ///< grows with each start of that server
    Endpoint endpoint;              ///< where servers and nodes reach it
    std::uint8_t load = 0;          ///< 0 idle … 255 full
    friend bool operator==(Member const&, Member const&) = default;
};

/// What somebody looks for. At least words or a URN.
struct Query {
    std::string words;  ///< as the user wrote them; the server takes the canonical words
    std::optional<Urn> urn;
    std::uint16_t wanted = 100;  ///< the best so many
    std::uint64_t size_min = 0, size_max = UINT64_MAX;
    std::string kind;  ///< a kind of search/session's by name ("audio", …); empty: any
    friend bool operator==(Query const&, Query const&) = default;
};

/// A file that was found, with the sources that are named; there may be more of them.
struct Row {
    Entry entry;
    std::uint32_t sources_known = 0;
    std::vector<Publisher> sources;  ///< at most `row_sources_max`; those that can be reached first
    friend bool operator==(Row const&, Row const&) = default;
};

struct Answer {
    std::vector<Row> rows;  ///< the best first
    bool more = false;      ///< there are more than were wanted
    bool partial = false;   ///< the server is young and had nobody to ask for the rest
    friend bool operator==(Answer const&, Answer const&) = default;
};

}  // namespace praline::index
