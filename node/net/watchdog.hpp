#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace praline::net {

/// Runs an action when a deadline passes that can be moved cheaply, as often as an octet arrives: the timer is
/// only looked at when it fires.
/// @threads the io_context's.
class Watchdog {
public:
    Watchdog(boost::asio::io_context& io, std::function<void()> bark)
        : state_{std::make_shared<State>(State{boost::asio::steady_timer{io}, {}, {}, false, std::move(bark)})} {}
    Watchdog(Watchdog&&) = delete;
    ~Watchdog() {
        state_->bark = nullptr;
        state_->timer.cancel();
    }

    /// From now on; replaces the deadline before.
    void allow(std::chrono::milliseconds time) {
        state_->deadline = std::chrono::steady_clock::now() + time;
        if (!state_->armed || state_->deadline < state_->fires_at) arm(state_);
    }
    void rest() { state_->deadline = std::chrono::steady_clock::time_point::max(); }

private:
    using TimePoint = std::chrono::steady_clock::time_point;
    struct State {
        boost::asio::steady_timer timer;
        TimePoint deadline, fires_at;
        bool armed;
        std::function<void()> bark;
    };
    static void arm(std::shared_ptr<State> const& state) {
        state->armed = true;
        state->fires_at = state->deadline;
        state->timer.expires_at(state->deadline);
        state->timer.async_wait([state](boost::system::error_code const& error) {
            if (error || !state->bark) return;
            state->armed = false;
            if (state->deadline == TimePoint::max()) return;
            if (std::chrono::steady_clock::now() < state->deadline) return arm(state);
            // Not again until a new deadline is set.
            state->deadline = TimePoint::max();
            auto const bark = state->bark;
            bark();
        });
    }
    std::shared_ptr<State> state_;
};

}  // namespace praline::net
