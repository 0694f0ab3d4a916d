#include "node/base/rate_limit.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"

namespace rate_limit_test {
using namespace praline;
using namespace std::chrono_literals;

namespace {

constexpr Duration late_max = 20ms;  ///< a busy host calls so much after a deadline

/// A host with a clock of its own, and takers that always want more: as uploads do on a fast line.
class Host {
public:
    Host(std::uint64_t rate, std::size_t takers, std::uint64_t seed) : rng_{seed} {
        limit_.set_rate(rate, now_);
        for (RateLimit::Taker taker = 1; taker <= takers; ++taker) ask(taker);
    }

    void run(Duration time) {
        auto const end = now_ + time;
        while (now_ < end) {
            serve();
            auto const due = limit_.next_deadline();
            REQUIRE(due);
            now_ = std::min(end, std::max(now_, *due) + Duration{static_cast<std::int64_t>(
                                                            rng_.below(static_cast<std::uint32_t>(late_max.count())))});
        }
        serve();
    }
    void set_rate(std::uint64_t rate) { limit_.set_rate(rate, now_); }
    [[nodiscard]] std::uint64_t granted() const {
        std::uint64_t all = 0;
        for (auto const& [taker, bytes] : granted_) all += bytes;
        return all;
    }
    [[nodiscard]] std::map<RateLimit::Taker, std::uint64_t> const& by_taker() const { return granted_; }
    [[nodiscard]] RateLimit& limit() { return limit_; }
    [[nodiscard]] Instant now() const { return now_; }

private:
    /// Takers want more than one grant, as much as a block of a file or as a short message.
    std::size_t wish() { return 1 + rng_.below(1'000'000); }
    void ask(RateLimit::Taker taker) {
        while (auto const got = limit_.take(taker, wish(), now_)) granted_[taker] += got;
    }
    void serve() {
        while (auto const grant = limit_.next(now_)) {
            granted_[grant->taker] += grant->bytes;
            ask(grant->taker);
        }
    }

    Rng rng_;
    Instant now_{1h};
    RateLimit limit_;
    std::map<RateLimit::Taker, std::uint64_t> granted_;
};

bool within_5_percent(std::uint64_t bytes, std::uint64_t wanted) {
    return bytes * 100 >= wanted * 95 && bytes * 100 <= wanted * 105;
}

constexpr std::uint64_t kib = 1024, mib = 1024 * kib;

}  // namespace

TEST_CASE("ten seconds of any rate are exact within 5 %, however many take") {
    for (std::uint64_t const rate : {kib, 16 * kib, 200 * kib, mib, 12 * mib + 345, 1024 * mib})
        for (std::size_t const takers : {1, 10, 100})
            for (std::uint64_t seed = 1; seed <= 5; ++seed) {
                INFO(rate << " bytes a second, " << takers << " takers, seed " << seed);
                Host host{rate, takers, seed};
                host.run(10s);
                CHECK(within_5_percent(host.granted(), rate * 10));
            }
}

TEST_CASE("after idle time the burst is within the 5 % too") {
    Host host{mib, 0, 1};
    auto& limit = host.limit();
    Instant now = host.now() + 1h;
    std::uint64_t bytes = 0;
    while (auto const got = limit.take(1, 4 * mib, now)) bytes += got;
    CHECK(bytes > 0);
    while (now < host.now() + 1h + 10s) {
        now = *limit.next_deadline();
        while (auto const grant = limit.next(now)) {
            bytes += grant->bytes;
            while (auto const got = limit.take(1, 4 * mib, now)) bytes += got;
        }
    }
    CHECK(within_5_percent(bytes, 10 * mib));
}

TEST_CASE("a rate that changes in the middle holds from then on") {
    for (std::size_t const takers : {1, 10, 100})
        for (auto const& [first, second] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
                 {200 * kib, 2 * mib}, {2 * mib, 200 * kib}, {mib, mib + kib}}) {
            INFO(takers << " takers, " << first << " then " << second);
            Host host{first, takers, 7};
            host.run(5s);
            host.set_rate(second);
            host.run(5s);
            CHECK(within_5_percent(host.granted(), (first + second) * 5));
            auto const before = host.granted();
            host.run(10s);
            CHECK(within_5_percent(host.granted() - before, second * 10));
        }
}

TEST_CASE("equal demands get equal shares, within one grant") {
    for (std::size_t const takers : {2, 10, 100}) {
        Host host{mib, takers, 3};
        host.run(20s);
        REQUIRE(host.by_taker().size() == takers);
        auto const [least, most] =
            std::minmax_element(host.by_taker().begin(), host.by_taker().end(),
                                [](auto const& a, auto const& b) { return a.second < b.second; });
        // A wish may be shorter than a grant: some turns bring less.
        CHECK(most->second - least->second <= most->second / 5 + host.limit().grant_bytes());
    }
}

