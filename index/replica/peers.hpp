#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "index/replica/limits.hpp"
#include "index/replica/replica.hpp"

/// What a replica remembers of the other servers and of the connections to them.
namespace praline::index {

/// Which writes of one incarnation have come here. Positions may come in any order and more than once.
class WritesSeen {
public:
    void forget() { *this = WritesSeen{}; }
    void write(std::uint64_t position);
    /// Its beat says that it has made so many. @returns true: some of those that its last beat knew are still missing.
    bool beat(std::uint64_t writes);
    /// Everything up to there is here: a comparison said so.
    void all_up_to(std::uint64_t writes);
    [[nodiscard]] std::uint64_t missing() const { return announced_ > seen_ ? announced_ - seen_ - ahead_.size() : 0; }
    [[nodiscard]] std::uint64_t announced() const { return announced_; }

private:
    void close_gap();
    bool begun_ = false;
    std::uint64_t seen_ = 0;             ///< all up to here
    std::uint64_t announced_ = 0;
    std::set<std::uint64_t> ahead_;      ///< beyond a gap
};

/// A server that was silent for so long that it is no member any more.
struct Lost {
    Endpoint endpoint;
    Instant since{}, dial_at{};
};

struct Peer {
    Member member;
    bool proven = false;                 ///< it spoke itself: its incarnation is true
    std::optional<LinkId> link;
    std::optional<ServerId> relay;
    std::optional<Instant> heard;
    bool suspected = true;               ///< until it has been heard
    bool young = false;                  ///< it says that it has not copied everything yet
    Instant known_since{};               ///< forgotten `forget_after` this or after `heard`
    Instant dial_at{};
    std::uint32_t dials = 0;             ///< in a row that did not help
    std::uint64_t probe = 0;             ///< nonce of the one under way
    Instant probe_at{};
    WritesSeen writes;
    std::uint64_t acks_missing = 0;
    bool compare_soon = false;
    bool same = false, nothing_missing = false;
    std::uint64_t differing = 0;
    std::optional<Instant> compared;
};

struct PeerLink {
    bool outgoing = false;
    Instant opened{}, heard{};
    std::optional<ServerId> peer;        ///< since its Hello
};

}  // namespace praline::index
