#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "index/replica/replica.hpp"
#include "index/server/event_queue.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"

/// The replica of one server: feeds it events until nothing is left to say, and has its actions performed.
namespace praline::index::server {

/// @threads one.
class ReplicaHost {
public:
    using Clock = std::function<Instant()>;
    /// May `push` further events, but not `settle`.
    using Perform = std::function<void(replica::Action& action, Instant now)>;
    ReplicaHost(replica::ReplicaOptions const& options, Rng rng, Clock clock, Perform perform);

    /// Handled by the next `settle`, or by the one under way.
    void push(replica::Event event);
    /// Handles everything that is queued. @returns false: called from within itself, or after `stop`: nothing is done.
    bool settle();
    /// Pushes a `Tick` if one is due.
    void tick(Instant now);
    /// Actions that are left are not performed any more.
    void stop() { stopped_ = true; }

    [[nodiscard]] replica::Replica const& replica() const { return replica_; }
    [[nodiscard]] Duration uptime() const { return clock_() - started_at_; }
    /// A publisher that is not known here yet would find room.
    [[nodiscard]] bool has_room_for(PublisherId const& publisher) const;

private:
    [[nodiscard]] bool waits_for_others() const;

    Clock clock_;
    Perform perform_;
    Duration ask_within_;
    std::size_t publishers_max_;
    Instant started_at_;
    replica::Replica replica_;
    EventQueue events_;
    bool settling_ = false, stopped_ = false;
};

}  // namespace praline::index::server
