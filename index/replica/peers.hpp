#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "index/replica/limits.hpp"
#include "index/replica/replica.hpp"

/// What a replica remembers of the other servers and of the connections to them.
namespace praline::index::replica {

/// Which writes of one incarnation have come here. Positions may come in any order and more than once.
class WritesSeen {
public:
    void forget() { *this = WritesSeen{}; }
    void write(std::uint64_t position);
    /// Its heartbeat says that it has made so many. @returns true: some of those that its last one knew are still missing.
    bool heartbeat(std::uint64_t writes);
    /// Everything up to there is here: a comparison said so.
    void all_up_to(std::uint64_t writes);
    [[nodiscard]] std::uint64_t missing() const { return announced_ > seen_ ? announced_ - seen_ - ahead_.size() : 0; }
    [[nodiscard]] std::uint64_t announced() const { return announced_; }

private:
    void close_gap();
    bool begun_ = false;
    std::uint64_t seen_ = 0;  ///< all up to here
    std::uint64_t announced_ = 0;
    std::set<std::uint64_t> ahead_;  ///< beyond a gap
};

struct Peer {
    Member member;
    bool proven = false;  ///< it spoke itself: its incarnation is true
    std::optional<LinkId> link;
    std::optional<ServerId> relay;
    std::optional<Instant> last_heard;
    bool suspected = true;  ///< until it has been heard
    bool joining = false;   ///< it says that it has not copied everything yet
    Instant known_since{};  ///< forgotten `forget_after` this or after `last_heard`
    Instant dial_at{};
    std::uint32_t dials = 0;  ///< in a row that did not help
    std::uint64_t probe = 0;  ///< nonce of the one under way
    Instant probe_at{};
    WritesSeen writes;
    std::uint64_t acks_missing = 0;  ///< writes of ours that it has not acknowledged
};

struct PeerLink {
    bool outgoing = false;
    Instant opened{}, last_heard{};
    std::optional<ServerId> peer;  ///< since its Hello
};

}  // namespace praline::index::replica
