#pragma once

#include <cstdint>
#include <tuple>

#include "index/replica/leases.hpp"
#include "index/replica/replica.hpp"

/// What a replica remembers of a publisher.
namespace praline::index::replica {

enum class Visibility : std::uint8_t {
    claimed,  ///< some server claimed it; of its list nothing is known
    visible,  ///< the catalogue has it; its list may have been taken away (`is_tombstone`)
    hidden,   ///< its lease ran out: the catalogue finds it no more, its version is remembered
};

struct ReplicaRecord {
    Record record;        ///< as the catalogue has it. `record.claim` is that of `record.publisher`
    Version ahead;        ///< with the changes that the catalogue has not confirmed yet
    Claim highest_claim;  ///< that is known, at least `record.claim`
    Visibility visibility = Visibility::claimed;
    bool signed_in = false;     ///< here
    bool retired = false;       ///< a tombstone near its end: not compared any more, so that no server takes it back
    bool touched = false;       ///< written or copied since we started
    bool restored = false;      ///< from our disk, and no server that knows has said since that it is still so
    std::uint32_t applies = 0;  ///< at the catalogue
    std::uint64_t barrier = 0;  ///< what was asked of the catalogue up to this ticket does not count any more
    Lease lease;

    [[nodiscard]] bool visible() const { return visibility == Visibility::visible; }
    [[nodiscard]] PublisherId const& id() const { return record.publisher.id; }
};

[[nodiscard]] inline bool is_tombstone(Record const& record) {
    return record.version.number == 0 && record.version.era > 0;
}

/// Which of two lists is to stay. Equal versions with other digests do not come about while publishers count right; then
/// the greater digest stays, so that all servers choose the same.
[[nodiscard]] inline bool newer_content(Record const& one, Record const& other) {
    return std::tie(one.version, one.digest) > std::tie(other.version, other.digest);
}

}  // namespace praline::index::replica
