#include "index/server/event_queue.hpp"

#include <catch2/catch.hpp>

#include "unit/index/server/fake_host.hpp"

namespace event_queue_test {
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
    EventQueue queue{[&] { return waits; }};
    queue.push(session(1));
    queue.push(replica::AskWanted{replica::Ticket{7}, {}});
    queue.push(replica::LoadIs{9});
    REQUIRE(std::holds_alternative<replica::LoadIs>(queue.pop().value()));
    REQUIRE_FALSE(queue.pop());
    waits = false;
    REQUIRE(std::holds_alternative<replica::SessionOpened>(queue.pop().value()));
    REQUIRE(std::holds_alternative<replica::AskWanted>(queue.pop().value()));
    REQUIRE_FALSE(queue.pop());
}

TEST_CASE("a session that ends while it waits is never heard of") {
    bool waits = true;
    EventQueue queue{[&] { return waits; }};
    queue.push(session(1));
    queue.push(session(2));
    queue.push(replica::SessionClosed{key(1)});
    REQUIRE_FALSE(queue.pop());
    waits = false;
    REQUIRE(std::get<replica::SessionOpened>(queue.pop().value()).publisher.id == key(2));
    REQUIRE_FALSE(queue.pop());
    queue.push(replica::SessionClosed{key(2)});
    REQUIRE(std::holds_alternative<replica::SessionClosed>(queue.pop().value()));
}

TEST_CASE("no more than a bounded number of events waits") {
    EventQueue queue{[] { return true; }};
    for (std::size_t i = 0; i < EventQueue::held_max; ++i) queue.push(session(1));
    REQUIRE_FALSE(queue.pop());
    queue.push(session(2));
    REQUIRE(std::get<replica::SessionOpened>(queue.pop().value()).publisher.id == key(2));
}

}  // namespace event_queue_test
