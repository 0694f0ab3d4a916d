#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>

#include "index/replica/replica.hpp"

/// Events that the replica does not get yet. In the first moments of a server that joins a group its port is open, but it
/// has not reached another server yet: a search would find nothing, and a publisher would be taken for a new one. Both are
/// held back, not for long, until another server is reached. Pure.
namespace praline::index::server {

/// @threads one.
class HeldEvents {
public:
    static constexpr std::size_t held_max = 4096;  ///< further ones are not held back

    /// @param must_wait  whether no other server has been reached yet and one should be; asked when it matters only.
    explicit HeldEvents(std::function<bool()> must_wait);
    /// @returns the event, for the replica; empty: it is held back, or ends a session that is.
    [[nodiscard]] std::optional<replica::Event> pass(replica::Event event);
    /// What need not wait any more, in the order in which it came.
    [[nodiscard]] std::deque<replica::Event> release();

private:
    [[nodiscard]] bool drop_held_session(replica::Event const& event);

    std::function<bool()> must_wait_;
    std::deque<replica::Event> held_;
};

}  // namespace praline::index::server
