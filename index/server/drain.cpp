#include "index/server/drain.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "node/log/log.hpp"

namespace praline::index::server {

Drain::Drain(boost::asio::io_context& io, Conditions conditions)
    : io_{io}, conditions_{std::move(conditions)}, late_timer_{io}, grace_timer_{io} {}

void Drain::begin(Duration within, std::function<void()> done, std::weak_ptr<void> owner) {
    under_way_ = true;
    done_ = std::move(done);
    owner_ = std::move(owner);
    late_timer_.expires_after(within + grace);
    late_timer_.async_wait([this, weak = owner_](boost::system::error_code error) {
        auto const alive = weak.lock();
        if (!alive || error || !done_) return;
        log::warn("Draining takes too long: what is still under way is left to the other servers.");
        finish();
    });
    grace_timer_.expires_after(grace);
    grace_timer_.async_wait([this, weak = owner_](boost::system::error_code error) {
        auto const alive = weak.lock();
        if (!alive || error) return;
        grace_over_ = true;
        check();
    });
}

void Drain::replica_left() {
    replica_left_ = true;
    check();
}

void Drain::check() {
    if (!under_way_ || !replica_left_ || !done_ || !conditions_.searches_answered()) return;
    // Nodes that go on their own lose nothing; those that stay are cut off.
    if (!conditions_.nodes_gone() && !grace_over_) return;
    boost::asio::post(io_, [this, weak = owner_] {
        auto const alive = weak.lock();
        if (alive && done_ && conditions_.searches_answered()) finish();
    });
}

void Drain::finish() { std::exchange(done_, nullptr)(); }

void Drain::stop() {
    late_timer_.cancel();
    grace_timer_.cancel();
    done_ = nullptr;
}

}  // namespace praline::index::server
