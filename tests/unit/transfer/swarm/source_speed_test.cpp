#include "transfer/swarm/source_speed.hpp"

#include <catch2/catch.hpp>

namespace praline::swarm::source_speed_test {
using namespace std::chrono_literals;

namespace {

Instant at(Duration since) { return Instant{since}; }

/// So many bytes every tenth of a second.
void send(SourceSpeed& speed, std::uint64_t bytes, Duration from, Duration to) {
    for (auto time = from; time < to; time += 100ms) speed.arrived(bytes, at(time));
}

}  // namespace

TEST_CASE("a rate is measured from the first byte on, and the way to it is the latency") {
    SourceSpeed speed;
    CHECK_FALSE(speed.bytes_per_second(at(0s)));
    speed.asked(at(0s));
    CHECK(speed.silent_for(at(2s)) == 2s);
    CHECK_FALSE(speed.bytes_per_second(at(2s)));
    send(speed, 5000, 2s, 6s);
    CHECK(speed.latency() == 2s);
    CHECK(*speed.bytes_per_second(at(5900ms)) == Approx(50'000).epsilon(0.01));
}

TEST_CASE("a source that slows down is seen to do so within seconds, and silence counts at once") {
    SourceSpeed speed;
    speed.asked(at(0s));
    send(speed, 10'000, 0s, 10s);
    send(speed, 100, 10s, 20s);
    CHECK(*speed.bytes_per_second(at(19900ms)) < 6000);
    send(speed, 10'000, 20s, 40s);
    auto const before = *speed.bytes_per_second(at(39900ms));
    CHECK(*speed.bytes_per_second(at(49900ms)) < before / 3);
    CHECK(speed.silent_for(at(49900ms)) == 10s);
}

TEST_CASE("a pause between two requests is no silence") {
    SourceSpeed speed;
    speed.asked(at(0s));
    send(speed, 10'000, 1s, 5s);
    speed.rest(at(5s));
    CHECK(speed.silent_for(at(100s)) == 0s);
    CHECK(*speed.bytes_per_second(at(100s)) == Approx(100'000).epsilon(0.01));
}

TEST_CASE("a body that comes at once counts from its request on") {
    SourceSpeed speed;
    speed.asked(at(0s));
    speed.arrived(1'000'000, at(500ms));
    speed.rest(at(500ms));
    CHECK(*speed.bytes_per_second(at(1s)) == Approx(2'000'000));
}

TEST_CASE("several reads in one instant are one") {
    SourceSpeed speed;
    speed.asked(at(0s));
    speed.arrived(1, at(1s));
    for (auto time = 2s; time < 10s; time += 1s)
        for (int part = 0; part < 4; ++part) speed.arrived(250, at(time));
    CHECK(*speed.bytes_per_second(at(9s)) < 1100);
    CHECK(*speed.bytes_per_second(at(9s)) > 700);
}

}  // namespace praline::swarm::source_speed_test
