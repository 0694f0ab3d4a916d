#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "node/base/rate_limit.hpp"

namespace praline::net {

class RateShare;

/// A RateLimit that runs: one timer serves all who wait. Connections take part in it with a RateShare each.
/// @threads the io_context's one.
class RateLimiter {
public:
    explicit RateLimiter(boost::asio::io_context& io);
    RateLimiter(RateLimiter const&) = delete;
    RateLimiter& operator=(RateLimiter const&) = delete;

    /// Holds at once, also for those who wait. 0, as at first: no limit. False: it is the rate already.
    bool set_rate(std::uint64_t bytes_per_second);
    /// Bytes a second; 0: no limit.
    [[nodiscard]] std::uint64_t rate() const;
    [[nodiscard]] bool is_limited() const { return rate() != 0; }
    /// Bytes that go without waiting, see RateLimit.
    void charge(std::size_t bytes);
    /// Whether they keep to the limit, see RateLimit.
    [[nodiscard]] bool may_charge(std::size_t bytes);

private:
    friend class RateShare;
    struct State;
    std::shared_ptr<State> state_;
};

/// What one connection may send or read of a limit shared by many. Bytes that were granted and not used stay with it until
/// the next `take`, and go back to the others with its end. It may outlive the limiter, but
/// not the io_context.
/// @threads the io_context's one.
class RateShare {
public:
    explicit RateShare(RateLimiter const& limiter);
    ~RateShare();
    RateShare(RateShare const&) = delete;
    RateShare& operator=(RateShare const&) = delete;

    [[nodiscard]] bool is_limited() const;
    /// Waits until some bytes may go. @returns how many, at most `most`: `use` says how many of them went. 0: `leave` was
    /// called meanwhile. Without a limit it does not wait; a connection need not ask then.
    /// @pre `most` > 0, and nothing waits.
    [[nodiscard]] boost::asio::awaitable<std::size_t> take(std::size_t most);
    void use(std::size_t bytes);
    /// Bytes that `take` returns without waiting, as long as there is a limit.
    [[nodiscard]] std::size_t held() const { return held_; }
    /// Calls `then` once when so many bytes have been granted, which are used then: at once, or later from the io_context.
    /// @pre nothing waits.
    void when_granted(std::size_t bytes, std::function<void()> then);
    [[nodiscard]] bool is_waiting() const;
    /// Ends the wait, for the end of a connection: `take` returns 0, `then` is not called.
    void leave();

private:
    std::shared_ptr<RateLimiter::State> state_;
    RateLimit::Taker name_;
    std::size_t held_ = 0;  ///< granted, not used
};

}  // namespace praline::net
