#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>

#include "index/replica/replica.hpp"

/// Events on their way to the replica. In the first moments of a server that joins a group its port is open, but it has not
/// reached another server yet: a search would find nothing, and a publisher would be taken for a new one. Both are held back,
/// not for long, until another server is reached. Pure.
namespace praline::index::server {

/// In the order in which they come, but for those held back.   @threads one.
class EventQueue {
public:
    static constexpr std::size_t held_max = 4096;  ///< further ones are not held back

    /// @param must_wait  whether no other server has been reached yet and one should be; asked when it matters only.
    explicit EventQueue(std::function<bool()> must_wait);
    void push(replica::Event event);
    /// Empty: there is none, or only such as must wait.
    [[nodiscard]] std::optional<replica::Event> pop();

private:
    [[nodiscard]] bool drop_held_session(replica::Event const& event);

    std::function<bool()> must_wait_;
    std::deque<replica::Event> ready_, held_;
};

}  // namespace praline::index::server