TEST_CASE("a newcomer does not overtake those who wait") {
    RateLimit limit;
    Instant const now{1h};
    limit.set_rate(mib, now);
    CHECK(limit.take(1, mib, now) == 0);
    CHECK(limit.take(2, 10, now) == 0);
    CHECK(limit.waiting() == 2);
    auto const first = limit.next(now + 100ms);
    REQUIRE(first);
    CHECK(first->taker == 1);
    CHECK(first->bytes == limit.grant_bytes());
    CHECK(limit.take(1, mib, now + 100ms) == 0);
    CHECK(limit.next(now + 100ms)->taker == 2);
    CHECK(limit.next(now + 100ms)->taker == 1);
}

TEST_CASE("who leaves is not served, and does not hold up the others") {
    RateLimit limit;
    Instant const now{1h};
    limit.set_rate(mib, now);
    for (RateLimit::Taker taker = 1; taker <= 3; ++taker) REQUIRE(limit.take(taker, mib, now) == 0);
    limit.leave(1);
    limit.leave(1);
    limit.leave(9);
    CHECK(limit.next(now + 50ms)->taker == 2);
    limit.leave(3);
    CHECK_FALSE(limit.next(now + 50ms));
    CHECK_FALSE(limit.next_deadline());
}

TEST_CASE("without a limit everything is granted at once, also to those who wait when it is lifted") {
    RateLimit limit;
    Instant const now{1h};
    CHECK(limit.take(1, 100 * mib, now) == 100 * mib);
    limit.set_rate(kib, now);
    CHECK(limit.take(1, 100 * mib, now) == 0);
    CHECK(limit.take(2, mib, now) == 0);
    limit.set_rate(0, now);
    CHECK(limit.next_deadline() == now);
    CHECK(limit.next(now)->bytes == 100 * mib);
    CHECK(limit.next(now)->bytes == mib);
    CHECK_FALSE(limit.next(now));
    CHECK(limit.take(3, mib, now) == mib);
}

TEST_CASE("what is given back is granted again") {
    RateLimit limit;
    Instant now{1h};
    limit.set_rate(mib, now);
    now += 1s;
    auto const got = limit.take(1, mib, now);
    REQUIRE(got > 100);
    std::size_t rest = 0;
    while (auto const more = limit.take(1, mib, now)) rest += more;
    limit.leave(1);
    limit.give_back(got, now);
    std::size_t again = 0;
    while (auto const more = limit.take(1, got - again, now)) {
        again += more;
        if (again == got) break;
    }
    CHECK(again == got);
}

TEST_CASE("what is charged is waited for, but never longer than a second's bytes take") {
    RateLimit limit;
    Instant const now{1h};
    limit.set_rate(mib, now);
    for (unsigned i = 0; i < 1000; ++i) limit.charge(mib, now);
    REQUIRE(limit.take(1, mib, now) == 0);
    CHECK_FALSE(limit.next(now + 1s));
    CHECK(limit.next_deadline() <= now + 1s + 50ms);
    CHECK(limit.next(now + 1s + 50ms));
}

TEST_CASE("when a second's bytes are owed, nothing more may be charged, until some of it is paid") {
    RateLimit limit;
    Instant const now{1h};
    CHECK(limit.may_charge(100 * mib, now));
    limit.set_rate(mib, now);
    CHECK_FALSE(limit.may_charge(mib + 1, now));
    for (unsigned i = 0; i < 1024; ++i) {
        REQUIRE(limit.may_charge(1024, now));
        limit.charge(1024, now);
    }
    CHECK_FALSE(limit.may_charge(1, now));
    CHECK(limit.may_charge(mib / 2, now + 500ms));
    CHECK_FALSE(limit.may_charge(mib / 2 + 1024, now + 500ms));
    limit.set_rate(0, now + 500ms);
    CHECK(limit.may_charge(100 * mib, now + 500ms));
}

TEST_CASE("no rate and no length is too large to count with") {
    RateLimit limit;
    Instant now{1h};
    auto const most = ~std::uint64_t{0};
    limit.set_rate(most, now);
    CHECK(limit.rate() == RateLimit::rate_max);
    limit.charge(static_cast<std::size_t>(most), now);
    CHECK(limit.take(1, static_cast<std::size_t>(most), now) == 0);
    now += 24h;
    CHECK(limit.next(now)->bytes == RateLimit::grant_bytes_max);
    limit.give_back(static_cast<std::size_t>(most), now);
    CHECK(limit.take(1, static_cast<std::size_t>(most), now) == RateLimit::grant_bytes_max);
    limit.set_rate(1, now);
    CHECK(limit.take(2, 1000, now + 300s) == RateLimit::grant_bytes_min);
}

}  // namespace rate_limit_test
