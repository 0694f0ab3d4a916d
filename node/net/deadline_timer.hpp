#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "node/base/time.hpp"

namespace praline::net {

/// One timer for whatever comes next: runs an action once when its deadline passes. Moving the deadline is cheap, as often as a
/// byte arrives: the timer itself moves only to an earlier time, and looks again when it fires too early.
/// @threads the io_context's one.
class DeadlineTimer {
public:
    /// @param due  never called from within `set`, nor after the end of the timer; it may destroy it.
    DeadlineTimer(boost::asio::io_context& io, std::function<void()> due);
    ~DeadlineTimer();
    DeadlineTimer(DeadlineTimer const&) = delete;
    DeadlineTimer& operator=(DeadlineTimer const&) = delete;

    /// By `net::now`; replaces the deadline before. One that has passed is due at once. Empty: there is none.
    void set(std::optional<Instant> deadline);
    /// There is no deadline, and the io_context has nothing of it to wait for: for an end, since it costs more than `set`.
    void cancel();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace praline::net
