#include "index/server/held_events.hpp"

#include <catch2/catch.hpp>

#include "unit/index/server/fake_host.hpp"

namespace held_events_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;

namespace {

replica::Event session(std::uint8_t number) {
    replica::SessionOpened opened;
    opened.publisher.id = key(number);
    return opened;
}

}  // namespace

TEST_CASE("sessions and questions wait until another server is reached, other events do not") {
    bool waits = true;
    HeldEvents events{[&] { return waits; }};
    CHECK_FALSE(events.pass(session(1)));
    CHECK_FALSE(events.pass(replica::AskWanted{replica::Ticket{7}, {}}));
    CHECK(std::holds_alternative<replica::LoadIs>(events.pass(replica::LoadIs{9}).value()));
    CHECK(events.release().empty());
    waits = false;
    auto const released = events.release();
    REQUIRE(released.size() == 2);
    CHECK(std::holds_alternative<replica::SessionOpened>(released[0]));
    CHECK(std::holds_alternative<replica::AskWanted>(released[1]));
    CHECK(events.release().empty());
    CHECK(events.pass(session(2)));
}

TEST_CASE("a session that ends while it waits is never heard of") {
    bool waits = true;
    HeldEvents events{[&] { return waits; }};
    CHECK_FALSE(events.pass(session(1)));
    CHECK_FALSE(events.pass(session(2)));
    CHECK_FALSE(events.pass(replica::SessionClosed{key(1)}));
    waits = false;
    auto const released = events.release();
    REQUIRE(released.size() == 1);
    CHECK(std::get<replica::SessionOpened>(released[0]).publisher.id == key(2));
    CHECK(events.pass(replica::SessionClosed{key(2)}));
}

TEST_CASE("no more than a bounded number of events waits") {
    HeldEvents events{[] { return true; }};
    for (std::size_t i = 0; i < HeldEvents::held_max; ++i) REQUIRE_FALSE(events.pass(session(1)));
    auto const passed = events.pass(session(2));
    REQUIRE(passed);
    CHECK(std::get<replica::SessionOpened>(*passed).publisher.id == key(2));
}

}  // namespace held_events_test
