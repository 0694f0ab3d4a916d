#include <catch2/catch.hpp>

#include "transfer/upload/upload_slots.hpp"

namespace praline::upload::upload_slots_test {

namespace {

using namespace std::chrono_literals;

Instant at(Duration since) { return Instant{since}; }
bool granted(SlotAnswer const& answer) { return std::holds_alternative<Granted>(answer); }
std::size_t position(SlotAnswer const& answer) { return std::get<Queued>(answer).position; }

Limits one_slot() {
    Limits limits;
    limits.slots = 1;
    limits.slot_grace = 2s;
    return limits;
}

}  // namespace

TEST_CASE("a connection keeps its slot until it is released") {
    UploadSlots slots{one_slot()};
    CHECK(granted(slots.ask(1, Address::v4(10), "a", at(0s))));
    CHECK(granted(slots.ask(1, Address::v4(10), "a", at(1s))));
    CHECK(position(slots.ask(2, Address::v4(20), "b", at(1s))) == 1);
    slots.release(1);
    CHECK(granted(slots.ask(2, Address::v4(20), "b", at(2s))));
    CHECK(slots.waiting() == 0);
}

TEST_CASE("a free slot belongs to who waited longest") {
    UploadSlots slots{one_slot()};
    CHECK(granted(slots.ask(1, Address::v4(10), "a", at(0s))));
    CHECK(position(slots.ask(2, Address::v4(20), "b", at(0s))) == 1);
    CHECK(position(slots.ask(3, Address::v4(30), "c", at(0s))) == 2);
    slots.release(1);
    CHECK(position(slots.ask(4, Address::v4(30), "c", at(1s))) == 2);
    CHECK(position(slots.ask(5, Address::v4(40), "d", at(1s))) == 3);
    CHECK(granted(slots.ask(6, Address::v4(20), "b", at(1s))));
}

TEST_CASE("who does not come back in time loses the place") {
    UploadSlots slots{one_slot()};
    CHECK(granted(slots.ask(1, Address::v4(10), "a", at(0s))));
    CHECK(position(slots.ask(2, Address::v4(20), "b", at(0s))) == 1);
    slots.release(1);
    CHECK(position(slots.ask(3, Address::v4(30), "c", at(1s))) == 2);
    CHECK(granted(slots.ask(3, Address::v4(30), "c", at(80s))));
}

TEST_CASE("a slot is free a moment after its body is sent") {
    UploadSlots slots{one_slot()};
    CHECK(granted(slots.ask(1, Address::v4(10), "a", at(0s))));
    CHECK(slots.holds(1, at(100s)));
    slots.sent(1, at(100s));
    CHECK(slots.holds(1, at(101s)));
    CHECK_FALSE(slots.has_free(at(101s)));
    CHECK_FALSE(slots.holds(1, at(102s)));
    CHECK(slots.has_free(at(102s)));
    CHECK(slots.in_use(at(102s)) == 0);
    CHECK(granted(slots.ask(2, Address::v4(20), "b", at(102s))));
    CHECK(position(slots.ask(1, Address::v4(10), "a", at(102s))) == 1);
}

TEST_CASE("a connection that asks for piece after piece keeps its slot") {
    UploadSlots slots{one_slot()};
    CHECK(granted(slots.ask(1, Address::v4(10), "a", at(0s))));
    for (int piece = 1; piece < 10; ++piece) {
        slots.sent(1, at(piece * 10s));
        CHECK(position(slots.ask(2, Address::v4(20), "b", at(piece * 10s + 1s))) == 1);
        CHECK(granted(slots.ask(1, Address::v4(10), "a", at(piece * 10s + 1s))));
    }
    CHECK(slots.holds(1, at(1000s)));
    // A request without a body, sent while the slot waits, does not keep it longer.
    slots.sent(3, at(1000s));
    CHECK_FALSE(slots.holds(3, at(1000s)));
}

TEST_CASE("one address has a quarter of the slots and of nobody else's turn") {
    Limits limits = one_slot();
    limits.slots = 8;
    UploadSlots slots{limits};
    CHECK(granted(slots.ask(1, Address::v4(10), "a", at(0s))));
    CHECK(granted(slots.ask(2, Address::v4(10), "b", at(0s))));
    CHECK(position(slots.ask(3, Address::v4(10), "c", at(0s))) == 0);
    CHECK(granted(slots.ask(4, Address::v4(20), "d", at(0s))));
    slots.set_slots(3);
    CHECK(position(slots.ask(5, Address::v4(30), "e", at(0s))) == 1);
    CHECK(position(slots.ask(6, Address::v4(30), "f", at(0s))) == 0);
    CHECK(position(slots.ask(7, Address::v4(40), "g", at(0s))) == 2);
}

TEST_CASE("with few slots an address still has one") {
    for (std::size_t count = 1; count < 8; ++count) {
        Limits limits = one_slot();
        limits.slots = count;
        UploadSlots slots{limits};
        CHECK(granted(slots.ask(1, Address::v4(10), "a", at(0s))));
        CHECK(position(slots.ask(2, Address::v4(10), "b", at(0s))) == 0);
    }
}

TEST_CASE("a slot is wanted when a peer waits for one, or was refused for its address's share") {
    UploadSlots slots{one_slot()};
    CHECK(granted(slots.ask(1, Address::v4(10), "a", at(0s))));
    CHECK_FALSE(slots.is_wanted(1, at(0s)));
    SECTION("a peer waits, until it has lost its place") {
        CHECK(position(slots.ask(2, Address::v4(20), "b", at(1s))) == 1);
        CHECK(slots.is_wanted(1, at(60s)));
        CHECK_FALSE(slots.is_wanted(1, at(72s)));
    }
    SECTION("the address asks by another connection") {
        CHECK(position(slots.ask(2, Address::v4(10), "b", at(1s))) == 0);
        CHECK(slots.is_wanted(1, at(60s)));
        CHECK_FALSE(slots.is_wanted(1, at(62s)));
    }
    CHECK_FALSE(slots.is_wanted(2, at(1s)));
}

TEST_CASE("the farther back, the later one is to ask again, up to a limit") {
    Limits limits = one_slot();
    limits.slots = 0;
    UploadSlots slots{limits};
    std::chrono::seconds last{0};
    for (std::uint32_t peer = 0; peer < 2 * queue_entries_max; ++peer) {
        auto const place = std::get<Queued>(slots.ask(peer, Address::v4(peer), "x", at(0s)));
        CHECK(place.retry_after >= last);
        CHECK(place.retry_after <= limits.retry_after_max);
        last = place.retry_after;
    }
    CHECK(slots.waiting() == queue_entries_max);
}

TEST_CASE("all addresses of one /64 share the slots of one host") {
    Limits limits;
    limits.slots = 8;
    auto const fill = [&](auto address_of) {
        UploadSlots slots{limits};
        std::size_t held = 0;
        for (std::uint64_t i = 1; i <= 8; ++i)
            held += granted(slots.ask(i, address_of(i), std::to_string(i), at(0s))) ? 1 : 0;
        return held;
    };
    auto const v6 = [](std::uint64_t network, std::uint64_t host) {
        return *Address::parse("2a00:1:2:" + std::to_string(network) + "::" + std::to_string(host));
    };
    auto const of_one_address = fill([](std::uint64_t) { return Address::v4(10); });
    CHECK(of_one_address < 8);
    CHECK(fill([&](std::uint64_t i) { return v6(1, i); }) == of_one_address);
    CHECK(fill([&](std::uint64_t i) { return v6(i, 1); }) == 8);
}

}  // namespace praline::upload::upload_slots_test
