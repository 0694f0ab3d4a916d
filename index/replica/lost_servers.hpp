#pragma once

#include <map>

#include "index/replica/context.hpp"

namespace praline::index::replica {

/// Servers that were silent for so long that they are members no more. They may be cut off rather than gone, so their last
/// addresses are dialled now and then, for `rejoin_partition_for`; otherwise the two halves of a group would never meet again.
/// @threads one: it belongs to a replica.
class LostServers {
public:
    explicit LostServers(Context& context) : ctx_{context} {}

    /// At most `lost_max` are kept; the one that was lost first is evicted.
    void add(ServerId id, Endpoint endpoint);
    /// It is back, perhaps at its address under another id (its disk was lost): forgets it, and makes all others due, for
    /// where one is, others may be that were cut off together with it.
    void found(Member const& member);
    /// Emits `Connect` for those that are due.  @param may_dial  false: only the ones out of time are dropped.
    void seek(bool may_dial);
    [[nodiscard]] std::size_t size() const { return lost_.size(); }

private:
    struct Lost {
        Endpoint endpoint;
        Instant since{}, dial_at{};
    };
    Context& ctx_;
    std::map<ServerId, Lost> lost_;
};

}  // namespace praline::index::replica
