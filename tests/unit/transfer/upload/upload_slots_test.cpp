#include <catch2/catch.hpp>

#include "transfer/upload/upload_slots.hpp"

namespace praline::upload {

namespace {

using namespace std::chrono_literals;

Instant at(Duration since) { return Instant{since}; }
bool granted(SlotAnswer const& answer) { return std::holds_alternative<Granted>(answer); }
std::size_t position(SlotAnswer const& answer) { return std::get<Queued>(answer).position; }

Limits one_slot() {
    Limits limits;
    limits.slots = 1;
    limits.slots_per_ip = 2;
    return limits;
}

}  // namespace

TEST_CASE("a connection keeps its slot until it is released") {
    UploadSlots slots{one_slot()};
    CHECK(granted(slots.ask(1, 10, "a", at(0s))));
    CHECK(granted(slots.ask(1, 10, "a", at(1s))));
    CHECK(position(slots.ask(2, 20, "b", at(1s))) == 1);
    slots.release(1);
    CHECK(granted(slots.ask(2, 20, "b", at(2s))));
    CHECK(slots.waiting() == 0);
}

TEST_CASE("a free slot belongs to who waited longest") {
    UploadSlots slots{one_slot()};
    CHECK(granted(slots.ask(1, 10, "a", at(0s))));
    CHECK(position(slots.ask(2, 20, "b", at(0s))) == 1);
    CHECK(position(slots.ask(3, 30, "c", at(0s))) == 2);
    slots.release(1);
    CHECK(position(slots.ask(4, 30, "c", at(1s))) == 2);
    CHECK(position(slots.ask(5, 40, "d", at(1s))) == 3);
    CHECK(granted(slots.ask(6, 20, "b", at(1s))));
}

TEST_CASE("who does not come back in time loses the place") {
    UploadSlots slots{one_slot()};
    CHECK(granted(slots.ask(1, 10, "a", at(0s))));
    CHECK(position(slots.ask(2, 20, "b", at(0s))) == 1);
    slots.release(1);
    CHECK(position(slots.ask(3, 30, "c", at(1s))) == 2);
    CHECK(granted(slots.ask(3, 30, "c", at(80s))));
}

TEST_CASE("one address has only so many slots and places") {
    Limits limits = one_slot();
    limits.slots = 10;
    UploadSlots slots{limits};
    CHECK(granted(slots.ask(1, 10, "a", at(0s))));
    CHECK(granted(slots.ask(2, 10, "b", at(0s))));
    CHECK(position(slots.ask(3, 10, "c", at(0s))) == 0);
    CHECK(granted(slots.ask(4, 20, "d", at(0s))));
    slots.set_slots(0);
    CHECK(position(slots.ask(5, 30, "e", at(0s))) == 1);
    CHECK(position(slots.ask(6, 30, "f", at(0s))) == 2);
    CHECK(position(slots.ask(7, 30, "g", at(0s))) == 0);
}

TEST_CASE("the farther back, the later one is to ask again, up to a limit") {
    Limits limits = one_slot();
    limits.slots = 0;
    UploadSlots slots{limits};
    std::chrono::seconds last{0};
    for (std::uint32_t peer = 0; peer < 2 * queue_entries_max; ++peer) {
        auto const place = std::get<Queued>(slots.ask(peer, peer, "x", at(0s)));
        CHECK(place.retry_after >= last);
        CHECK(place.retry_after <= limits.retry_after_max);
        last = place.retry_after;
    }
    CHECK(slots.waiting() == queue_entries_max);
}

}  // namespace praline::upload
