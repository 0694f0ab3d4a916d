#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "index/replica/replica.hpp"

/// What a replica remembers of a publisher.
namespace praline::index {

enum class Standing : std::uint8_t {
    promised,      ///< somebody claimed it, nothing has been heard of its list
    shown,         ///< the catalogue has it; its list may have been taken away (`is_tombstone`)
    hidden,        ///< its lease ran out: the catalogue finds it no more, its version is remembered
};

/// One server between two starts: who renews the leases of what it owns.
using Owner = std::pair<ServerId, std::uint64_t>;

struct Held {
    Record record;                       ///< as the catalogue has it. `record.claim` is that of `record.publisher`
    Version ahead;                       ///< with the changes that the catalogue has not confirmed yet
    Claim promised;                      ///< the highest claim that is known, at least `record.claim`
    Standing standing = Standing::promised;
    bool retired = false;                ///< a tombstone near its end: not compared any more, so that nobody takes it back
    bool touched = false;                ///< written or copied since we started
    bool restored = false;               ///< from our disk, and nobody who knows has said since that it is still so
    std::uint32_t applies = 0;           ///< at the catalogue
    std::uint64_t barrier = 0;           ///< what was asked of the catalogue up to this ticket does not count any more
    std::optional<Owner> owner;          ///< whose life renews the lease
    std::optional<Instant> due;          ///< else: when something ends
};

[[nodiscard]] inline bool is_tombstone(Record const& record) { return record.version.number == 0 && record.version.era > 0; }

/// Which of two lists is to stay. Equal versions with other digests do not come about while publishers count right; then
/// the greater digest stays, so that all servers choose the same.
[[nodiscard]] inline bool newer_content(Record const& one, Record const& other) {
    return std::tie(one.version, one.digest) > std::tie(other.version, other.digest);
}

/// All publishers whose lease one incarnation of a server renews.
struct Owned {
    Instant heard{};
    std::set<PublisherId> publishers;
};

}  // namespace praline::index
