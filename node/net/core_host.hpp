#pragma once

#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "node/base/check.hpp"
#include "node/net/deadline_timer.hpp"
#include "node/net/system_clock.hpp"

namespace praline::net {

/// Runs a core, which decides without clock and sockets: hands it one event after another with the time, has its actions
/// performed, and wakes it at its next deadline.
///
/// Order: an event that is fed while actions are performed is queued, and handled after all actions of the event before.
/// Several events: an owner whose parts tell of more than one thing in one go gives them to `queue`, and calls `run` at its end.
/// Views: what an event only points at must live until it is handled. So an event with a view of somebody's buffer is given to
/// `feed_view`, which is for callers outside of `perform`, and has handled it when it returns.
/// Errors: what `perform` throws passes through `feed` and `run`; the other actions of that event are lost, queued events stay queued.
///
/// @tparam Core  has `handle(event, now, actions)` or `handle(event, now, unix_now, actions)`, where `actions` is a vector
///               that it appends to, and `next_deadline()`, an optional Instant.
/// @threads the io_context's one.
template <class Core, class Event, class Action>
class CoreHost {
public:
    struct Owner {
        /// Carries out one action; it may feed events.
        std::function<void(Action&)> perform;
        /// No event waits any more; may be null. It may feed events.
        std::function<void()> settled{};
    };

    /// @param tick  what the core gets at its deadline.
    /// @param of_core  what the core is made of.
    template <class... OfCore>
    CoreHost(boost::asio::io_context& io, Event tick, Owner owner, OfCore&&... of_core)
        : core_{std::forward<OfCore>(of_core)...},
          owner_{std::move(owner)},
          tick_{std::move(tick)},
          timer_{io, [this] { feed(Event{tick_}); }} {}
    CoreHost(CoreHost const&) = delete;
    CoreHost& operator=(CoreHost const&) = delete;

    void feed(Event event) {
        queue(std::move(event));
        run();
    }
    /// @pre `is_busy()` is false.
    void feed_view(Event event) {
        check(!busy_);
        feed(std::move(event));
    }
    /// Handled by the next `run`, or by the one under way.
    void queue(Event event) { queue_.push_back(std::move(event)); }
    /// Handles all that is queued; nothing if called while actions are performed.
    void run() {
        if (busy_) return;
        {
            Busy const busy{busy_};
            while (!queue_.empty()) {
                auto const event = std::move(queue_.front());
                queue_.pop_front();
                handle(event);
                for (auto& action : actions_) owner_.perform(action);
            }
            actions_.clear();
        }
        if (ticking_) timer_.set(core_.next_deadline());
        if (owner_.settled) owner_.settled();
    }
    /// Actions are being performed: what is fed now is queued.
    [[nodiscard]] bool is_busy() const { return busy_; }
    /// The core is not woken any more. Events are still handled.
    void stop_ticking() {
        ticking_ = false;
        timer_.cancel();
    }
    [[nodiscard]] Core& core() { return core_; }
    [[nodiscard]] Core const& core() const { return core_; }

private:
    /// Not busy any more, also when an action throws.
    struct Busy {
        explicit Busy(bool& flag) : flag_{flag} { flag_ = true; }
        ~Busy() { flag_ = false; }
        Busy(Busy const&) = delete;
        Busy& operator=(Busy const&) = delete;
        bool& flag_;
    };

    void handle(Event const& event) {
        actions_.clear();
        if constexpr (requires(UnixSeconds unix) { core_.handle(event, Instant{}, unix, actions_); }) {
            core_.handle(event, now(), unix_now(), actions_);
        } else {
            core_.handle(event, now(), actions_);
        }
    }

    Core core_;
    Owner owner_;
    Event tick_;
    DeadlineTimer timer_;
    std::deque<Event> queue_;
    std::vector<Action> actions_;  ///< kept, so that an event costs no allocation
    bool busy_ = false, ticking_ = true;
};

}  // namespace praline::net
