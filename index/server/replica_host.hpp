#pragma once

#include <cstddef>
#include <functional>

#include <boost/asio/io_context.hpp>

#include "index/replica/replica.hpp"
#include "index/server/held_events.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"
#include "node/net/core_host.hpp"

/// The replica of one server: feeds it events until nothing is left to say, wakes it at its deadlines, and has its actions
/// performed.
namespace praline::index::server {

/// @threads the io_context's one.
class ReplicaHost {
public:
    struct Owner {
        /// Carries out one action; it may `push` events.
        std::function<void(replica::Action& action)> perform;
        /// Nothing is left to say; not called after `stop`.
        std::function<void()> settled;
    };
    ReplicaHost(boost::asio::io_context& io, replica::ReplicaOptions const& options, Rng rng, Owner owner);

    /// Handled by the next `settle`, or by the one under way. After `stop` it is forgotten.
    void push(replica::Event event);
    /// Handles everything that was pushed; nothing if called while an action is performed.
    void settle() { host_.run(); }
    /// Actions that are left are not performed any more.
    void stop();

    [[nodiscard]] replica::Replica const& replica() const { return host_.core(); }
    [[nodiscard]] Duration uptime() const;
    /// A publisher that is not known here yet would find room.
    [[nodiscard]] bool has_room_for(PublisherId const& publisher) const;

private:
    [[nodiscard]] bool waits_for_others() const;
    void settled();

    Owner owner_;
    Duration ask_within_;
    std::size_t publishers_max_;
    Instant started_at_;
    HeldEvents held_;
    bool stopped_ = false;
    net::CoreHost<replica::Replica, replica::Event, replica::Action> host_;
};

}  // namespace praline::index::server
