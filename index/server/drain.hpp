#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/base/time.hpp"

/// When a server that leaves its group may stop: its writes are at the others, no search is pending, and its nodes have
/// gone, or have had time to.
namespace praline::index::server {

/// @threads the io_context's one.
class Drain {
public:
    static constexpr std::chrono::seconds grace{1};  ///< for nodes to go on their own, and over the time for writes

    /// Asked at each `check`.
    struct Conditions {
        std::function<bool()> searches_answered;
        std::function<bool()> nodes_gone;
    };
    Drain(boost::asio::io_context& io, Conditions conditions);

    /// @param within  for writes under way.   @param done  called once, never from within, unless `stop` comes first.
    /// @param owner   keeps this alive.       @pre not draining.
    void begin(Duration within, std::function<void()> done, std::weak_ptr<void> owner);
    /// The replica has left the group.
    void replica_left();
    /// To be called when a condition may have changed.
    void check();
    void stop();
    [[nodiscard]] bool under_way() const { return under_way_; }

private:
    void finish();

    boost::asio::io_context& io_;
    Conditions conditions_;
    boost::asio::steady_timer late_timer_, grace_timer_;
    std::function<void()> done_;
    std::weak_ptr<void> owner_;
    bool under_way_ = false, replica_left_ = false, grace_over_ = false;
};

}  // namespace praline::index::server
