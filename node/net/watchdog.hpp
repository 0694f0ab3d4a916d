#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "node/net/deadline_timer.hpp"
#include "node/net/system_clock.hpp"

namespace praline::net {

/// Runs an action when a deadline passes that is moved all the time, as often as a byte arrives.
/// @threads the io_context's one.
class Watchdog {
public:
    Watchdog(boost::asio::io_context& io, std::function<void()> bark) : timer_{io, std::move(bark)} {}

    /// From now on; replaces the deadline before.
    void allow(std::chrono::milliseconds time) { timer_.set(now() + time); }
    void rest() { timer_.set(std::nullopt); }

private:
    DeadlineTimer timer_;
};

}  // namespace praline::net
