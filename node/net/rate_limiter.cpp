#include "node/net/rate_limiter.hpp"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/net/deadline_timer.hpp"
#include "node/net/system_clock.hpp"

namespace praline::net {

namespace asio = boost::asio;

struct RateLimiter::State : std::enable_shared_from_this<State> {
    using Granted = std::function<void(std::size_t)>;

    explicit State(asio::io_context& io) : timer{io, [this] { serve(); }} {}

    /// @returns what is granted at once; 0: `granted` will be called. It may ask again.
    std::size_t take(RateLimit::Taker taker, std::size_t bytes, Granted granted) {
        auto const at_once = limit.take(taker, bytes, now());
        if (at_once != 0) return at_once;
        waiting.insert_or_assign(taker, std::move(granted));
        timer.set(limit.next_deadline());
        return 0;
    }

    void serve() {
        auto const self = shared_from_this();  // who is served may end the limiter
        while (auto const grant = limit.next(now())) {
            auto const found = waiting.extract(grant->taker);
            if (found && found.mapped()) found.mapped()(grant->bytes);
        }
        timer.set(limit.next_deadline());
    }

    /// It waits no more. @returns what it waited with; null: it did not. The timer is left alone: at worst it finds nothing
    /// to do.
    Granted forget(RateLimit::Taker taker) {
        limit.leave(taker);
        auto found = waiting.extract(taker);
        return found ? std::move(found.mapped()) : nullptr;
    }

    RateLimit limit;
    RateLimit::Taker next_name = 1;
    std::unordered_map<RateLimit::Taker, Granted> waiting;
    DeadlineTimer timer;
};

RateLimiter::RateLimiter(asio::io_context& io) : state_{std::make_shared<State>(io)} {}

bool RateLimiter::set_rate(std::uint64_t bytes_per_second) {
    if (std::min(bytes_per_second, RateLimit::rate_max) == rate()) return false;
    state_->limit.set_rate(bytes_per_second, now());
    // Not from here: those who wait may be called by the io_context only.
    state_->timer.set(state_->limit.next_deadline());
    return true;
}

std::uint64_t RateLimiter::rate() const { return state_->limit.rate(); }
void RateLimiter::charge(std::size_t bytes) {
    if (is_limited()) state_->limit.charge(bytes, now());
}

bool RateLimiter::may_charge(std::size_t bytes) { return !is_limited() || state_->limit.may_charge(bytes, now()); }

RateShare::RateShare(RateLimiter const& limiter) : state_{limiter.state_}, name_{state_->next_name++} {}

RateShare::~RateShare() {
    static_cast<void>(state_->forget(name_));
    if (held_ > 0) state_->limit.give_back(held_, now());
}

bool RateShare::is_limited() const { return state_->limit.is_limited(); }

asio::awaitable<std::size_t> RateShare::take(std::size_t most) {
    if (!is_limited()) co_return most;
    if (held_ == 0) held_ = state_->take(name_, most, nullptr);
    if (held_ == 0) {
        // It never fires: it wakes this coroutine, and goes with it when the io_context ends.
        asio::steady_timer wake{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
        state_->waiting[name_] = [this, &wake](std::size_t granted) {
            held_ = granted;
            wake.cancel();
        };
        struct Leave {
            RateShare& share;
            ~Leave() { share.state_->forget(share.name_); }
        } const at_the_end{*this};
        boost::system::error_code cancelled;
        co_await wake.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
    co_return std::min(held_, most);
}

void RateShare::use(std::size_t bytes) { held_ = is_limited() ? held_ - std::min(held_, bytes) : 0; }

void RateShare::when_granted(std::size_t bytes, std::function<void()> then) {
    while (held_ < bytes) {
        auto const at_once = state_->take(name_, bytes - held_, [this, bytes, then](std::size_t granted) {
            held_ += granted;
            if (granted > 0) when_granted(bytes, then);
        });
        if (at_once == 0) return;
        held_ += at_once;
    }
    held_ -= bytes;
    then();
}

bool RateShare::is_waiting() const { return state_->waiting.contains(name_); }

void RateShare::leave() {
    if (auto const granted = state_->forget(name_)) granted(0);
}

}  // namespace praline::net
