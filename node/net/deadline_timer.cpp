#include "node/net/deadline_timer.hpp"

#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "node/net/system_clock.hpp"

namespace praline::net {

struct DeadlineTimer::State : std::enable_shared_from_this<State> {
    State(boost::asio::io_context& io, std::function<void()> the_due) : timer{io}, due{std::move(the_due)} {}

    boost::asio::steady_timer timer;
    std::function<void()> due;  ///< null: its owner has gone
    std::optional<Instant> deadline, fires_at;

    void arm() {
        fires_at = deadline;
        timer.expires_at(to_steady(*deadline));
        timer.async_wait([self = shared_from_this()](boost::system::error_code error) {
            if (!error && self->due) self->fire();
        });
    }

    void fire() {
        fires_at.reset();
        if (!deadline) return;
        if (now() < *deadline) return arm();
        deadline.reset();
        auto const act = due;
        act();
    }
};

DeadlineTimer::DeadlineTimer(boost::asio::io_context& io, std::function<void()> due)
    : state_{std::make_shared<State>(io, std::move(due))} {}

DeadlineTimer::~DeadlineTimer() {
    state_->due = nullptr;
    state_->timer.cancel();
}

void DeadlineTimer::cancel() {
    state_->deadline.reset();
    state_->fires_at.reset();
    state_->timer.cancel();
}

void DeadlineTimer::set(std::optional<Instant> deadline) {
    state_->deadline = deadline;
    if (deadline && (!state_->fires_at || *deadline < *state_->fires_at)) state_->arm();
}

}  // namespace praline::net
